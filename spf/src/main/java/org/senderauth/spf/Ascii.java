package org.senderauth.spf;

/** Keeps what others sent from breaking lines, headers and terminals. */
final class Ascii {

    private Ascii() {}

    /** The text with every character that is not printable ASCII replaced by a question mark. */
    static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text.charAt(i))) {
                StringBuilder clean = new StringBuilder(text);
                for (int j = i; j < clean.length(); j++) {
                    if (!isPrintable(clean.charAt(j))) {
                        clean.setCharAt(j, '?');
                    }
                }
                return clean.toString();
            }
        }
        return text;
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
