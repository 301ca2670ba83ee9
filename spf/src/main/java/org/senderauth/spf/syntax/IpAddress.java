package org.senderauth.spf.syntax;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as bits. An IPv4-mapped IPv6 address is an IPv4 address (RFC 7208 section 5). Immutable.
 *
 * @param isIp4 whether this is an IPv4 address
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(boolean isIp4, long high, long low) {

    private static final long MAPPED_PREFIX = 0xffff_0000_0000L;

    /**
     * The address of a socket.
     *
     * @param address any address; a scope is dropped
     * @return the same bits, IPv4-mapped ones as IPv4
     */
    public static IpAddress of(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? new IpAddress(true, 0, bits(octets, 0, 4))
                : ofIp6(bits(octets, 0, 8), bits(octets, 8, 8));
    }

    /**
     * Reads an address; no name is ever looked up.
     *
     * @param text a dotted quad without leading zeros, or an IPv6 address as in RFC 4291 section 2.2 without a scope
     * @return the address, IPv4-mapped ones as IPv4; nothing if the text is not an address
     */
    public static Optional<IpAddress> parse(String text) {
        IpAddress address = text.indexOf(':') < 0 ? parseIp4(text) : parseIp6(text);
        return Optional.ofNullable(address == null || address.isIp4() ? address : ofIp6(address.high(), address.low()));
    }

    private static IpAddress ofIp6(long high, long low) {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED_PREFIX
                ? new IpAddress(true, 0, low & 0xffff_ffffL)
                : new IpAddress(false, high, low);
    }

    private static long bits(byte[] octets, int from, int count) {
        long bits = 0;
        for (int i = from; i < from + count; i++) {
            bits = bits << 8 | octets[i] & 0xff;
        }
        return bits;
    }

    // ip4-network = qnum "." qnum "." qnum "." qnum ; qnum has no leading zeros
    static @Nullable IpAddress parseIp4(String text) {
        long bits = ip4Bits(text, 0);
        return bits < 0 ? null : new IpAddress(true, 0, bits);
    }

    private static long ip4Bits(String text, int from) {
        long bits = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || leadingZero || value > 255) {
                return -1;
            }
            bits = bits << 8 | value;
            if (part < 3 && (at == text.length() || text.charAt(at++) != '.')) {
                return -1;
            }
        }
        return at == text.length() ? bits : -1;
    }

    /** An IPv6 address by RFC 4291 section 2.2, IPv4-mapped ones unchanged; null if the text is not an address. */
    static @Nullable IpAddress parseIp6(String text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 4 && hexDigit(text.charAt(at)) >= 0) {
                value = value << 4 | hexDigit(text.charAt(at++));
            }
            if (at < text.length() && text.charAt(at) == '.') {
                long ip4 = count <= 6 ? ip4Bits(text, start) : -1;
                if (ip4 < 0) {
                    return null;
                }
                groups[count++] = (int) (ip4 >>> 16);
                groups[count++] = (int) (ip4 & 0xffff);
                break;
            }
            if (at == start || count == 8) {
                return null;
            }
            groups[count++] = value;
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at++) != ':' || at == text.length()) {
                return null;
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
            }
        }
        // "::" is at least one group of zeros.
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        if (gap >= 0) {
            int afterGap = count - gap;
            System.arraycopy(groups, gap, groups, 8 - afterGap, afterGap);
            Arrays.fill(groups, gap, 8 - afterGap, 0);
        }
        return new IpAddress(false, bits(groups, 0), bits(groups, 4));
    }

    private static long bits(int[] groups, int from) {
        return (long) groups[from] << 48
                | (long) groups[from + 1] << 32
                | (long) groups[from + 2] << 16
                | groups[from + 3];
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    // ASCII only, unlike Character.digit.
    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /**
     * The length of an address of this family.
     *
     * @return 32 or 128 bits
     */
    public int bitLength() {
        return isIp4 ? 32 : 128;
    }

    /**
     * The address as text: a dotted quad, or RFC 5952 for IPv6.
     *
     * @return the text in lower case
     */
    @Override
    public String toString() {
        if (isIp4) {
            return (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (48 - 16 * (i & 3))) & 0xffff;
        }
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                text.append(i == 0 ? "::" : ":");
                i += gapLength - 1;
            } else {
                text.append(Integer.toHexString(groups[i])).append(i < 7 ? ":" : "");
            }
        }
        return text.toString();
    }
}
