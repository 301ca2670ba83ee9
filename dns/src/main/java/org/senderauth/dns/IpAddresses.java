package org.senderauth.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.Address;

/** Parses IP addresses without any DNS lookup of a host name. Thread-safe. */
public final class IpAddresses {

    // The parser of dnsjava also accepts a sign and more than four digits in a group.
    private static final Pattern IPV6 = Pattern.compile("(?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{0,4}|[0-9.]{7,15})");

    private IpAddresses() {}

    /**
     * Parses an address: dotted decimal without leading zeros, or IPv6 (RFC 4291 section 2.2) without a zone. An IPv4-mapped
     * IPv6 address becomes the IPv4 address.
     *
     * @param text the text
     * @return the address; empty if the text is not one
     */
    public static Optional<InetAddress> parse(String text) {
        byte[] octets = Address.toByteArray(text, Address.IPv4);
        if (octets == null && IPV6.matcher(text).matches()) {
            octets = Address.toByteArray(text, Address.IPv6);
        }
        return octets == null ? Optional.empty() : Optional.of(address(octets));
    }

    /**
     * Returns the IPv4 address of an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2). The JDK converts those without a
     * scope itself.
     *
     * @param address an address
     * @return the IPv4 address, or the same address without its scope and host name
     */
    public static InetAddress unmapped(InetAddress address) {
        return address(address.getAddress());
    }

    // The JDK returns an Inet4Address for the 16 bytes of a mapped address.
    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen octets", e);
        }
    }
}
