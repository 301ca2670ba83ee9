package org.senderauth.dkim2;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.senderauth.core.Ascii;

/**
 * A list of tags (draft-ietf-dkim-dkim2-spec-06 sections 7 and 8):
 *
 * <pre>
 * tag-list = *( [FWS] tag [FWS] ";" [FWS] )
 * tag      = tag-name [FWS] "=" [FWS] tag-value
 * </pre>
 *
 * <p>The last semicolon may be absent, since several signers leave it out. Unknown tags are kept and ignored. Immutable.
 */
final class TagList {

    private final Map<String, String> tags;

    private TagList(Map<String, String> tags) {
        this.tags = tags;
    }

    /**
     * Reads a list.
     *
     * @param text the value of a field, unfolded
     * @param caseSensitive whether names differ by case, as in key records; otherwise they are turned to lower case
     * @throws MalformedMessageException if the grammar is broken or a name occurs twice
     */
    static TagList parse(String text, boolean caseSensitive) throws MalformedMessageException {
        Map<String, String> tags = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf(';', at);
            String tag = trim(text.substring(at, end < 0 ? text.length() : end));
            if (end < 0 && tag.isEmpty()) {
                break;
            }
            add(tag, caseSensitive, tags);
            at = end < 0 ? text.length() : end + 1;
        }
        return new TagList(tags);
    }

    private static void add(String tag, boolean caseSensitive, Map<String, String> tags)
            throws MalformedMessageException {
        int equals = tag.indexOf('=');
        String name = equals < 0 ? "" : trim(tag.substring(0, equals));
        String value = trim(tag.substring(equals + 1));
        if (!isName(name) || !isValue(value)) {
            throw new MalformedMessageException("syntax error");
        }
        String key = caseSensitive ? name : Ascii.toLowerCase(name);
        if (tags.putIfAbsent(key, value) != null) {
            throw new MalformedMessageException("has a duplicate tag " + key + "=");
        }
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' || c >= 0x7f) && c != '\t') {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '_'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** A text without spaces and tabs at its ends. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** A text without any space or tab. */
    static String withoutBlanks(String text) {
        if (text.indexOf(' ') < 0 && text.indexOf('\t') < 0) {
            return text;
        }
        char[] kept = new char[text.length()];
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isBlank(c)) {
                kept[count++] = c;
            }
        }
        return new String(kept, 0, count);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(tags.get(name));
    }

    /** The first name; empty for an empty list. */
    Optional<String> firstName() {
        return tags.keySet().stream().findFirst();
    }

    String require(String name) throws MalformedMessageException {
        String value = tags.get(name);
        if (value == null) {
            throw new MalformedMessageException("has no " + name + "= tag");
        }
        return value;
    }

    /** A number without sign, of at most 18 digits. */
    long number(String name) throws MalformedMessageException {
        String digits = require(name);
        if (digits.isEmpty() || digits.length() > 18 || !Characters.all(digits, Characters::isDigit)) {
            throw syntaxError(name);
        }
        return Long.parseLong(digits);
    }

    /** A number of a field, from 1. */
    int ordinal(String name) throws MalformedMessageException {
        long number = number(name);
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw syntaxError(name);
        }
        return (int) number;
    }

    static MalformedMessageException syntaxError(String name) {
        return new MalformedMessageException("syntax error (" + name + "=)");
    }
}
