package org.senderauth.dkim2;

import java.util.function.IntPredicate;

/** Tests of characters. Loops, since a stream over a text costs more than the rest of a check. Stateless. */
final class Characters {

    private Characters() {}

    static boolean all(String text, IntPredicate test) {
        for (int i = 0; i < text.length(); i++) {
            if (!test.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlphanumeric(int c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
