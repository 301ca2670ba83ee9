package org.senderauth.callout.probe;

import java.nio.charset.StandardCharsets;
import org.senderauth.core.Hmac;

/** A MAC that fits into a local part: the first 50 bits in base32 (RFC 4648 section 6), lower case. */
final class LocalPartMac {

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 10;
    private static final int BITS_PER_CHARACTER = 5;

    private LocalPartMac() {}

    static String of(Hmac mac, String message) {
        byte[] tag = mac.compute(message.getBytes(StandardCharsets.UTF_8));
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = bits << Byte.SIZE | tag[i] & 0xff;
        }
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 1; i <= LENGTH; i++) {
            text.append(ALPHABET.charAt((int) (bits >>> Long.SIZE - i * BITS_PER_CHARACTER) & 31));
        }
        return text.toString();
    }
}
