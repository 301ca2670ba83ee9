package org.senderauth.callout.state;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One network address of a mail server, and the domain that operates it. Immutable.
 *
 * @param address the network address
 * @param mxDomain the registrable domain of the MX host name under which the address was found, in lower case; null
 *     where no DNS name led to it (address literal, configured host)
 */
public record MailServer(InetAddress address, @Nullable String mxDomain) {

    private static final int IPV6_NETWORK_OCTETS = 8;

    /**
     * Returns the key for the limits of an address. An IPv6 host usually has a whole /64, so that is one key.
     *
     * @param address the network address of a client or a mail server
     * @return the IPv4 address, or the first 64 bits of the IPv6 address
     */
    public static String addressKey(InetAddress address) {
        if (address instanceof Inet6Address) {
            return HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_OCTETS) + "/64";
        }
        return address.getHostAddress();
    }

    /**
     * Returns the key for the limits of an MX registrable domain.
     *
     * @param mxDomain the registrable domain
     * @return a key that no address has
     */
    public static String mxDomainKey(String mxDomain) {
        return "mx:" + mxDomain;
    }
}
