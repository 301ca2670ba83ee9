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

    /** The maximum number of fields kept of one name, where all are wanted. */
    private static final int MAX_REPEATED = 50;

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

    /** The values of the fields of a name in this header of the text, at most {@value #MAX_REPEATED}. */
    List<String> all(String text, String name) {
        List<String> values = new ArrayList<>();
        int at = start;
        boolean wanted = false;
        while (at < end) {
            int lineEnd = lineEnd(text, at);
            String line = text.substring(at, stripped(text, at, lineEnd));
            at = lineEnd + 1;
            if (!line.isEmpty() && isSpace(line.charAt(0))) {
                if (wanted && values.get(values.size() - 1).length() < MAX_FIELD) {
                    values.set(values.size() - 1, values.get(values.size() - 1) + ' ' + line.strip());
                }
                continue;
            }
            int colon = line.indexOf(':');
            wanted = colon > 0
                    && line.substring(0, colon).strip().equalsIgnoreCase(name)
                    && values.size() < MAX_REPEATED;
            if (wanted) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    boolean has(String name) {
        return fields.containsKey(name);
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
