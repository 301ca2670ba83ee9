package org.senderauth.callout.probe;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** The globally reachable addresses, by the IANA special-purpose registries (RFC 6890). */
final class PublicAddresses {

    /** A range of addresses: the first {@code bits} bits of {@code start}. */
    private record Range(byte[] start, int bits) {

        static Range of(int bits, int... start) {
            byte[] octets = new byte[start.length];
            for (int i = 0; i < start.length; i++) {
                octets[i] = (byte) start[i];
            }
            return new Range(octets, bits);
        }

        boolean holds(byte[] address) {
            int whole = bits / 8;
            if (!Arrays.equals(address, 0, whole, start, 0, whole)) {
                return false;
            }
            int rest = bits % 8;
            return rest == 0 || ((address[whole] ^ start[whole]) & 0xff) >> (8 - rest) == 0;
        }
    }

    private static final List<Range> RESERVED_IPV4 = List.of(
            Range.of(8, 0), // this network
            Range.of(8, 10), // private use
            Range.of(10, 100, 64), // shared by carriers' customers
            Range.of(8, 127), // loopback
            Range.of(16, 169, 254), // link-local
            Range.of(12, 172, 16), // private use
            Range.of(24, 192, 0, 0), // protocol assignments
            Range.of(24, 192, 0, 2), // documentation
            Range.of(24, 192, 88, 99), // 6to4 relays, no longer in use
            Range.of(16, 192, 168), // private use
            Range.of(15, 198, 18), // benchmarking
            Range.of(24, 198, 51, 100), // documentation
            Range.of(24, 203, 0, 113), // documentation
            Range.of(4, 224), // multicast
            Range.of(4, 240)); // reserved, and broadcast

    private static final Range NAT64 = Range.of(96, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final Range SIX_TO_FOUR = Range.of(16, 0x20, 0x02);
    private static final Range IPV4_MAPPED = Range.of(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

    // All that is routed as unicast today; everything outside is rejected without a list.
    private static final Range GLOBAL_UNICAST = Range.of(3, 0x20);
    private static final List<Range> RESERVED_IN_GLOBAL_UNICAST = List.of(
            Range.of(23, 0x20, 0x01, 0x00), // protocol assignments, Teredo among them
            Range.of(32, 0x20, 0x01, 0x0d, 0xb8), // documentation
            Range.of(20, 0x3f, 0xff, 0x00)); // documentation

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4 ? isPublicIpv4(octets) : isPublicIpv6(octets);
    }

    private static boolean isPublicIpv4(byte[] octets) {
        return RESERVED_IPV4.stream().noneMatch(range -> range.holds(octets));
    }

    private static boolean isPublicIpv6(byte[] octets) {
        if (IPV4_MAPPED.holds(octets) || NAT64.holds(octets)) {
            return isPublicIpv4(Arrays.copyOfRange(octets, 12, 16));
        }
        if (SIX_TO_FOUR.holds(octets)) {
            return isPublicIpv4(Arrays.copyOfRange(octets, 2, 6));
        }
        return GLOBAL_UNICAST.holds(octets)
                && RESERVED_IN_GLOBAL_UNICAST.stream().noneMatch(range -> range.holds(octets));
    }
}
