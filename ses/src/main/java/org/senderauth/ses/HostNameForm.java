package org.senderauth.ses;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;

/**
 * The second spelling of a signed local part, in characters that every SPF verifier accepts in a host name: letters,
 * digits, {@code _} and {@code -}, no label with {@code -} at an edge. It is used only where the first spelling has
 * others, and is marked by the digit zero before the signature, with which no signature of the first spelling begins:
 *
 * <pre>{@code
 * host-form = "SES=A" sig "=" escaped
 * escaped   : "_" is "__", "=" is "_e", "+" is "_p", "-" at the edge of a label is "_h", another character "_x" 2HEXDIG
 * }</pre>
 *
 * <p>The MAC covers the local part without escapes, so both spellings are one signature.
 */
final class HostNameForm {

    /** The digit zero. */
    private static final char MARK = 'A';

    private static final String ESCAPES = "_ehp";
    private static final String ESCAPED = "_=-+";

    private HostNameForm() {}

    /** Returns a signed local part in the first spelling if every verifier can query it, else in the second. */
    static String write(String digits, String localPart) {
        String signed = Base38.TAG + digits + '=' + localPart;
        return write(signed, Base38.TAG.length() + digits.length(), localPart);
    }

    /** Returns the same, of a local part in the first spelling whose signature ends at a position. */
    static String write(String signed, int end, String localPart) {
        int start = Base38.TAG.length();
        // SPF never matches a local part outside ASCII (RFC 8616 section 4), however it is spelled.
        return signed.charAt(start) != '-' && isSafe(localPart) || !Ascii.isDotAtom(localPart)
                ? signed
                : Base38.TAG + MARK + signed.substring(start, end) + '=' + escape(localPart);
    }

    /** Returns the local part as a {@link SesSyntax.Signed} was written. */
    static String written(SesSyntax.Signed signed) {
        return Base38.TAG
                + signed.digits()
                + '='
                + (Base38.value(signed.digits().charAt(0)) == 0 ? escape(signed.localPart()) : signed.localPart());
    }

    /** Returns the local part of the second spelling; null unless {@link #write} spells it so. */
    static @Nullable String read(String markedDigits, String escaped) {
        String localPart = unescape(escaped);
        if (localPart == null || markedDigits.length() < 2 || Base38.value(markedDigits.charAt(1)) == 0) {
            return null;
        }
        String digits = markedDigits.substring(1);
        String canonical = write(Ascii.toLowerCase(digits), Ascii.toLowerCase(localPart));
        String given = Base38.TAG + MARK + Ascii.toLowerCase(digits) + '=' + Ascii.toLowerCase(escaped);
        return canonical.equals(given) ? localPart : null;
    }

    private static boolean isSafe(String localPart) {
        for (int i = 0; i < localPart.length(); i++) {
            if (!isSafe(localPart, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(String text, int at) {
        char c = text.charAt(at);
        if (c == '-') {
            return at > 0 && text.charAt(at - 1) != '.' && at + 1 < text.length() && text.charAt(at + 1) != '.';
        }
        return c == '.' || Base38.value(c) >= 0;
    }

    private static String escape(String localPart) {
        StringBuilder text = new StringBuilder(localPart.length() + 4);
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c != '_' && isSafe(localPart, i)) {
                text.append(c);
                continue;
            }
            int known = ESCAPED.indexOf(c);
            text.append('_');
            if (known >= 0) {
                text.append(ESCAPES.charAt(known));
            } else {
                text.append('x').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return text.toString();
    }

    private static @Nullable String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '_') {
                text.append(c);
                continue;
            }
            if (++i == escaped.length()) {
                return null;
            }
            int kind = escaped.charAt(i) == '_' ? '_' : escaped.charAt(i) | 0x20;
            int known = ESCAPES.indexOf(kind);
            if (known >= 0) {
                text.append(ESCAPED.charAt(known));
            } else if (kind == 'x' && i + 2 < escaped.length()) {
                int high = Character.digit(escaped.charAt(++i), 16);
                int low = Character.digit(escaped.charAt(++i), 16);
                if (high < 0 || low < 0) {
                    return null;
                }
                text.append((char) (high << 4 | low));
            } else {
                return null;
            }
        }
        return Ascii.isDotAtom(text.toString()) ? text.toString() : null;
    }
}
