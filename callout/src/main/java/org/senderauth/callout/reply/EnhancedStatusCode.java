package org.senderauth.callout.reply;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced mail system status code (RFC 3463), such as 5.1.1. Immutable.
 *
 * @param statusClass 2 for success, 4 for a temporary failure, 5 for a permanent one
 * @param subject 1 addresses, 2 mailboxes, 3 systems, 4 network, 5 protocol, 6 content, 7 policy, 0 for another
 * @param detail the case of the subject, 0 for another
 */
record EnhancedStatusCode(int statusClass, int subject, int detail) {

    /**
     * status-code = class "." subject "." detail (RFC 3463 section 2); subject and detail have at most three digits and
     * no leading zero. Not part of an IP address or of a longer number.
     */
    static final Pattern ANYWHERE =
            Pattern.compile("(?<![\\w.])([245])\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})(?!\\w|\\.\\d)");

    /**
     * Finds all codes of a text, wherever they are: most servers write one at the start of each line (RFC 2034 section
     * 4), some at the end as {@code (#5.1.1)}.
     *
     * @param text any text
     * @return the codes in the order of the text, each once
     */
    static List<EnhancedStatusCode> findAll(String text) {
        Set<EnhancedStatusCode> codes = new LinkedHashSet<>();
        Matcher matcher = ANYWHERE.matcher(text);
        while (matcher.find()) {
            codes.add(new EnhancedStatusCode(number(matcher, 1), number(matcher, 2), number(matcher, 3)));
        }
        return List.copyOf(codes);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /**
     * {@return the code as a reply contains it, such as {@code 5.1.1}}
     */
    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
