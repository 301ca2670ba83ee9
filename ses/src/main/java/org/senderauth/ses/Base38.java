package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Unsigned numbers of up to 256 bits as base 38 digits, most significant first. Single case by design, so that a
 * signature survives the folding of case. A number is an array of {@value #LIMBS} words, the least significant first.
 */
final class Base38 {

    static final String TAG = "SES=";
    static final int LIMBS = 8;

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    private static final int BASE = DIGITS.length();
    // Digits are handled in groups whose values fit an int: a group costs one pass over the words.
    private static final int GROUP = 5;
    private static final int[] POWERS = {1, BASE, BASE * BASE, BASE * BASE * BASE, BASE * BASE * BASE * BASE, 79_235_168
    };
    private static final int MOST_DIGITS = (LIMBS * 32 / 26 + 1) * GROUP; // a group has a little more than 26 bits
    private static final int PAIR = BASE * BASE;
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

    /** Reads at most {@link SesSyntax#MAX_DIGITS} digits. */
    static int[] decode(String digits) {
        int[] number = new int[LIMBS];
        int used = 0;
        for (int i = 0; i < digits.length(); i += GROUP) {
            int end = Math.min(i + GROUP, digits.length());
            long carry = 0;
            for (int j = i; j < end; j++) {
                carry = carry * BASE + VALUES[digits.charAt(j)];
            }
            long factor = POWERS[end - i];
            for (int limb = 0; limb < used; limb++) {
                carry += (number[limb] & 0xffffffffL) * factor;
                number[limb] = (int) carry;
                carry >>>= 32;
            }
            if (carry != 0) {
                number[used++] = (int) carry;
            }
        }
        return number;
    }

    /** Appends the digits of a number without leading zeros; the number is used up. */
    static void encode(int[] number, StringBuilder to) {
        byte[] digits = new byte[MOST_DIGITS];
        int start = digits.length;
        int used = LIMBS;
        while (used > 0 && number[used - 1] == 0) {
            used--;
        }
        while (used > 0) {
            long rest = 0;
            for (int limb = used - 1; limb >= 0; limb--) {
                long value = rest << 32 | number[limb] & 0xffffffffL;
                long quotient = value / 79_235_168L;
                rest = value - quotient * 79_235_168L;
                number[limb] = (int) quotient;
            }
            int group = (int) rest;
            int low = group % PAIR;
            int middle = group / PAIR % PAIR;
            start -= GROUP;
            digits[start] = (byte) DIGITS.charAt(group / (PAIR * PAIR));
            digits[start + 1] = PAIRS[2 * middle];
            digits[start + 2] = PAIRS[2 * middle + 1];
            digits[start + 3] = PAIRS[2 * low];
            digits[start + 4] = PAIRS[2 * low + 1];
            while (used > 0 && number[used - 1] == 0) {
                used--;
            }
        }
        while (start < digits.length && digits[start] == 'A') {
            start++;
        }
        to.append(new String(digits, start, digits.length - start, StandardCharsets.ISO_8859_1));
    }
}
