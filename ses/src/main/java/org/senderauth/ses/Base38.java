package org.senderauth.ses;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Unsigned numbers as base 38 digits, most significant first. Single case by design, so that a signature survives the
 * folding of case. A number is an array of words, the least significant first.
 *
 * <p>Digits are handled in groups, as many as a positive {@code long} holds: a group costs one pass over the words.
 */
final class Base38 {

    static final String TAG = "SES=";

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    private static final int BASE = 38;

    /** The bits of a digit. */
    static final double BITS_PER_DIGIT = Math.log(BASE) / Math.log(2);

    private static final int PAIR = BASE * BASE;
    private static final int QUAD = PAIR * PAIR;
    private static final int GROUP_DIGITS = 12;
    private static final int GROUP_BITS = 62; // and a little more
    private static final long[] POWERS = new long[GROUP_DIGITS + 1];
    private static final byte[] VALUES = new byte[128];

    /** Two digits as the bytes of a short, by their value. */
    private static final short[] PAIRS = new short[PAIR];

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < BASE; i++) {
            char digit = DIGITS.charAt(i);
            VALUES[digit] = (byte) i;
            VALUES[Character.toLowerCase(digit)] = (byte) i;
        }
        for (int i = 0; i < PAIR; i++) {
            PAIRS[i] = (short) (DIGITS.charAt(i / BASE) << Byte.SIZE | DIGITS.charAt(i % BASE));
        }
        POWERS[0] = 1;
        for (int i = 1; i <= GROUP_DIGITS; i++) {
            POWERS[i] = POWERS[i - 1] * BASE;
        }
    }

    private static final long GROUP = POWERS[GROUP_DIGITS];
    private static final long DIVISOR = GROUP << 1;
    private static final long RECIPROCAL = BigInteger.ONE
            .shiftLeft(2 * Long.SIZE)
            .subtract(BigInteger.ONE)
            .divide(BigInteger.valueOf(GROUP).shiftLeft(1))
            .longValue();

    private Base38() {}

    /** The value of a digit in either case, or -1. */
    static int value(char digit) {
        return digit < VALUES.length ? VALUES[digit] : -1;
    }

    /** Decodes digits into words that are zero and wide enough. */
    static void decode(String digits, long[] words) {
        int used = 0;
        for (int i = 0; i < digits.length(); i += GROUP_DIGITS) {
            int end = Math.min(i + GROUP_DIGITS, digits.length());
            long carry = 0;
            for (int j = i; j < end; j++) {
                carry = carry * BASE + VALUES[digits.charAt(j)];
            }
            long factor = POWERS[end - i];
            for (int at = 0; at < used; at++) {
                long product = words[at] * factor;
                long high = multiplyHigh(words[at], factor);
                words[at] = product + carry;
                carry = Long.compareUnsigned(words[at], product) < 0 ? high + 1 : high;
            }
            if (carry != 0) {
                words[used++] = carry;
            }
        }
    }

    /** The maximum number of bytes that {@link #encode} writes for a number of some words. */
    static int maxDigits(int words) {
        return (words * Long.SIZE / GROUP_BITS + 1) * GROUP_DIGITS;
    }

    /**
     * Writes the digits of a number without leading zeros; the words are used up.
     *
     * @param end where the digits end in the target
     * @return where they begin
     */
    static int encode(long[] words, byte[] target, int end) {
        int used = words.length;
        while (used > 0 && words[used - 1] == 0) {
            used--;
        }
        int start = end;
        // A word below the divisor is the first rest, so the highest word of each quotient is not zero.
        while (used > 1 || used == 1 && !isBelowGroup(words[0])) {
            long rest = isBelowGroup(words[used - 1]) ? words[--used] : 0;
            for (int at = used - 1; at >= 0; at--) {
                rest = divide(rest, words, at);
            }
            start -= GROUP_DIGITS;
            putGroup(rest, target, start);
        }
        for (long rest = used == 0 ? 0 : words[0]; rest != 0; rest /= BASE) {
            target[--start] = (byte) DIGITS.charAt((int) (rest % BASE));
        }
        return start;
    }

    private static boolean isBelowGroup(long word) {
        return word >= 0 && word < GROUP;
    }

    private static void putGroup(long group, byte[] target, int at) {
        long upper = group / QUAD;
        int first = (int) (upper / QUAD);
        putQuad(first, target, at);
        putQuad((int) (upper - (long) first * QUAD), target, at + 4);
        putQuad((int) (group - upper * QUAD), target, at + 8);
    }

    private static void putQuad(int quad, byte[] target, int at) {
        int high = quad / PAIR;
        SHORTS.set(target, at, PAIRS[high]);
        SHORTS.set(target, at + 2, PAIRS[quad - high * PAIR]);
    }

    /**
     * Divides a rest and the word below it by {@link #GROUP}: the quotient replaces the word. The JVM has no division of
     * two words by one, so this is Moeller and Granlund's with a reciprocal ("Improved division by invariant integers",
     * 2011, algorithm 4); it requires a divisor whose highest bit is set, hence the shifts by one. The first correction
     * of the quotient is often made and often not, so without a branch; the second is hardly ever made.
     *
     * @return the rest
     */
    private static long divide(long rest, long[] words, int at) {
        long word = words[at];
        long high = rest << 1 | word >>> Long.SIZE - 1;
        long low = word << 1;
        long fraction = RECIPROCAL * high + low;
        long quotient = multiplyHigh(RECIPROCAL, high) + high + 1 + isAbove(low, fraction);
        long left = low - quotient * DIVISOR;
        long tooMuch = isAbove(left, fraction);
        quotient -= tooMuch;
        left += -tooMuch & DIVISOR;
        if (Long.compareUnsigned(left, DIVISOR) >= 0) {
            quotient++;
            left -= DIVISOR;
        }
        words[at] = quotient;
        return left >>> 1;
    }

    /** 1 if x is above y, both unsigned, else 0: the borrow of {@code y - x}. */
    private static long isAbove(long x, long y) {
        return (~y & x | ~(x ^ y) & y - x) >>> Long.SIZE - 1;
    }

    /** The upper half of an unsigned product; {@link Math#multiplyHigh} takes the highest bits for signs. */
    private static long multiplyHigh(long x, long y) {
        return Math.multiplyHigh(x, y) + (x >> Long.SIZE - 1 & y) + (y >> Long.SIZE - 1 & x);
    }
}
