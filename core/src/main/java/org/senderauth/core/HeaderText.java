package org.senderauth.core;

/**
 * Writes untrusted values into structured header fields: as they are where the grammar allows it, else quoted, always cut to
 * a maximum, never with a control character. Stateless, thread-safe.
 */
public final class HeaderText {

    private HeaderText() {}

    /**
     * A value of a method property (RFC 8601 section 2.2).
     *
     * @param text any text
     * @param max the maximum number of characters, quoting marks not counted; at least 3
     * @return the text if it is a token, else a quoted string
     */
    public static String value(String text, int max) {
        return text.length() <= max && Ascii.isToken(text) ? text : quoted(text, max);
    }

    /**
     * A value of a key-value pair of Received-SPF (RFC 7208 section 9.1).
     *
     * @param text any text
     * @param max the maximum number of characters, quoting marks not counted; at least 3
     * @return the text if it is a dot-atom, else a quoted string
     */
    public static String dotAtomOrQuoted(String text, int max) {
        return text.length() <= max && Ascii.isDotAtom(text) ? text : quoted(text, max);
    }

    /**
     * An address as the value of a method property: {@code [ [ local-part ] "@" ] domain-name} (RFC 8601 section 2.2).
     *
     * @param address an address, a domain or any other text
     * @param max the maximum number of characters, quoting marks not counted; at least 3
     * @return the address if the grammar allows it, else a quoted string
     */
    public static String mailbox(String address, int max) {
        int at = address.lastIndexOf('@');
        boolean localIsPlain = at <= 0 || Ascii.isDotAtom(address.substring(0, at));
        boolean plain = localIsPlain && Ascii.isToken(address.substring(at + 1));
        return plain && address.length() <= max ? address : quoted(address, max);
    }

    /**
     * A quoted string (RFC 5322 section 3.2.4).
     *
     * @param text any text
     * @param max the maximum number of characters between the quotation marks; at least 3
     * @return the quoted string; what is not printable is a question mark
     */
    public static String quoted(String text, int max) {
        return '"' + escaped(cut(text, max), "\"\\", max) + '"';
    }

    /**
     * A comment (RFC 5322 section 3.2.2).
     *
     * @param text any text
     * @param max the maximum number of characters between the parentheses; at least 3
     * @return the comment with its parentheses; what is not printable is a question mark
     */
    public static String comment(String text, int max) {
        return '(' + escaped(cut(text, max), "()\\", max) + ')';
    }

    /**
     * Shortens a text.
     *
     * @param text any text
     * @param max the maximum number of characters; at least 3
     * @return the text, ending in three dots if it was longer
     */
    public static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max - 3) + "...";
    }

    /**
     * Tests whether a text is a header field name (RFC 5322 section 2.2).
     *
     * @param text any text
     * @return true if it is printable ASCII without a colon or a space, and not empty
     */
    public static boolean isFieldName(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }

    /**
     * Tests whether a text is the body of one header field, folded with LF or not folded (RFC 5322 section 2.2.3).
     *
     * @param text any text
     * @return true if nothing in it ends the field: no NUL, no CR, LF only before a space or tab
     */
    public static boolean isFieldBody(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean folds = i + 1 < text.length() && (text.charAt(i + 1) == ' ' || text.charAt(i + 1) == '\t');
            if (c == 0 || c == '\r' || c == '\n' && !folds) {
                return false;
            }
        }
        return true;
    }

    // RFC 6532 allows letters beyond ASCII in header fields; controls, formats and separators never.
    private static String escaped(String text, String special, int max) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            int written = isHarmless(c) ? c : '?';
            boolean isSpecial = special.indexOf(written) >= 0;
            if (escaped.length() + Character.charCount(written) + (isSpecial ? 1 : 0) > max) {
                break;
            }
            if (isSpecial) {
                escaped.append('\\');
            }
            escaped.appendCodePoint(written);
        }
        return escaped.toString();
    }

    private static boolean isHarmless(int c) {
        return c < 0x80
                ? c >= ' ' && c <= '~'
                : Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }
}
