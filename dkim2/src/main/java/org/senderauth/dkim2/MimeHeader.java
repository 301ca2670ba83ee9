package org.senderauth.dkim2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.senderauth.core.Ascii;
import org.senderauth.dkim2.WireMessage.Field;

/**
 * The MIME header of an entity (RFC 2045): its type, parameters and transfer encoding. Immutable.
 *
 * @param type the type and subtype in lower case; {@code text/plain} without a Content-Type, empty if that is malformed
 * @param parameters the parameters; names in lower case
 * @param encoding the transfer encoding in lower case; {@code 7bit} without one
 */
record MimeHeader(String type, Map<String, String> parameters, String encoding) {

    static MimeHeader of(WireMessage entity) {
        List<Field> types = entity.fields("content-type");
        List<Field> encodings = entity.fields("content-transfer-encoding");
        String encoding =
                encodings.isEmpty() ? "7bit" : Ascii.toLowerCase(new Reader(entity.unfolded(encodings.get(0))).token());
        if (types.isEmpty()) {
            return new MimeHeader("text/plain", Map.of(), encoding);
        }
        // With two types, readers could see two different messages.
        Map<String, String> parameters = new HashMap<>();
        String type = types.size() > 1 || encodings.size() > 1
                ? ""
                : new Reader(entity.unfolded(types.get(0))).type(parameters);
        return new MimeHeader(type, Map.copyOf(parameters), encoding);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** Reads tokens, quoted strings and comments (RFC 2045 section 5.1). */
    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        /** The type; empty if it or a parameter is malformed or repeated. */
        String type(Map<String, String> parameters) {
            String type = token();
            if (!take('/')) {
                return "";
            }
            String subtype = token();
            skip();
            while (take(';')) {
                String name = Ascii.toLowerCase(token());
                if (name.isEmpty()) {
                    skip();
                    continue;
                }
                if (!take('=') || parameters.putIfAbsent(name, value()) != null) {
                    return "";
                }
                skip();
            }
            return at < text.length() || type.isEmpty() || subtype.isEmpty()
                    ? ""
                    : Ascii.toLowerCase(type + "/" + subtype);
        }

        private boolean take(char expected) {
            skip();
            boolean found = at < text.length() && text.charAt(at) == expected;
            at += found ? 1 : 0;
            return found;
        }

        private String value() {
            skip();
            if (at < text.length() && text.charAt(at) == '"') {
                return quoted();
            }
            int from = at;
            String token = token();
            skip();
            if (at == text.length() || text.charAt(at) == ';') {
                return token;
            }
            // Not quoted though it has other characters, as many mailers write boundaries and file names.
            int end = text.indexOf(';', at);
            at = end < 0 ? text.length() : end;
            return text.substring(from, at).strip();
        }

        String token() {
            skip();
            int from = at;
            while (at < text.length() && Characters.isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return text.substring(from, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
                value.append(text.charAt(at));
                at++;
            }
            at++;
            return value.toString();
        }

        private void skip() {
            int depth = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '(') {
                    depth++;
                } else if (c == ')' && depth > 0) {
                    depth--;
                } else if (c == '\\' && depth > 0) {
                    at++;
                } else if (depth == 0 && c != ' ' && c != '\t') {
                    return;
                }
                at++;
            }
            at = Math.min(at, text.length());
        }
    }
}
