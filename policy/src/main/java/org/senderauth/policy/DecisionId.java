package org.senderauth.policy;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Identifiers of decisions: short enough to be read out, long enough not to occur twice in a log. They open nothing, so
 * they may be guessed.
 */
final class DecisionId {

    // Neither vowels, so that no words appear, nor characters that are mistaken for others.
    private static final String ALPHABET = "23456789bcdfghjkmnpqrstvwxz";

    /** 27 to the power of 11 is more than 2 to the power of 52. */
    static final int LENGTH = 11;

    private DecisionId() {}

    static String next() {
        char[] id = new char[LENGTH];
        long bits = ThreadLocalRandom.current().nextLong();
        for (int i = 0; i < LENGTH; i++) {
            id[i] = ALPHABET.charAt((int) Long.remainderUnsigned(bits, ALPHABET.length()));
            bits = Long.divideUnsigned(bits, ALPHABET.length());
        }
        return new String(id);
    }
}
