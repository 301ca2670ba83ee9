package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Parses domain names, host names and HELO names, as {@link EnvelopePath} parses addresses: strictly in a program's own code
 * and configuration, loosely from a client. Stateless.
 */
public final class MailDomain {

    private MailDomain() {}

    /**
     * Parses the argument of HELO or EHLO or the domain of an address by the loosest reading, since clients send underscores,
     * empty labels and address literals.
     *
     * @param text any text
     * @return the name without spaces around it; empty if it is empty or contains a space, {@code <}, {@code >}, {@code
     *     @}, a quotation mark or a control character
     */
    public static Optional<String> parse(String text) {
        String name = PathReader.trimmed(Objects.requireNonNull(text, "text"));
        return !name.isEmpty() && MailAddress.isWritable(name) && name.indexOf('"') < 0
                ? Optional.of(name)
                : Optional.empty();
    }

    /** Returns a domain without the one dot at its end that makes it absolute; other empty labels stay, as in Postfix. */
    static String relative(String domain) {
        int last = domain.length() - 1;
        return last > 0 && domain.charAt(last) == '.' && domain.charAt(last - 1) != '.'
                ? domain.substring(0, last)
                : domain;
    }

    /**
     * Returns the domain that a program's own code or configuration names.
     *
     * @param text a domain name, in A-labels or U-labels, with or without a dot at its end
     * @param parameter the parameter, for the message
     * @return the domain without the dot
     * @throws NullPointerException if the text is null
     * @throws IllegalArgumentException if the text is not a domain name: letters, digits, hyphens and underscores in
     *     labels of 1 to 63 characters, at most {@link MailAddress#MAX_DOMAIN_OCTETS} octets
     */
    public static String require(String text, String parameter) {
        String domain = relative(Objects.requireNonNull(text, parameter));
        if (!isDomain(domain)) {
            throw new IllegalArgumentException(
                    parameter + " must be a domain name such as example.org, was '" + SafeText.ascii(text) + "'");
        }
        return domain;
    }

    private static boolean isDomain(String domain) {
        if (domain.getBytes(StandardCharsets.UTF_8).length > MailAddress.MAX_DOMAIN_OCTETS
                || !MailAddress.isSendable(domain)) {
            return false;
        }
        for (String label : domain.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63 || !label.chars().allMatch(MailDomain::isLabelCharacter)) {
                return false;
            }
        }
        return true;
    }

    // Host names have no underscores, but the names of many zones do. IDNA validates U-labels elsewhere.
    private static boolean isLabelCharacter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_'
                || c > 0xa0 && !Character.isSpaceChar(c);
    }
}
