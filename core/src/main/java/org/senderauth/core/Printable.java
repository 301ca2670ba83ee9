package org.senderauth.core;

/**
 * Texts of others where they must not act: in a line of a log, in a report, on a terminal. Stateless.
 *
 * <p>Not printable are controls, among them the ends of lines and those of C1 (ISO 6429), what has no glyph but changes
 * the order or the look of its neighbours (Unicode's formats, such as U+202E), its separators of lines and paragraphs,
 * and halves of surrogate pairs.
 */
public final class Printable {

    private Printable() {}

    /**
     * Whether a text can be shown as it is.
     *
     * @param text any text
     * @return whether all of it is printable
     */
    public static boolean is(String text) {
        return isAscii(text) || text.codePoints().allMatch(Printable::is);
    }

    /**
     * A text that can be shown.
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
     * A text in printable ASCII, for SMTP and for terminals that know nothing else.
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
     * Whether a text is printable ASCII.
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
