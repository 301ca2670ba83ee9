package org.senderauth.core;

/** A set of ASCII characters, as a table: every character of an address is tested several times. Immutable. */
record AsciiSet(boolean[] members) {

    static final AsciiSet LETTERS_AND_DIGITS = of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static final int ASCII = 128;

    /** Returns the set of some characters. */
    static AsciiSet of(String characters) {
        return new AsciiSet(new boolean[ASCII]).with(characters);
    }

    AsciiSet with(String characters) {
        boolean[] more = members.clone();
        for (int i = 0; i < characters.length(); i++) {
            more[characters.charAt(i)] = true;
        }
        return new AsciiSet(more);
    }

    /** The printable characters, space included, that are not in this set. */
    AsciiSet otherPrintable() {
        boolean[] others = new boolean[ASCII];
        for (char c = ' '; c < 0x7f; c++) {
            others[c] = !members[c];
        }
        return new AsciiSet(others);
    }

    /** Tests whether an ASCII character is in the set; false for all others. */
    boolean has(char c) {
        return c < ASCII && members[c];
    }

    /** Tests whether every character of a text is in the set; true for the empty text. */
    boolean hasAll(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!has(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
