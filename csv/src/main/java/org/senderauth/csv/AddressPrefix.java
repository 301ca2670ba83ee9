package org.senderauth.csv;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.APLRecord;
import org.xbill.DNS.Address;

/**
 * One item of an APL record (RFC 3123 section 4): {@code ["!"] afi ":" address "/" prefix}.
 *
 * @param negated whether the prefix is an exception
 * @param address the network's address
 * @param length how many leading bits count: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record AddressPrefix(boolean negated, InetAddress address, int length) {

    /**
     * Creates an item.
     *
     * @param negated whether the prefix is an exception
     * @param address the network's address
     * @param length how many leading bits count
     * @throws IllegalArgumentException if the length does not fit the address
     */
    public AddressPrefix {
        if (length < 0 || length > bits(address)) {
            throw new IllegalArgumentException(
                    "a prefix of " + address.getHostAddress() + " has 0 to " + bits(address) + " bits, not " + length);
        }
    }

    /**
     * Reads {@code ["!"] address ["/" length]}; without a length all bits count.
     *
     * @param text the text
     * @return the item, or nothing if the text is none
     */
    public static Optional<AddressPrefix> parse(String text) {
        boolean negated = text.startsWith("!");
        String prefix = negated ? text.substring(1) : text;
        int slash = prefix.indexOf('/');
        Optional<InetAddress> address = IpAddresses.parse(slash < 0 ? prefix : prefix.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (slash < 0) {
            return Optional.of(new AddressPrefix(negated, address.get(), bits(address.get())));
        }
        String length = prefix.substring(slash + 1);
        return length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits(address.get())
                ? Optional.of(new AddressPrefix(negated, address.get(), Integer.parseInt(length)))
                : Optional.empty();
    }

    /** The items of an APL record; families other than IPv4 and IPv6 are passed over. */
    static List<AddressPrefix> in(APLRecord record) {
        return record.getElements().stream()
                .filter(item -> item.address instanceof InetAddress
                        && (item.family == Address.IPv4 || item.family == Address.IPv6))
                .map(item -> new AddressPrefix(item.negative, (InetAddress) item.address, item.prefixLength))
                .toList();
    }

    /**
     * Tests whether a list has an address: in a prefix, and in no negated one, in any order.
     *
     * @param list the items
     * @param address the address
     * @return true if the address is in the list
     */
    public static boolean listed(Collection<AddressPrefix> list, InetAddress address) {
        return list.stream().anyMatch(item -> !item.negated && item.contains(address))
                && list.stream().noneMatch(item -> item.negated && item.contains(address));
    }

    /**
     * Tests whether an address has the same leading bits, regardless of negation.
     *
     * @param other the address
     * @return true if it is of the same family and in the prefix
     */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >>> (bit % 8);
            if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The item as in a zone file, such as {@code !1:192.0.2.0/28}. */
    @Override
    public String toString() {
        int family = address instanceof Inet4Address ? Address.IPv4 : Address.IPv6;
        return (negated ? "!" : "") + family + ":" + address.getHostAddress() + "/" + length;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * 8;
    }
}
