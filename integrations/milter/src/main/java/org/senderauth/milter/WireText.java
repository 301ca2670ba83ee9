package org.senderauth.milter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Octets of the wire, one in each char, and the text that they are. */
final class WireText {

    private WireText() {}

    /** The text of octets: UTF-8 (RFC 6531) if they are that, else one character for each, so that none is lost. */
    static String decode(String octets) {
        if (octets.chars().allMatch(c -> c < 0x80)) {
            return octets;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return octets;
        }
    }

    /** The octets of a text in UTF-8. */
    static String encode(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
