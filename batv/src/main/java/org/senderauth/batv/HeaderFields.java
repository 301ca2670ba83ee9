package org.senderauth.batv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a message or of one of its parts (RFC 5322 section 2.2), unfolded. The first of each name counts.
 *
 * @param fields by name in lower case
 * @param start the offset of the header
 * @param end the offset after the empty line that ends the header
 */
record HeaderFields(Map<String, String> fields, int start, int end) {

    /** The maximum number of characters kept of one unfolded field; the fields of interest are short. */
    private static final int MAX_FIELD = 2048;

    /** The maximum number of names kept; a message has about 40. */
    private static final int MAX_NAMES = 1000;

    /** Room for the fields of most messages. */
    private static final int USUAL_NAMES = 32;

    static HeaderFields parse(String text, int start) {
        return parse(text, start, text.length());
    }

    /** Reads a header that ends before the limit. */
    static HeaderFields parse(String text, int start, int limit) {
        Map<String, String> fields = new HashMap<>(USUAL_NAMES);
        // The name and, if it is folded, the value of the field before; null if that is not kept.
        String name = null;
        StringBuilder folded = null;
        int at = start;
        while (at < limit) {
            int end = Math.min(lineEnd(text, at), limit);
            int stripped = stripped(text, at, end);
            int line = at;
            at = Math.min(end + 1, limit);
            if (stripped == line) {
                break;
            }
            if (isSpace(text.charAt(line))) {
                if (name != null) {
                    folded = folded == null ? new StringBuilder(fields.getOrDefault(name, "")) : folded;
                    append(folded, ' ' + text.substring(line, stripped).strip());
                }
                continue;
            }
            keep(fields, name, folded);
            name = null;
            folded = null;
            int colon = colon(text, line, stripped);
            if (colon < 0 && text.startsWith("--", line)) {
                // A delimiter directly after the header of a part without a body.
                at = line;
                break;
            }
            if (colon > line && fields.size() < MAX_NAMES) {
                String first = text.substring(line, colon).strip().toLowerCase(Locale.ROOT);
                if (!fields.containsKey(first)) {
                    name = first;
                    String value = text.substring(colon + 1, stripped).strip();
                    fields.put(name, value.substring(0, Math.min(value.length(), MAX_FIELD)));
                }
            }
        }
        keep(fields, name, folded);
        return new HeaderFields(fields, start, at);
    }

    private static void keep(Map<String, String> fields, @Nullable String name, @Nullable StringBuilder folded) {
        if (name != null && folded != null) {
            fields.put(name, folded.toString());
        }
    }

    /** The value of the first field of a name, or an empty text. */
    String first(String name) {
        return fields.getOrDefault(name, "");
    }

    /** The values of all fields of a name in this header of the text. */
    List<String> all(String text, String name) {
        List<String> values = new ArrayList<>();
        // Null if the field before is not wanted.
        StringBuilder value = null;
        for (int at = start; at < end; ) {
            int lineEnd = lineEnd(text, at);
            String line = text.substring(at, stripped(text, at, lineEnd));
            at = lineEnd + 1;
            if (!line.isEmpty() && isSpace(line.charAt(0))) {
                if (value != null) {
                    append(value, ' ' + line.strip());
                }
                continue;
            }
            addTo(values, value);
            int colon = line.indexOf(':');
            boolean wanted = colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase(name);
            value = null;
            if (wanted) {
                value = new StringBuilder();
                append(value, line.substring(colon + 1).strip());
            }
        }
        addTo(values, value);
        return values;
    }

    private static void addTo(List<String> values, @Nullable StringBuilder value) {
        if (value != null) {
            values.add(value.toString());
        }
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A field without its comments (RFC 5322 section 3.2.2), each replaced by a space. */
    static String withoutComments(String field) {
        if (field.indexOf('(') < 0) {
            return field;
        }
        StringBuilder plain = new StringBuilder(field.length());
        int comments = 0;
        boolean quoted = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && (quoted || comments > 0)) {
                i++;
            } else if (c == '(' && !quoted) {
                comments++;
                plain.append(' ');
            } else if (c == ')' && comments > 0) {
                comments--;
            } else if (comments == 0) {
                quoted ^= c == '"';
                plain.append(c);
            }
        }
        return plain.toString();
    }

    static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static int stripped(String text, int from, int end) {
        int stripped = end;
        while (stripped > from && text.charAt(stripped - 1) <= ' ') {
            stripped--;
        }
        return stripped;
    }

    private static int colon(String text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == ':') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static void append(StringBuilder field, String more) {
        field.append(more, 0, Math.min(more.length(), MAX_FIELD - field.length()));
    }
}
