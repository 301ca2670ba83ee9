package org.senderauth.core;

import java.util.Locale;

/** ASCII rules that several mail standards share. Stateless, thread-safe. */
public final class Ascii {

    private Ascii() {}

    /**
     * Lowercases A to Z only, as domain names (RFC 4343) and keywords of SMTP are compared: independent of the locale, and
     * no other character changes, so the length stays the same.
     *
     * @param text any text
     * @return the text in lower case
     */
    public static String toLowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpperCase(text.charAt(i))) {
                return lowerCaseFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerCaseFrom(String text, int first) {
        char[] chars = text.toCharArray();
        for (int i = first; i < chars.length; i++) {
            if (isUpperCase(chars[i])) {
                chars[i] |= 0x20;
            }
        }
        return new String(chars);
    }

    private static boolean isUpperCase(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /**
     * Returns the text form of an enum constant in logs, metrics, JSON and configuration: lower case, words separated by hyphens.
     *
     * @param constant any constant
     * @return its name, such as {@code rate-limited} for {@code RATE_LIMITED}
     */
    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Tests for a dot-atom without the optional white space (RFC 5322 section 3.2.3): atext in atoms separated by single
     * dots.
     *
     * @param text any text
     * @return whether the text is a dot-atom; false for the empty text
     */
    public static boolean isDotAtom(String text) {
        boolean atomNeeded = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (atomNeeded) {
                    return false;
                }
                atomNeeded = true;
            } else if (isAtext(c)) {
                atomNeeded = false;
            } else {
                return false;
            }
        }
        return !atomNeeded;
    }

    private static boolean isAtext(char c) {
        return c > ' ' && c < 0x7f && "\"(),:;<>@[\\]".indexOf(c) < 0;
    }

    /**
     * Tests for a token of MIME (RFC 2045 section 5.1), which RFC 8601 uses as a plain value.
     *
     * @param text any text
     * @return whether the text is a token; false for the empty text
     */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "()<>@,;:\\\"/[]?=".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
