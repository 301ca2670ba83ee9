package org.senderauth.ses;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The number that a signature's digits spell: {@code id << (field bits + hash bits) | field << hash bits | leading bits
 * of the MAC}, in up to {@value #BITS} bits. Immutable, but for {@link #putDigits}.
 *
 * <p>It is an array of words, the least significant first, and no {@link java.math.BigInteger}: that would cost more than
 * the MAC.
 */
final class SignatureNumber {

    static final int BITS = 256;

    /** A serial number has at most 63 bits. */
    private static final int MAX_ID_BITS = 63;

    private static final int WORDS = BITS / Long.SIZE;

    /** The maximum number of bytes that {@link #putDigits} writes. */
    static final int MAX_DIGITS = Base38.maxDigits(WORDS);

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final long[] words;

    private SignatureNumber(long[] words) {
        this.words = words;
    }

    /** Reads at most {@link SesSyntax#MAX_DIGITS} digits. */
    static SignatureNumber parse(String digits) {
        long[] words = new long[WORDS];
        Base38.decode(digits, words);
        return new SignatureNumber(words);
    }

    /** Packs the parts of a signature. */
    static SignatureNumber of(SesLayout layout, long id, int field, byte[] mac) {
        SignatureNumber number = new SignatureNumber(new long[WORDS]);
        int hashBits = layout.hashBits();
        for (int octet = 0, end = hashBits; end > 0; octet += Integer.BYTES, end -= Integer.SIZE) {
            number.put(end - Integer.SIZE, Integer.toUnsignedLong((int) INTS.get(mac, octet)));
        }
        number.put(hashBits, field);
        number.put(hashBits + layout.fieldBits(), id);
        return number;
    }

    /** Sets bits from a position on; what would stand before position 0 is cut off. */
    private void put(int position, long bits) {
        if (position < 0) {
            words[0] |= bits >>> -position;
            return;
        }
        int at = position / Long.SIZE;
        int shift = position % Long.SIZE;
        words[at] |= bits << shift;
        if (shift != 0) {
            words[at + 1] |= bits >>> Long.SIZE - shift;
        }
    }

    /** The serial number; negative if it has more bits than one may have. */
    long id(SesLayout layout) {
        int start = layout.hashBits() + layout.fieldBits();
        return bitLength() > start + MAX_ID_BITS ? -1 : get(start, MAX_ID_BITS);
    }

    /** The time field. */
    int field(SesLayout layout) {
        return (int) get(layout.hashBits(), layout.fieldBits());
    }

    /** Returns at most 64 bits from a position on. */
    private long get(int position, int count) {
        int at = position / Long.SIZE;
        int shift = position % Long.SIZE;
        long value = words[at] >>> shift;
        if (shift + count > Long.SIZE) {
            value |= words[at + 1] << Long.SIZE - shift;
        }
        return value & -1L >>> Long.SIZE - count;
    }

    private int bitLength() {
        for (int at = words.length - 1; at >= 0; at--) {
            if (words[at] != 0) {
                return (at + 1) * Long.SIZE - Long.numberOfLeadingZeros(words[at]);
            }
        }
        return 0;
    }

    /** Tests whether it contains the leading bits of a MAC, in constant time. */
    boolean hasHash(SesLayout layout, byte[] mac) {
        int difference = 0;
        int octet = 0;
        int end = layout.hashBits();
        for (; end >= Integer.SIZE; octet += Integer.BYTES, end -= Integer.SIZE) {
            difference |= (int) get(end - Integer.SIZE, Integer.SIZE) ^ (int) INTS.get(mac, octet);
        }
        if (end > 0) {
            difference |= (int) get(0, end) ^ (int) INTS.get(mac, octet) >>> Integer.SIZE - end;
        }
        return difference == 0;
    }

    /**
     * Writes the digits, without leading zeros; this number is used up.
     *
     * @param end where they end in the target, at least {@link #MAX_DIGITS}
     * @return where they begin
     */
    int putDigits(byte[] target, int end) {
        return Base38.encode(words, target, end);
    }

    /** The digits, without leading zeros. */
    String digits() {
        byte[] digits = new byte[MAX_DIGITS];
        int start = Base38.encode(words.clone(), digits, MAX_DIGITS);
        return new String(digits, start, MAX_DIGITS - start, StandardCharsets.ISO_8859_1);
    }
}
