package org.senderauth.core;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.core.EnvelopePath.Mailbox;
import org.senderauth.core.EnvelopePath.Malformed;
import org.senderauth.core.EnvelopePath.Null;
import org.senderauth.core.EnvelopePath.Partial;

/** Parses a path from the outside in: spaces, brackets, source route, mailbox. */
final class PathReader {

    // A-d-l ":" of RFC 5321 section 4.1.2
    private static final Pattern ROUTE = Pattern.compile("@[^@,:<>\"\\s]+(?:,@[^@,:<>\"\\s]+)*:");

    private PathReader() {}

    static EnvelopePath read(String text) {
        String path = trimmed(text);
        if (path.startsWith("<")) {
            int end = closing(path);
            if (end < 0) {
                return new Malformed("an angle bracket is not closed");
            }
            if (end < path.length() - 1) {
                return new Malformed("text follows the closing angle bracket; pass the path without its parameters");
            }
            path = path.substring(1, end);
        }
        return path.isEmpty() ? new Null() : withoutRoute(path);
    }

    /** Returns a text without the spaces and tabs around it. */
    static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Returns the offset of the closing bracket outside quotes; -1 if there is none. */
    private static int closing(String path) {
        boolean quoted = false;
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static EnvelopePath withoutRoute(String path) {
        if (path.charAt(0) != '@') {
            return mailbox(path);
        }
        Matcher route = ROUTE.matcher(path);
        if (route.lookingAt()) {
            String rest = path.substring(route.end());
            return rest.isEmpty() || rest.charAt(0) == '@'
                    ? new Malformed("a source route has an address after its colon")
                    : mailbox(rest);
        }
        String domain = path.substring(1);
        String problem = MailAddress.problem("postmaster" + path);
        return problem == null ? new Partial("", MailDomain.relative(domain)) : new Malformed(problem);
    }

    private static EnvelopePath mailbox(String text) {
        Optional<MailAddress> address = MailAddress.split(text).or(() -> MailAddress.ofUnquoted(text));
        if (address.isPresent()) {
            return new Mailbox(address.get());
        }
        if (text.indexOf('@') < 0 && MailAddress.problem(text + "@localhost") == null) {
            return new Partial(text, "");
        }
        return new Malformed(Objects.requireNonNull(MailAddress.problem(text)));
    }
}
