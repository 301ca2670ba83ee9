package org.senderauth.policy;

import java.net.InetAddress;
import java.util.Optional;
import org.senderauth.dns.IpAddresses;

/**
 * A network, such as {@code 192.0.2.0/24}. Immutable.
 *
 * @param address its first address
 * @param prefix how many leading bits its addresses have in common
 */
public record Network(InetAddress address, int prefix) {

    /**
     * Makes a network.
     *
     * @param address its first address
     * @param prefix the common bits
     * @throws IllegalArgumentException if the prefix is longer than the address, or the address has bits behind it
     */
    public Network {
        byte[] octets = address.getAddress();
        if (prefix < 0 || prefix > 8 * octets.length) {
            throw new IllegalArgumentException("a prefix has 0 to " + 8 * octets.length + " bits");
        }
        for (int bit = prefix; bit < 8 * octets.length; bit++) {
            if (bit(octets, bit) != 0) {
                throw new IllegalArgumentException(
                        address.getHostAddress() + " has bits behind its prefix of " + prefix);
            }
        }
    }

    /**
     * Reads a network or a single address.
     *
     * @param text such as {@code 192.0.2.0/24}, {@code 2001:db8::/32} or {@code 192.0.2.1}
     * @return the network, or nothing if the text is none
     */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = 8 * address.get().getAddress().length;
        String prefix = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        try {
            return prefix.matches("[0-9]{1,3}")
                    ? Optional.of(new Network(address.get(), Integer.parseInt(prefix)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether an address is in this network.
     *
     * @param other the address
     * @return true if it is; an IPv4 address is never in an IPv6 network, nor the other way round
     */
    public boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] octets = other.getAddress();
        if (own.length != octets.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bit(own, bit) != bit(octets, bit)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] octets, int bit) {
        return octets[bit / 8] >> 7 - bit % 8 & 1;
    }

    /** The network as {@link #parse} reads it. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
