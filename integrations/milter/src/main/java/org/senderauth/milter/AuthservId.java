package org.senderauth.milter;

import java.util.Optional;
import org.senderauth.dns.DomainNames;

/**
 * Reads who claims to have written an Authentication-Results field (RFC 8601 section 2.2):
 *
 * <pre>
 * authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ...
 * authserv-id     = value ; a token or a quoted-string (RFC 2045 section 5.1)
 * </pre>
 */
final class AuthservId {

    private static final int MAX_NAME = 255;

    private AuthservId() {}

    /**
     * Tests whether a field claims to be of a host, in any spelling that a reader could take for its name: in U-labels,
     * with a dot at the end, after what is a space to C, Java or Python, or after a comment that is closed for lax readers.
     */
    static boolean is(String name, String value) {
        return isSame(name, of(value)) || isSame(name, of(lax(value)));
    }

    private static boolean isSame(String name, Optional<String> id) {
        return id.filter(text ->
                        text.length() <= MAX_NAME && DomainNames.canonical(text).equals(DomainNames.canonical(name)))
                .isPresent();
    }

    // Many readers know no nested comments and no backslash in them: a comment ends at the next parenthesis.
    private static String lax(String value) {
        StringBuilder head = new StringBuilder();
        int end = value.indexOf(';');
        int at = 0;
        while (at < (end < 0 ? value.length() : end)) {
            char c = value.charAt(at);
            int closed = c == '(' ? value.indexOf(')', at) : at;
            head.append(c == '(' || c == '"' ? ' ' : c);
            // A comment that does not end is the rest of the field.
            at = closed < 0 ? value.length() : closed + 1;
        }
        return head.toString();
    }

    /** The authserv-id of a field; empty if it has none. */
    static Optional<String> of(String value) {
        int at = skipCfws(value, 0);
        if (at < value.length() && value.charAt(at) == '"') {
            return quoted(value, at + 1);
        }
        int end = at;
        while (end < value.length() && isToken(value.charAt(end))) {
            end++;
        }
        return end == at ? Optional.empty() : Optional.of(value.substring(at, end));
    }

    private static Optional<String> quoted(String value, int from) {
        StringBuilder content = new StringBuilder();
        for (int at = from; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '"') {
                return Optional.of(content.toString());
            }
            if (c == '\\' && at + 1 < value.length()) {
                c = value.charAt(++at);
            }
            content.append(c);
        }
        return Optional.empty();
    }

    private static int skipCfws(String value, int from) {
        int depth = 0;
        for (int at = from; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '(') {
                depth++;
            } else if (depth > 0 && c == ')') {
                depth--;
            } else if (depth > 0 && c == '\\') {
                at++;
            } else if (depth == 0 && !isSpace(c)) {
                return at;
            }
        }
        return value.length();
    }

    // Wider than a token of RFC 2045: what a lax reader accepts as our name must be found here as well.
    private static boolean isToken(char c) {
        return !isSpace(c) && "();\"".indexOf(c) < 0;
    }

    private static boolean isSpace(char c) {
        return c <= ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isIdentifierIgnorable(c);
    }
}
