package org.senderauth.dkim2;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.senderauth.dns.DomainNames;

/** The recipients that a message shows to all of them: those in To and Cc. */
final class VisibleRecipients {

    private static final String ADDRESS_CHARACTERS = ".!#$%&'*+/=?^_`{|}~@-";

    private VisibleRecipients() {}

    /** Tests whether a header section shows all of these addresses, with or without angle brackets. */
    static boolean include(List<String> recipients, String header) {
        Set<String> visible = new HashSet<>();
        boolean inField = false;
        for (String line : header.split("\r\n")) {
            if (!line.startsWith(" ") && !line.startsWith("\t")) {
                int colon = Math.max(0, line.indexOf(':'));
                inField = isVisible(lower(line.substring(0, colon).strip()));
            }
            if (inField) {
                addAddresses(line, visible);
            }
        }
        return recipients.stream()
                .map(VisibleRecipients::bare)
                .map(VisibleRecipients::compared)
                .allMatch(visible::contains);
    }

    // Whatever looks like an address, in a name or a comment too. One in quotes counts as hidden.
    private static void addAddresses(String line, Set<String> found) {
        int start = 0;
        boolean at = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ' ';
            at |= c == '@';
            if (!Character.isLetterOrDigit(c) && ADDRESS_CHARACTERS.indexOf(c) < 0) {
                if (at) {
                    found.add(compared(line.substring(start, i)));
                }
                start = i + 1;
                at = false;
            }
        }
    }

    private static boolean isVisible(String field) {
        return switch (field) {
            case "to", "cc", "resent-to", "resent-cc" -> true;
            default -> false;
        };
    }

    private static String bare(String path) {
        return path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
    }

    private static String compared(String address) {
        int at = address.lastIndexOf('@') + 1;
        return lower(address.substring(0, at)) + DomainNames.canonical(address.substring(at));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
