package org.senderauth.dkim2;

import java.util.ArrayList;
import java.util.List;

/**
 * The list that h= and s= contain: groups separated by "|" of values separated by ",", each of three parts separated by
 * ":". -06 has one group only; later drafts have several. All values of a group must verify, and one group must.
 */
final class NamedValues {

    /** The maximum number of values. */
    static final int MAX_VALUES = 8;

    /**
     * A value.
     *
     * @param first the part before the first colon
     * @param second the part between the colons
     * @param third the part after the second colon
     */
    record Value(String first, String second, String third) {}

    private NamedValues() {}

    static List<List<Value>> parse(String tag, String text) throws MalformedMessageException {
        List<List<Value>> groups = new ArrayList<>();
        int count = 0;
        for (String group : text.split("\\|", -1)) {
            List<Value> values = new ArrayList<>();
            for (String value : group.split(",", -1)) {
                if (++count > MAX_VALUES) {
                    throw MalformedMessageException.limit("has more than " + MAX_VALUES + " values in " + tag + "=");
                }
                values.add(value(tag, value));
            }
            groups.add(List.copyOf(values));
        }
        return List.copyOf(groups);
    }

    private static Value value(String tag, String text) throws MalformedMessageException {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw TagList.syntaxError(tag);
        }
        return new Value(TagList.trim(parts[0]), TagList.trim(parts[1]), parts[2]);
    }

    /** A name of an algorithm: 1*(ALPHA / DIGIT / "-" / "_"). */
    static boolean isTextString(String text) {
        return !text.isEmpty() && Characters.all(text, c -> Characters.isAlphanumeric(c) || c == '-' || c == '_');
    }
}
