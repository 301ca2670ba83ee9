package org.senderauth.core;

/**
 * Sanitizes untrusted text for logs, reports and terminals. Stateless.
 *
 * <p>Not printable are control characters (newlines and C1, ISO 6429, included), format characters of Unicode that change
 * the order or look of others (such as U+202E), its line and paragraph separators, and unpaired surrogates.
 */
public final class SafeText {

    private SafeText() {}

    /**
     * Tests whether a text is printable.
     *
     * @param text any text
     * @return whether all of it is printable
     */
    public static boolean is(String text) {
        return isAscii(text) || text.codePoints().allMatch(SafeText::is);
    }

    /**
     * Replaces what is not printable.
     *
     * @param text any text
     * @return the text with a question mark for everything that is not printable
     */
    public static String of(String text) {
        if (is(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(is(c) ? c : '?'));
        return clean.toString();
    }

    /**
     * Converts a text to printable ASCII, for SMTP and for terminals without Unicode.
     *
     * @param text any text
     * @return the text with a question mark for every code point but U+0020 to U+007E
     */
    public static String ascii(String text) {
        if (isAscii(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.append(isAscii(c) ? (char) c : '?'));
        return clean.toString();
    }

    /**
     * Tests whether a text is printable ASCII.
     *
     * @param text any text
     * @return whether all of it is U+0020 to U+007E
     */
    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isAscii(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(int codePoint) {
        return codePoint >= ' ' && codePoint <= '~';
    }

    private static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
