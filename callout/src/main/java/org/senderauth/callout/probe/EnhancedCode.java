package org.senderauth.callout.probe;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced mail system status code (RFC 3463), such as 5.1.1. Immutable.
 *
 * @param statusClass 2 for success, 4 for a failure that may pass, 5 for one that lasts
 * @param subject what the code is about: 1 addresses, 2 mailboxes, 3 systems, 4 network, 5 protocol, 6 content, 7 policy
 * @param detail which case of the subject, 0 if none in particular
 */
record EnhancedCode(int statusClass, int subject, int detail) {

    // status-code = class "." subject "." detail (RFC 3463 section 2), at the start of a reply's text (RFC 2034 section
    // 4)
    private static final Pattern AT_START = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?=\\s|$).*");

    /**
     * The code at the start of the text of one reply line.
     *
     * @param text what follows the reply code and its separator
     * @return the code, if the text starts with one
     */
    static Optional<EnhancedCode> atStartOf(String text) {
        Matcher matcher = AT_START.matcher(text);
        return matcher.matches()
                ? Optional.of(new EnhancedCode(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /**
     * Whether this is the given code, whatever its class.
     *
     * @param otherSubject a subject
     * @param otherDetail a detail
     * @return true if both are the same here
     */
    boolean is(int otherSubject, int otherDetail) {
        return subject == otherSubject && detail == otherDetail;
    }

    /**
     * The code as it stands in a reply.
     *
     * @return such as {@code 5.1.1}
     */
    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
