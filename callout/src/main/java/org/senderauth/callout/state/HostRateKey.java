package org.senderauth.callout.state;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** The keys for the limits of network addresses. An IPv6 host usually has a whole /64, so that is one key. */
public final class HostRateKey {

    private static final int IPV6_NETWORK_OCTETS = 8;

    private HostRateKey() {}

    /**
     * Returns the key for the limits of an MX registrable domain.
     *
     * @param mxDomain the registrable domain
     * @return a key that no address has
     */
    public static String mxDomain(String mxDomain) {
        return "mx:" + mxDomain;
    }

    /**
     * Returns the key for the limits of an address.
     *
     * @param address the network address of a client or a mail server
     * @return the IPv4 address, or the first 64 bits of the IPv6 address
     */
    public static String budget(InetAddress address) {
        if (address instanceof Inet6Address) {
            return HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_OCTETS) + "/64";
        }
        return address.getHostAddress();
    }
}
