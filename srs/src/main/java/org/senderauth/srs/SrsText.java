package org.senderauth.srs;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.senderauth.core.MailAddress;

/** Text under a hash: ASCII folded to lower case as all programs do, and base32 that survives such folding. */
final class SrsText {

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

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

    /** The most octets of a character in UTF-8; a surrogate pair has four in two. */
    static final int MAX_UTF8 = 3;

    /** Writes a text in UTF-8, folded or not, and returns where it ends; the target has room. */
    static int putUtf8(String text, boolean folded, byte[] target, int start) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] octets = utf8(folded ? lower(text) : text);
                System.arraycopy(octets, 0, target, start, octets.length);
                return start + octets.length;
            }
            target[start + i] = (byte) (folded ? lower(c) : c);
        }
        return start + text.length();
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The first characters of a text in lower-case base32 (RFC 4648 section 6): five bits each, most significant first. */
    static String base32(byte[] octets, int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            int bit = i * 5;
            int word =
                    (octets[bit >> 3] & 0xff) << 8 | (bit + 8 >> 3 < octets.length ? octets[(bit >> 3) + 1] & 0xff : 0);
            text[i] = BASE32.charAt(word >> 11 - (bit & 7) & 31);
        }
        return new String(text);
    }

    /** A local part with this content: a quoted string if it was one or must be one. */
    static String localPart(String content, boolean quoted) {
        return quoted || !MailAddress.isDotString(content) ? quotedString(content) : content;
    }

    /** An address with this content of its local part; empty if the parts do not make one. */
    static Optional<MailAddress> address(String content, boolean quoted, String domain) {
        return content.isEmpty() ? Optional.empty() : MailAddress.join(localPart(content, quoted), domain);
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

    private static String quotedString(String content) {
        StringBuilder quoted = new StringBuilder(content.length() + 2).append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
