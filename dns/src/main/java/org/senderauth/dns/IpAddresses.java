package org.senderauth.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.Address;

/** Reads IP addresses as text, without ever asking the DNS for a host's name. Thread-safe. */
public final class IpAddresses {

    // What the parser below is given: it would take a sign or more than four digits in a group.
    private static final Pattern IPV6 = Pattern.compile("(?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{0,4}|[0-9.]{7,15})");

    private IpAddresses() {}

    /**
     * The address that a text is: dotted decimal without leading zeros, or IPv6 as RFC 4291 section 2.2 writes it,
     * without a zone. An IPv4-mapped IPv6 address is given as the IPv4 address.
     *
     * @param text the text
     * @return the address, or nothing if the text is none
     */
    public static Optional<InetAddress> parse(String text) {
        byte[] octets = Address.toByteArray(text, Address.IPv4);
        if (octets == null && IPV6.matcher(text).matches()) {
            octets = Address.toByteArray(text, Address.IPv6);
        }
        return octets == null ? Optional.empty() : Optional.of(address(octets));
    }

    /**
     * The IPv4 address behind an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2): the JDK maps them itself, but not
     * those with a scope.
     *
     * @param address an address
     * @return the IPv4 address, or the same address without its scope and host name
     */
    public static InetAddress unmapped(InetAddress address) {
        return address(address.getAddress());
    }

    // The JDK gives an Inet4Address for sixteen octets that map one.
    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen octets", e);
        }
    }
}
