package org.senderauth.batv;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes transfer encodings and character sets. Malformed input is decoded as far as possible; nothing is thrown. */
final class EncodedText {

    /** An encoded word (RFC 2047 section 2), with the language of RFC 2231 section 5. */
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*\\s]{1,40})(?:\\*[^?\\s]{0,40})?\\?([QqBb])\\?([^?]{0,1000})\\?=");

    private static final Base64.Decoder BASE64 = Base64.getMimeDecoder();

    private EncodedText() {}

    /**
     * The character sets of this JVM by all their names in lower case; read once. For an unknown name {@link
     * Charset#forName} asks all providers each time, about a millisecond, and a message may have thousands.
     */
    private static final class Charsets {

        private static final Map<String, Charset> BY_NAME = read();

        private Charsets() {}

        private static Map<String, Charset> read() {
            Map<String, Charset> byName = new HashMap<>();
            for (Charset charset : Charset.availableCharsets().values()) {
                byName.put(charset.name().toLowerCase(Locale.ROOT), charset);
                charset.aliases().forEach(alias -> byName.putIfAbsent(alias.toLowerCase(Locale.ROOT), charset));
            }
            return Map.copyOf(byName);
        }
    }

    /** A header field with its encoded words decoded; space between two of them is not part of the text. */
    static String field(String field) {
        if (!field.contains("=?")) {
            return utf8OrLatin1(field);
        }
        StringBuilder decoded = new StringBuilder();
        Matcher word = WORD.matcher(field);
        int at = 0;
        while (word.find()) {
            String between = field.substring(at, word.start());
            if (at == 0 || !between.isBlank()) {
                decoded.append(between);
            }
            boolean quoted = word.group(2).equalsIgnoreCase("q");
            String content = word.group(3);
            byte[] bytes = quoted ? quotedPrintable(content.replace('_', ' ')) : base64(content);
            decoded.append(decode(bytes, word.group(1)));
            at = word.end();
        }
        return decoded.append(field, at, field.length()).toString();
    }

    /** The text of a part, which is given as Latin-1, by its encoding and character set. */
    static String body(String latin1, String encoding, String charset) {
        boolean plain = encoding.isEmpty() || encoding.equalsIgnoreCase("7bit") || encoding.equalsIgnoreCase("8bit");
        if (plain && (charset.isEmpty() || charset.equals("us-ascii") || charset.equals("utf-8"))) {
            return utf8OrLatin1(latin1);
        }
        return decode(bytes(latin1, encoding), charset);
    }

    /** Tests for a transfer encoding that changes the text: quoted-printable or base64. */
    static boolean isEncoded(String encoding) {
        String stripped = encoding.strip();
        return stripped.equalsIgnoreCase("quoted-printable") || stripped.equalsIgnoreCase("base64");
    }

    /** The bytes of a part; both are given as Latin-1. */
    static String transfer(String latin1, String encoding) {
        return new String(bytes(latin1, encoding), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String latin1, String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "quoted-printable" -> quotedPrintable(latin1);
            case "base64" -> base64(latin1);
            default -> latin1.getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    /** A name that is malformed or unknown is like none. */
    private static String decode(byte[] bytes, String name) {
        Charset charset = name.isEmpty() || name.equals("us-ascii") || name.equals("unknown")
                ? null
                : Charsets.BY_NAME.get(name.toLowerCase(Locale.ROOT));
        return charset == null
                ? utf8OrLatin1(new String(bytes, StandardCharsets.ISO_8859_1))
                : new String(bytes, charset);
    }

    /** Undeclared text: UTF-8 if it is valid UTF-8, else Latin-1. */
    private static String utf8OrLatin1(String latin1) {
        // For ASCII both steps are copies; a loop over the characters took longer.
        String utf8 = new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return utf8.indexOf('\uFFFD') >= 0 ? latin1 : utf8;
    }

    /** RFC 2045 section 6.7; what is not an encoding remains as it is. */
    private static byte[] quotedPrintable(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=') {
                int high = i + 1 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                int newline = softBreak(text, i + 1);
                if (high >= 0 && low >= 0) {
                    bytes.write(high << 4 | low);
                    i += 2;
                    continue;
                } else if (newline > 0) {
                    i = newline;
                    continue;
                }
            }
            bytes.write(c);
        }
        return bytes.toByteArray();
    }

    /** The offset of the newline of a soft line break, or 0 if it is not one. */
    private static int softBreak(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r')) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '\n' ? at : 0;
    }

    private static byte[] base64(String text) {
        // The last group may be cut; whatever is not of the alphabet is skipped (RFC 2045 section 6.8).
        StringBuilder digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/') {
                digits.append(c);
            }
        }
        digits.setLength(digits.length() - digits.length() % 4 + (digits.length() % 4 > 1 ? digits.length() % 4 : 0));
        return BASE64.decode(digits.toString());
    }
}
