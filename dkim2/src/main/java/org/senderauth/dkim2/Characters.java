package org.senderauth.dkim2;

import java.util.function.IntPredicate;

/** Tests of characters. Loops, since a stream over a text costs more than the rest of a check. Stateless. */
final class Characters {

    private static final boolean[] TSPECIALS = new boolean[128];

    static {
        "()<>@,;:\\\"/[]?=".chars().forEach(c -> TSPECIALS[c] = true);
    }

    private Characters() {}

    static boolean all(String text, IntPredicate test) {
        for (int i = 0; i < text.length(); i++) {
            if (!test.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Tests for a character of a MIME token (RFC 2045 section 5.1), or one beyond ASCII. */
    static boolean isTokenCharacter(char c) {
        return c > ' ' && !(c < TSPECIALS.length && TSPECIALS[c]);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlphanumeric(int c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
