package org.senderauth.core;

/**
 * A set of ASCII characters, in two words: a test costs a shift and a mask, where every octet of an address is tested
 * several times. Immutable.
 *
 * @param low the characters below 64, a bit each
 * @param high the others
 */
record AsciiSet(long low, long high) {

    static final AsciiSet LETTERS_AND_DIGITS = of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /** Returns the set of some characters. */
    static AsciiSet of(String characters) {
        AsciiSet set = new AsciiSet(0, 0);
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            set = c < Long.SIZE
                    ? new AsciiSet(set.low | 1L << c, set.high)
                    : new AsciiSet(set.low, set.high | 1L << c - Long.SIZE);
        }
        return set;
    }

    AsciiSet with(String characters) {
        AsciiSet more = of(characters);
        return new AsciiSet(low | more.low, high | more.high);
    }

    /** The printable characters, space included, that are not in this set. */
    AsciiSet otherPrintable() {
        long printable = -1L << ' ';
        long upper = -1L >>> 1;
        return new AsciiSet(printable & ~low, upper & ~high);
    }

    /** Tests whether an ASCII character is in the set; false for all others. */
    boolean has(char c) {
        return c < 128 && ((c < Long.SIZE ? low >>> c : high >>> c - Long.SIZE) & 1) != 0;
    }
}
