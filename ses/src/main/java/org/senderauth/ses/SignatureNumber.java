package org.senderauth.ses;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The number that a signature's digits spell: {@code id << (field bits + hash bits) | field << hash bits | leading bits
 * of the MAC}, in up to {@value #BITS} bits. Immutable.
 *
 * <p>It is an array of words, the least significant first, and no {@link java.math.BigInteger}: that would cost more than
 * the MAC.
 */
final class SignatureNumber {

    static final int BITS = 256;

    /** A serial number has at most 63 bits. */
    private static final int MAX_ID_BITS = 63;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final int[] words;

    private SignatureNumber(int[] words) {
        this.words = words;
    }

    /** Reads at most {@link SesSyntax#MAX_DIGITS} digits. */
    static SignatureNumber parse(String digits) {
        int[] words = new int[BITS / Integer.SIZE];
        Base38.decode(digits, words);
        return new SignatureNumber(words);
    }

    /** Packs the parts of a signature. */
    static SignatureNumber of(SesLayout layout, long id, int field, byte[] mac) {
        SignatureNumber number = new SignatureNumber(new int[BITS / Integer.SIZE]);
        int hashBits = layout.hashBits();
        for (int octet = 0, end = hashBits; end > 0; octet += Integer.BYTES, end -= Integer.SIZE) {
            number.put(end - Integer.SIZE, (int) WORDS.get(mac, octet));
        }
        number.put(hashBits, field);
        int idStart = hashBits + layout.fieldBits();
        number.put(idStart, (int) id);
        number.put(idStart + Integer.SIZE, (int) (id >>> Integer.SIZE));
        return number;
    }

    /** Sets 32 bits from a position on; what would stand before position 0 is cut off. */
    private void put(int position, int word) {
        if (position < 0) {
            words[0] |= word >>> -position;
            return;
        }
        int at = position / Integer.SIZE;
        int shift = position % Integer.SIZE;
        words[at] |= word << shift;
        if (shift != 0) {
            words[at + 1] |= word >>> Integer.SIZE - shift;
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

    private long get(int position, int count) {
        long value = 0;
        for (int taken = 0; taken < count; ) {
            int at = position + taken;
            long word = Integer.toUnsignedLong(words[at / Integer.SIZE]) >>> at % Integer.SIZE;
            value |= word << taken;
            taken += Integer.SIZE - at % Integer.SIZE;
        }
        return value & -1L >>> Long.SIZE - count;
    }

    private int bitLength() {
        for (int at = words.length - 1; at >= 0; at--) {
            if (words[at] != 0) {
                return (at + 1) * Integer.SIZE - Integer.numberOfLeadingZeros(words[at]);
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
            difference |= (int) get(end - Integer.SIZE, Integer.SIZE) ^ (int) WORDS.get(mac, octet);
        }
        if (end > 0) {
            difference |= (int) get(0, end) ^ (int) WORDS.get(mac, octet) >>> Integer.SIZE - end;
        }
        return difference == 0;
    }

    /** The digits, without leading zeros. */
    String digits() {
        return Base38.encode(words.clone());
    }
}
