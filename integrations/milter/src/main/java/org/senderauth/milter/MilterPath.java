package org.senderauth.milter;

import java.util.ArrayList;
import java.util.List;

/**
 * A path of MAIL or RCPT in any of the spellings that MTAs pass on: with or without angle brackets, with a source route,
 * the null reverse-path as {@code <>} or as nothing at all. Immutable.
 *
 * @param octets the path as it came, which is what Postfix compares to delete a recipient
 * @param address the address without angle brackets and source route; empty for the null reverse-path
 * @param arguments the ESMTP arguments, such as {@code SIZE=200}
 */
public record MilterPath(String octets, String address, List<String> arguments) {

    /**
     * Copies the list.
     *
     * @param octets the path as it came
     * @param address the address
     * @param arguments the ESMTP arguments
     */
    public MilterPath {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads a path.
     *
     * @param octets the path as it came, one octet in each char
     * @param arguments the ESMTP arguments as they came
     * @return the path
     */
    public static MilterPath of(String octets, List<String> arguments) {
        List<String> all = new ArrayList<>();
        String path = octets;
        int end = octets.indexOf("> ");
        if (octets.startsWith("<") && end > 0) {
            // Sendmail before 8.17.1.9 leaves the arguments in the first text if it offers SMTPUTF8.
            path = octets.substring(0, end + 1);
            all.addAll(List.of(octets.substring(end + 2).trim().split(" +")));
        }
        all.addAll(arguments);
        return new MilterPath(path, address(WireText.decode(path)), all);
    }

    private static String address(String text) {
        String address = text;
        if (address.length() >= 2 && address.startsWith("<") && address.endsWith(">")) {
            address = address.substring(1, address.length() - 1);
        }
        // A-d-l of RFC 5321 section 4.1.2: @relay.example,@other.example:user@example.org
        int colon = address.indexOf(':');
        return address.startsWith("@") && colon > 0 ? address.substring(colon + 1) : address;
    }

    /**
     * The values of the arguments with these keywords, in order, as the MTA accepts them in a reply.
     *
     * @param keywords keywords in upper case
     * @return the arguments, separated by spaces; empty if there are none
     */
    String argumentsOf(String... keywords) {
        List<String> kept = new ArrayList<>();
        for (String argument : arguments) {
            for (String keyword : keywords) {
                if (argument.regionMatches(true, 0, keyword + "=", 0, keyword.length() + 1)) {
                    kept.add(argument);
                }
            }
        }
        return String.join(" ", kept);
    }

    /** An address as it is put into an answer. */
    static String bracketed(String address) {
        return "<" + WireText.encode(address) + ">";
    }
}
