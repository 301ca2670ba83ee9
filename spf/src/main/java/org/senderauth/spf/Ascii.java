package org.senderauth.spf;

/** Keeps what others sent from breaking lines, headers and terminals. */
final class Ascii {

    private Ascii() {}

    /** The text with every character that is not printable ASCII replaced by a question mark. */
    static String printable(String text) {
        if (isPrintable(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text);
        for (int i = 0; i < clean.length(); i++) {
            if (!isPrintable(clean.charAt(i))) {
                clean.setCharAt(i, '?');
            }
        }
        return clean.toString();
    }

    static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isPrintable(char c) {
        return c >= ' ' && c <= '~';
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
