package org.senderauth.dkim2;

import java.util.Base64;
import java.util.Optional;

/** Base64 as DKIM2 has it (-06 section 2.14): the alphabet of RFC 4648 section 4, padded, spaces anywhere. Stateless. */
final class Base64Text {

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Base64Text() {}

    /** The bytes of a canonical text; nothing for one that is unpadded, has padding bits, or is empty. */
    static Optional<byte[]> decode(String text) {
        String packed = TagList.withoutBlanks(text);
        if (packed.isEmpty() || packed.length() % 4 != 0) {
            return Optional.empty();
        }
        try {
            byte[] octets = Base64.getDecoder().decode(packed);
            // The JDK ignores the padding bits; with other values of them one signature would have several texts.
            return hasZeroPadding(packed) ? Optional.of(octets) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // Each "=" at the end leaves two bits of the last digit unused.
    private static boolean hasZeroPadding(String packed) {
        int padding = packed.endsWith("==") ? 2 : packed.endsWith("=") ? 1 : 0;
        int lastDigit = DIGITS.indexOf(packed.charAt(packed.length() - padding - 1));
        return (lastDigit & (1 << 2 * padding) - 1) == 0;
    }

    static String encode(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
