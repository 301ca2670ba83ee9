package org.senderauth.srs;

import java.nio.charset.StandardCharsets;
import org.senderauth.core.MailAddress;

/** Text under a hash: ASCII folded to lower case as all programs do, and base32 that survives such folding. */
final class SrsText {

    private static final byte[] BASE32 = utf8("abcdefghijklmnopqrstuvwxyz234567");

    private SrsText() {}

    /** The text with ASCII letters in lower case; {@code Ü} is not {@code ü}. */
    static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                StringBuilder lower = new StringBuilder(text);
                for (int j = i; j < text.length(); j++) {
                    char c = text.charAt(j);
                    lower.setCharAt(j, isUpper(c) ? (char) (c + 32) : c);
                }
                return lower.toString();
            }
        }
        return text;
    }

    static char lower(char c) {
        return isUpper(c) ? (char) (c + 32) : c;
    }

    /** Writes a text in ASCII, folded or not, if it is one; returns its length, or -1 if it is not. */
    static int putAscii(String text, boolean folded, byte[] target, int start) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return -1;
            }
            target[start + i] = (byte) (folded ? lower(c) : c);
        }
        return text.length();
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The first characters of a text in lower-case base32 (RFC 4648 section 6): five bits each, most significant first. */
    static String base32(byte[] octets, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            int bit = i * 5;
            int word =
                    (octets[bit >> 3] & 0xff) << 8 | (bit + 8 >> 3 < octets.length ? octets[(bit >> 3) + 1] & 0xff : 0);
            text[i] = BASE32[word >> 11 - (bit & 7) & 31];
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** Tests whether a text is a domain of letters, digits, hyphens and underscores, which may appear in a local part. */
    static boolean isHost(String text) {
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (!isLabel(text, start, i)) {
                    return false;
                }
                start = i + 1;
            } else if (!(c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_')) {
                return false;
            }
        }
        return isLabel(text, start, text.length()) && text.length() <= MailAddress.MAX_DOMAIN_OCTETS;
    }

    private static boolean isLabel(String text, int start, int end) {
        return end > start && end - start <= MAX_LABEL && text.charAt(start) != '-' && text.charAt(end - 1) != '-';
    }

    /** Octets of a label (RFC 1035 section 2.3.4). */
    private static final int MAX_LABEL = 63;
}
