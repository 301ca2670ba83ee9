package org.senderauth.batv;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The header fields of a message or of one of its parts (RFC 5322 section 2.2), unfolded; the first of each name counts.
 *
 * @param fields by name in lower case
 * @param end the offset behind the empty line that ends the header
 */
record HeaderFields(Map<String, String> fields, int end) {

    /** Most characters of one unfolded field that are kept; the fields of interest are short. */
    private static final int MAX_FIELD = 2048;

    static HeaderFields parse(String text, int start) {
        Map<String, StringBuilder> values = new HashMap<>();
        StringBuilder current = new StringBuilder();
        int at = start;
        while (at < text.length()) {
            int end = lineEnd(text, at);
            String line = text.substring(at, end).stripTrailing();
            at = Math.min(end + 1, text.length());
            if (line.isEmpty()) {
                break;
            }
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                append(current, ' ' + line.strip());
                continue;
            }
            int colon = line.indexOf(':');
            current = new StringBuilder();
            if (colon > 0) {
                append(current, line.substring(colon + 1).strip());
                values.putIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), current);
            }
        }
        Map<String, String> fields = new HashMap<>();
        values.forEach((name, value) -> fields.put(name, value.toString()));
        return new HeaderFields(fields, at);
    }

    /** The value of the first field of a name, or an empty text. */
    String first(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static void append(StringBuilder field, String more) {
        field.append(more, 0, Math.min(more.length(), MAX_FIELD - field.length()));
    }
}
