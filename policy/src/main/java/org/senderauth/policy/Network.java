package org.senderauth.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import org.senderauth.dns.IpAddresses;

/**
 * A network, such as {@code 192.0.2.0/24}. Immutable.
 *
 * @param address its first address
 * @param prefix the prefix length: the number of leading bits that its addresses share
 */
public record Network(InetAddress address, int prefix) {

    /**
     * Creates a network.
     *
     * @throws IllegalArgumentException if the prefix is longer than the address, or a bit after the prefix is set
     */
    public Network {
        byte[] bytes = Objects.requireNonNull(address, "address").getAddress();
        if (prefix < 0 || prefix > 8 * bytes.length) {
            throw new IllegalArgumentException("prefix must be between 0 and " + 8 * bytes.length + ", was " + prefix);
        }
        for (int bit = prefix; bit < 8 * bytes.length; bit++) {
            if (bit(bytes, bit) != 0) {
                throw new IllegalArgumentException("host bits set: " + address.getHostAddress() + "/" + prefix);
            }
        }
    }

    /**
     * Parses a network or a single address.
     *
     * @param text such as {@code 192.0.2.0/24}, {@code 2001:db8::/32} or {@code 192.0.2.1}
     * @return the network, or empty if the text is not valid
     */
    public static Optional<Network> parse(String text) {
        int slash = Objects.requireNonNull(text, "text").indexOf('/');
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
     * Returns the network of an address: the bits after the prefix are cleared.
     *
     * @param client an address in the network
     * @param prefix the prefix length
     * @return the network
     * @throws IllegalArgumentException if the prefix is longer than the address
     */
    public static Network of(InetAddress client, int prefix) {
        byte[] bytes = client.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, prefix - i * Byte.SIZE));
            bytes[i] &= (byte) (0xff << Byte.SIZE - kept);
        }
        try {
            return new Network(InetAddress.getByAddress(bytes), prefix);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address always has a valid length", e);
        }
    }

    /**
     * Tests whether an address is in this network. An IPv4 address is never in an IPv6 network, nor vice versa.
     *
     * @param other the address
     * @return true if it is in this network
     */
    public boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] bytes = other.getAddress();
        if (own.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bit(own, bit) != bit(bytes, bit)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int bit) {
        return bytes[bit / 8] >> 7 - bit % 8 & 1;
    }

    /** The network as {@link #parse} reads it. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
