package org.senderauth.batv;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A Content-Type (RFC 2045 section 5.1).
 *
 * @param type type and subtype in lower case, or an empty text
 * @param parameters the first of each name; names, and all values but the boundary's, in lower case
 */
record ContentType(String type, Map<String, String> parameters) {

    /** The type of a part that names none (RFC 2045 section 5.2). */
    static final ContentType PLAIN = new ContentType("text/plain", Map.of());

    static ContentType parse(String field) {
        Scanner scanner = new Scanner(field);
        String type = scanner.until(";").strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new HashMap<>();
        while (scanner.more()) {
            String name = scanner.until("=;").strip().toLowerCase(Locale.ROOT);
            String value = scanner.ended('=') ? scanner.until(";").strip() : "";
            parameters.putIfAbsent(name, name.startsWith("boundary") ? value : value.toLowerCase(Locale.ROOT));
        }
        join("boundary", parameters);
        join("report-type", parameters);
        return new ContentType(type, parameters);
    }

    /** Joins a value that is continued in {@code name*0}, {@code name*1} and so on (RFC 2231 section 3). */
    private static void join(String name, Map<String, String> parameters) {
        StringBuilder value = new StringBuilder();
        int count = 0;
        while (parameters.containsKey(name + '*' + count)) {
            value.append(parameters.get(name + '*' + count));
            count++;
        }
        if (count > 0) {
            parameters.putIfAbsent(name, value.toString());
        }
    }

    boolean is(String other) {
        return type.equals(other);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Reads up to a separator. Drops comments (RFC 5322 section 3.2.2) and the quotes of quoted strings. */
    private static final class Scanner {

        private final String text;
        private final boolean plain;
        private int at;

        Scanner(String text) {
            this.text = text;
            this.plain = text.indexOf('"') < 0 && text.indexOf('(') < 0;
        }

        boolean more() {
            return at < text.length();
        }

        /** Tests whether the text that was read last was ended by this separator. */
        boolean ended(char separator) {
            return text.charAt(at - 1) == separator;
        }

        String until(String separators) {
            return plain ? plainUntil(separators) : quotedUntil(separators);
        }

        private String plainUntil(String separators) {
            int start = at;
            while (at < text.length() && separators.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String read = text.substring(start, at);
            at = Math.min(at + 1, text.length());
            return read;
        }

        private String quotedUntil(String separators) {
            StringBuilder read = new StringBuilder();
            int comments = 0;
            boolean quoted = false;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\\' && (quoted || comments > 0) && at < text.length()) {
                    char escaped = text.charAt(at++);
                    if (quoted) {
                        read.append(escaped);
                    }
                } else if (comments > 0) {
                    comments += c == '(' ? 1 : c == ')' ? -1 : 0;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (quoted) {
                    read.append(c);
                } else if (c == '(') {
                    comments = 1;
                } else if (separators.indexOf(c) >= 0) {
                    break;
                } else {
                    read.append(c);
                }
            }
            return read.toString();
        }
    }
}
