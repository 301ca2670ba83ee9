package org.senderauth.dkim2;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.dkim2.WireMessage.Field;

/** The domains of the addresses in the From fields of a message. Stateless. */
final class FromDomains {

    private static final Pattern DOMAIN = Pattern.compile("@[ \t]*([^ \t<>(),;:@\"]+)");

    private FromDomains() {}

    /** All domains in lower case; nothing if a From field is missing, has no address, or a text that is not a domain. */
    static Optional<Set<String>> of(WireMessage message) {
        Set<String> domains = new HashSet<>();
        for (Field field : message.fields("from")) {
            Matcher matcher = DOMAIN.matcher(withoutQuotes(message.unfolded(field)));
            boolean found = false;
            while (matcher.find()) {
                found = true;
                Optional<String> domain = SignedPath.domain(matcher.group(1));
                if (domain.isEmpty()) {
                    return Optional.empty();
                }
                domains.add(domain.get());
            }
            if (!found) {
                return Optional.empty();
            }
        }
        return domains.isEmpty() ? Optional.empty() : Optional.of(domains);
    }

    // Quoted strings and comments (RFC 5322 sections 3.2.2 and 3.2.4) may contain anything.
    private static String withoutQuotes(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && (quoted || depth > 0)) {
                i++;
            } else if (c == '"' && depth == 0) {
                quoted = !quoted;
            } else if (c == '(' && !quoted) {
                depth++;
            } else if (c == ')' && !quoted && depth > 0) {
                depth--;
            } else if (!quoted && depth == 0) {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
