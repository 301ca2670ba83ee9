package org.senderauth.spf.syntax;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A set of IPv4 and IPv6 addresses, as the fewest networks that contain exactly these addresses. IPv4-mapped IPv6
 * addresses have no special meaning here. Immutable.
 */
public final class NetworkSet {

    /** The set without addresses. */
    public static final NetworkSet EMPTY = new NetworkSet(List.of(), List.of());

    /** All IPv4 and IPv6 addresses. */
    public static final NetworkSet ALL = new NetworkSet(
            List.of(new Range(BigInteger.ZERO, last(true))), List.of(new Range(BigInteger.ZERO, last(false))));

    private static final BigInteger LOW_BITS = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /** Addresses of one family, the first and the last included. */
    private record Range(BigInteger first, BigInteger last) {}

    // Sorted, with a gap between each two.
    private final List<Range> ip4;
    private final List<Range> ip6;

    private NetworkSet(List<Range> ip4, List<Range> ip6) {
        this.ip4 = List.copyOf(ip4);
        this.ip6 = List.copyOf(ip6);
    }

    /**
     * Returns the addresses of some networks.
     *
     * @param networks networks in any order, which may overlap
     * @return the set
     */
    public static NetworkSet of(Collection<IpNetwork> networks) {
        List<Range> ip4 = new ArrayList<>();
        List<Range> ip6 = new ArrayList<>();
        for (IpNetwork network : networks) {
            IpAddress address = network.address();
            BigInteger mask = BigInteger.ONE
                    .shiftLeft(address.bitLength() - network.prefix())
                    .subtract(BigInteger.ONE);
            BigInteger first = number(address).andNot(mask);
            (address.isIp4() ? ip4 : ip6).add(new Range(first, first.or(mask)));
        }
        return new NetworkSet(merged(ip4), merged(ip6));
    }

    /**
     * Returns the addresses from one to another.
     *
     * @param first the first address
     * @param last the last address, included
     * @return the set; empty if the addresses are of two families or in the wrong order
     */
    public static NetworkSet range(IpAddress first, IpAddress last) {
        if (first.isIp4() != last.isIp4() || number(first).compareTo(number(last)) > 0) {
            return EMPTY;
        }
        List<Range> range = List.of(new Range(number(first), number(last)));
        return first.isIp4() ? new NetworkSet(range, List.of()) : new NetworkSet(List.of(), range);
    }

    /** {@return the fewest networks that contain exactly these addresses, IPv4 first, in ascending order} */
    public List<IpNetwork> networks() {
        List<IpNetwork> networks = new ArrayList<>();
        ip4.forEach(range -> split(range, true, networks));
        ip6.forEach(range -> split(range, false, networks));
        return networks;
    }

    /** {@return whether the set has no addresses} */
    public boolean isEmpty() {
        return ip4.isEmpty() && ip6.isEmpty();
    }

    /**
     * Returns whether the set has every address of a family.
     *
     * @param ofIp4 true for IPv4, false for IPv6
     */
    public boolean isEverything(boolean ofIp4) {
        return (ofIp4 ? ip4 : ip6).equals(ofIp4 ? ALL.ip4 : ALL.ip6);
    }

    /**
     * Returns the number of addresses of a family.
     *
     * @param ofIp4 true for IPv4, false for IPv6
     */
    public BigInteger size(boolean ofIp4) {
        return (ofIp4 ? ip4 : ip6)
                .stream()
                        .map(range -> range.last().subtract(range.first()).add(BigInteger.ONE))
                        .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /**
     * Returns whether the set has an address.
     *
     * @param address an address
     */
    public boolean contains(IpAddress address) {
        BigInteger number = number(address);
        List<Range> ranges = address.isIp4() ? ip4 : ip6;
        int from = 0;
        int to = ranges.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ranges.get(middle).last().compareTo(number) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from < ranges.size() && ranges.get(from).first().compareTo(number) <= 0;
    }

    /**
     * Returns the addresses that are in this set, in the other, or in both.
     *
     * @param other a set
     */
    public NetworkSet plus(NetworkSet other) {
        List<Range> four = new ArrayList<>(ip4);
        four.addAll(other.ip4);
        List<Range> six = new ArrayList<>(ip6);
        six.addAll(other.ip6);
        return new NetworkSet(merged(four), merged(six));
    }

    /**
     * Returns the addresses of this set that are not in the other.
     *
     * @param other a set
     */
    public NetworkSet minus(NetworkSet other) {
        return new NetworkSet(minus(ip4, other.ip4), minus(ip6, other.ip6));
    }

    /**
     * Returns the addresses at the edges of the set: the first and the last of each run of addresses, and the addresses
     * before and after it.
     */
    public List<IpAddress> boundaries() {
        List<IpAddress> found = new ArrayList<>();
        for (boolean family : new boolean[] {true, false}) {
            for (Range range : family ? ip4 : ip6) {
                for (BigInteger number : List.of(
                        range.first().subtract(BigInteger.ONE),
                        range.first(),
                        range.last(),
                        range.last().add(BigInteger.ONE))) {
                    if (number.signum() >= 0 && number.compareTo(last(family)) <= 0) {
                        found.add(address(number, family));
                    }
                }
            }
        }
        return found;
    }

    private static List<Range> minus(List<Range> ranges, List<Range> removed) {
        List<Range> left = new ArrayList<>();
        for (Range range : ranges) {
            BigInteger from = range.first();
            for (Range hole : removed) {
                if (hole.last().compareTo(from) < 0 || hole.first().compareTo(range.last()) > 0) {
                    continue;
                }
                if (hole.first().compareTo(from) > 0) {
                    left.add(new Range(from, hole.first().subtract(BigInteger.ONE)));
                }
                from = hole.last().add(BigInteger.ONE);
            }
            if (from.compareTo(range.last()) <= 0) {
                left.add(new Range(from, range.last()));
            }
        }
        return left;
    }

    private static List<Range> merged(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparing(Range::first));
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            Range before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && range.first().compareTo(before.last().add(BigInteger.ONE)) <= 0) {
                merged.set(
                        merged.size() - 1,
                        new Range(before.first(), before.last().max(range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    // The largest aligned network that starts at the first address and fits, again and again.
    private static void split(Range range, boolean ofIp4, List<IpNetwork> networks) {
        int bits = ofIp4 ? 32 : 128;
        BigInteger from = range.first();
        while (from.compareTo(range.last()) <= 0) {
            int free = from.signum() == 0 ? bits : from.getLowestSetBit();
            BigInteger left = range.last().subtract(from).add(BigInteger.ONE);
            int hostBits = Math.min(free, left.bitLength() - 1);
            networks.add(new IpNetwork(address(from, ofIp4), bits - hostBits));
            from = from.add(BigInteger.ONE.shiftLeft(hostBits));
        }
    }

    private static BigInteger last(boolean ofIp4) {
        return BigInteger.ONE.shiftLeft(ofIp4 ? 32 : 128).subtract(BigInteger.ONE);
    }

    private static BigInteger number(IpAddress address) {
        BigInteger low = BigInteger.valueOf(address.low()).and(LOW_BITS);
        return BigInteger.valueOf(address.high()).and(LOW_BITS).shiftLeft(64).or(low);
    }

    private static IpAddress address(BigInteger number, boolean ofIp4) {
        return new IpAddress(ofIp4, number.shiftRight(64).longValue(), number.longValue());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkSet that && ip4.equals(that.ip4) && ip6.equals(that.ip6);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ip4, ip6);
    }

    @Override
    public String toString() {
        return networks().toString();
    }
}
