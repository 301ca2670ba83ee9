package org.senderauth.spf.syntax;

import java.nio.charset.StandardCharsets;

/** Escapes texts for URLs (RFC 3986 section 2.1): every byte of the UTF-8 text that is not unreserved. */
final class UrlEscape {

    /** The unreserved characters (RFC 3986 section 2.3) that are not letters or digits. */
    private static final String UNRESERVED_MARKS = "-._~";

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private UrlEscape() {}

    static void append(String value, StringBuilder text) {
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || UNRESERVED_MARKS.indexOf(c) >= 0;
            if (plain) {
                text.append(c);
            } else {
                text.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
    }
}
