package org.senderauth.callout.state;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** The keys under which network addresses are accounted: an IPv6 host has a whole /64 to itself, so that is one. */
public final class HostRateKey {

    private static final int IPV6_NETWORK_OCTETS = 8;

    private HostRateKey() {}

    /**
     * The key of an MX registrable domain's budget.
     *
     * @param mxDomain the registrable domain
     * @return a key that is no address's
     */
    public static String mxDomain(String mxDomain) {
        return "mx:" + mxDomain;
    }

    /**
     * The key of an address's budget.
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
