package org.senderauth.spf;

/** Detects texts that need no encoding. */
final class Ascii {

    private Ascii() {}

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
