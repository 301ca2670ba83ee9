package org.senderauth.dkim2;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Base64 as DKIM2 has it (-06 section 2.14): the alphabet of RFC 4648 section 4, padded, spaces anywhere. Stateless. */
final class Base64Text {

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
            return hasZeroPadding(packed, octets) ? Optional.of(octets) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean hasZeroPadding(String packed, byte[] octets) {
        byte[] tail = Arrays.copyOfRange(octets, (octets.length - 1) / 3 * 3, octets.length);
        return packed.endsWith(Base64.getEncoder().encodeToString(tail));
    }

    static String encode(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
