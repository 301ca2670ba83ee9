package org.senderauth.milter;

import java.util.Optional;

/**
 * Reads who claims to have written an Authentication-Results field (RFC 8601 section 2.2):
 *
 * <pre>
 * authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ...
 * authserv-id     = value ; a token or a quoted-string (RFC 2045 section 5.1)
 * </pre>
 */
final class AuthservId {

    private AuthservId() {}

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
            } else if (depth == 0 && " \t\r\n".indexOf(c) < 0) {
                return at;
            }
        }
        return value.length();
    }

    // Wider than a token of RFC 2045: what a lax reader accepts as our name must be found here as well.
    private static boolean isToken(char c) {
        return c > ' ' && c != 0x7f && "();\"".indexOf(c) < 0;
    }
}
