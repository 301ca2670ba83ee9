package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Unsigned numbers as base 38 digits, most significant first. Single case by design, so that a signature survives the
 * folding of case. A number is an array of words, the least significant first.
 *
 * <p>Digits are handled in groups whose values fit an {@code int}: a group costs one pass over the words.
 */
final class Base38 {

    static final String TAG = "SES=";

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    private static final int BASE = 38;

    /** The bits of a digit. */
    static final double BITS_PER_DIGIT = Math.log(BASE) / Math.log(2);

    private static final int PAIR = BASE * BASE;
    private static final int GROUP_DIGITS = 5;
    private static final int GROUP = PAIR * PAIR * BASE;
    private static final int GROUP_BITS = 26; // and a little more
    private static final int[] POWERS = {1, BASE, PAIR, PAIR * BASE, PAIR * PAIR, GROUP};
    private static final byte[] PAIRS = new byte[2 * PAIR];
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < BASE; i++) {
            char digit = DIGITS.charAt(i);
            VALUES[digit] = (byte) i;
            VALUES[Character.toLowerCase(digit)] = (byte) i;
        }
        for (int i = 0; i < PAIR; i++) {
            PAIRS[2 * i] = (byte) DIGITS.charAt(i / BASE);
            PAIRS[2 * i + 1] = (byte) DIGITS.charAt(i % BASE);
        }
    }

    private Base38() {}

    /** The value of a digit in either case, or -1. */
    static int value(char digit) {
        return digit < VALUES.length ? VALUES[digit] : -1;
    }

    /** Decodes digits into words that are zero and wide enough. */
    static void decode(String digits, int[] words) {
        int used = 0;
        for (int i = 0; i < digits.length(); i += GROUP_DIGITS) {
            int end = Math.min(i + GROUP_DIGITS, digits.length());
            long carry = 0;
            for (int j = i; j < end; j++) {
                carry = carry * BASE + VALUES[digits.charAt(j)];
            }
            long factor = POWERS[end - i];
            for (int at = 0; at < used; at++) {
                carry += Integer.toUnsignedLong(words[at]) * factor;
                words[at] = (int) carry;
                carry >>>= Integer.SIZE;
            }
            if (carry != 0) {
                words[used++] = (int) carry;
            }
        }
    }

    /** The digits of a number without leading zeros; the words are used up. */
    static String encode(int[] words) {
        int used = words.length;
        while (used > 0 && words[used - 1] == 0) {
            used--;
        }
        byte[] digits = new byte[(used * Integer.SIZE / GROUP_BITS + 1) * GROUP_DIGITS];
        int start = digits.length;
        while (used > 2 || words[1] < 0) {
            long rest = 0;
            for (int at = used - 1; at >= 0; at--) {
                long value = rest << Integer.SIZE | Integer.toUnsignedLong(words[at]);
                long quotient = value / GROUP;
                rest = value - quotient * GROUP;
                words[at] = (int) quotient;
            }
            start -= GROUP_DIGITS;
            putGroup((int) rest, digits, start);
            if (words[used - 1] == 0) {
                // A group has fewer bits than a word: at most one word becomes zero.
                used--;
            }
        }
        // What fits a positive long needs no passes.
        long low = Integer.toUnsignedLong(words[1]) << Integer.SIZE | Integer.toUnsignedLong(words[0]);
        for (; low != 0; low /= GROUP) {
            start -= GROUP_DIGITS;
            putGroup((int) (low % GROUP), digits, start);
        }
        while (start < digits.length && digits[start] == 'A') {
            start++;
        }
        return new String(digits, start, digits.length - start, StandardCharsets.ISO_8859_1);
    }

    private static void putGroup(int group, byte[] digits, int start) {
        int high = group / (PAIR * PAIR);
        int middle = group / PAIR % PAIR;
        int low = group % PAIR;
        digits[start] = PAIRS[2 * high + 1];
        digits[start + 1] = PAIRS[2 * middle];
        digits[start + 2] = PAIRS[2 * middle + 1];
        digits[start + 3] = PAIRS[2 * low];
        digits[start + 4] = PAIRS[2 * low + 1];
    }
}
