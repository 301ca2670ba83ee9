package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An envelope address, {@code local-part@domain}, kept exactly as it was written.
 *
 * <p>Signatures cover the octets of an address, so nothing is normalised here: case, quotes, backslashes and the form
 * of an internationalised domain stay. Two addresses are equal if they are written alike. The null reverse-path is not
 * an address. Immutable.
 *
 * @param localPart what stands before the last {@code @} outside quotes, with its quotes if it has any; never empty
 * @param domain what stands behind it, a domain name or an address literal in brackets; never empty
 */
public record MailAddress(String localPart, String domain) {

    /** Most octets of a local part (RFC 5321 section 4.5.3.1.1). */
    public static final int MAX_LOCAL_PART_OCTETS = 64;

    /** Most octets of a domain (RFC 5321 section 4.5.3.1.2). */
    public static final int MAX_DOMAIN_OCTETS = 255;

    /** Most octets of an address: a path has 256 with its angle brackets (RFC 5321 section 4.5.3.1.3). */
    public static final int MAX_ADDRESS_OCTETS = 254;

    /**
     * Makes an address of its two parts.
     *
     * @param localPart the local part, with its quotes if it has any
     * @param domain the domain
     * @throws IllegalArgumentException if a part is empty or holds an ASCII control character or half a surrogate
     *     pair, or the domain an {@code @}
     */
    public MailAddress {
        if (localPart.isEmpty() || !isSendable(localPart)) {
            throw new IllegalArgumentException(
                    "a local part must not be empty, nor hold control characters or half surrogate pairs");
        }
        if (domain.isEmpty() || !isSendable(domain) || domain.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "a domain must not be empty, nor hold '@', control characters or half surrogate pairs");
        }
    }

    /**
     * Reads a {@code Mailbox} as RFC 5321 section 4.1.2 and RFC 6531 section 3.3 write it, within their limits.
     *
     * @param text the address, without angle brackets
     * @return the address, or nothing if the text is not one
     */
    public static Optional<MailAddress> parse(String text) {
        return split(text).filter(MailAddress::isValid);
    }

    /**
     * Whether a text may stand in an address at all, valid or not.
     *
     * @param text any text
     * @return false if it holds ASCII control characters, or half a surrogate pair, which UTF-8 cannot express
     */
    public static boolean isSendable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                continue;
            }
            if (c <= 0x7f) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /**
     * Splits a text at its last {@code @} outside quotes, for software that must handle whatever addresses its peers
     * use: neither the grammar nor the lengths are checked.
     *
     * @param text the address, without angle brackets
     * @return the two parts, or nothing if one of them is empty or the text holds ASCII control characters or half a
     *     surrogate pair, which UTF-8 cannot express
     */
    public static Optional<MailAddress> split(String text) {
        int at = text.lastIndexOf('@');
        if (at <= 0 || at == text.length() - 1 || !isSendable(text)) {
            return Optional.empty();
        }
        String local = text.substring(0, at);
        if (local.charAt(0) == '"' && !isQuotedString(local)) {
            // The last @ stands inside a quoted string that is not closed before it.
            return Optional.empty();
        }
        return Optional.of(new MailAddress(local, text.substring(at + 1)));
    }

    /**
     * The address that a text in this program's own code or configuration names.
     *
     * @param text the address, without angle brackets
     * @return the address
     * @throws IllegalArgumentException if the text is not an address by {@link #parse}
     */
    public static MailAddress of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not a mail address: " + Printable.ascii(text)));
    }

    /**
     * Whether the grammar of RFC 5321 and RFC 6531 and the limits of RFC 5321 section 4.5.3.1 allow this address.
     *
     * @return true if {@link #parse} would accept it
     */
    public boolean isValid() {
        return octets(localPart) <= MAX_LOCAL_PART_OCTETS
                && octets(domain) <= MAX_DOMAIN_OCTETS
                && octets() <= MAX_ADDRESS_OCTETS
                && (isQuoted() ? isQuotedString(localPart) : isDotString(localPart))
                && (isAddressLiteral() ? isLiteralContent(domain) : isDomain(domain));
    }

    /**
     * Whether the local part is a {@code Quoted-string}.
     *
     * @return true if it starts with a quotation mark
     */
    public boolean isQuoted() {
        return localPart.charAt(0) == '"';
    }

    /**
     * Whether the domain is an address literal such as {@code [192.0.2.1]}.
     *
     * @return true if it stands in brackets
     */
    public boolean isAddressLiteral() {
        return domain.charAt(0) == '[';
    }

    /**
     * Whether the address needs no SMTPUTF8 (RFC 6531).
     *
     * @return true if every character is ASCII
     */
    public boolean isAscii() {
        return toString().chars().allMatch(c -> c < 0x80);
    }

    /**
     * The local part without the quotes and backslashes of a {@code Quoted-string}.
     *
     * @return the content of the local part
     */
    public String unquotedLocalPart() {
        if (!isQuoted()) {
            return localPart;
        }
        StringBuilder content = new StringBuilder(localPart.length());
        for (int i = 1; i < localPart.length() - 1; i++) {
            char c = localPart.charAt(i);
            content.append(c == '\\' ? localPart.charAt(++i) : c);
        }
        return content.toString();
    }

    /**
     * This address with another local part, as signing and unsigning need it.
     *
     * @param newLocalPart the new local part, quoted already if it must be
     * @return the changed address
     * @throws IllegalArgumentException if the local part is empty or holds ASCII control characters or half a surrogate
     *     pair
     */
    public MailAddress withLocalPart(String newLocalPart) {
        return new MailAddress(newLocalPart, domain);
    }

    /**
     * This address with its domain in lower case; only ASCII letters change.
     *
     * @return an address for look-ups, since domains are compared without case (RFC 5321 section 2.4)
     */
    public MailAddress withLowerCaseDomain() {
        String lower = asciiLowerCase(domain);
        return lower.equals(domain) ? this : new MailAddress(localPart, lower);
    }

    /**
     * This address in lower case, as relays that do not keep the case of a local part write it; only ASCII letters
     * change.
     *
     * @return the lower-cased address
     */
    public MailAddress toLowerCase() {
        String lower = asciiLowerCase(localPart);
        return lower.equals(localPart) ? withLowerCaseDomain() : new MailAddress(lower, asciiLowerCase(domain));
    }

    /**
     * The length of the local part in UTF-8.
     *
     * @return octets
     */
    public int localPartOctets() {
        return octets(localPart);
    }

    /**
     * The length of the address in UTF-8.
     *
     * @return octets
     */
    public int octets() {
        return octets(localPart) + 1 + octets(domain);
    }

    /**
     * The address as it stands in a {@code MAIL FROM} or {@code RCPT TO} command, without angle brackets.
     *
     * @return {@code local-part@domain}
     */
    @Override
    public String toString() {
        return localPart + '@' + domain;
    }

    private static String asciiLowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 'A' && text.charAt(i) <= 'Z') {
                StringBuilder lower = new StringBuilder(text);
                for (int j = i; j < text.length(); j++) {
                    char c = text.charAt(j);
                    lower.setCharAt(j, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
                }
                return lower.toString();
            }
        }
        return text;
    }

    private static int octets(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }

    // Dot-string = Atom *("." Atom)
    private static boolean isDotString(String text) {
        boolean atomNeeded = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (atomNeeded) {
                    return false;
                }
                atomNeeded = true;
            } else if (isAtext(c)) {
                atomNeeded = false;
            } else {
                return false;
            }
        }
        return !atomNeeded;
    }

    // atext of RFC 5322 section 3.2.3; UTF8-non-ascii joins it by RFC 6531 section 3.3. C1 controls are refused.
    private static boolean isAtext(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c > 0x9f
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    // Quoted-string = DQUOTE *QcontentSMTP DQUOTE, the whole of the text
    private static boolean isQuotedString(String text) {
        int last = text.length() - 1;
        if (last < 1 || text.charAt(0) != '"' || text.charAt(last) != '"') {
            return false;
        }
        for (int i = 1; i < last; i++) {
            char c = text.charAt(i);
            if (c == '"' || c >= 0x7f && c <= 0x9f) {
                return false;
            }
            if (c == '\\' && (++i == last || text.charAt(i) > 0x7e)) {
                return false;
            }
        }
        return true;
    }

    // Domain = sub-domain *("." sub-domain); sub-domain = Let-dig [Ldh-str] / U-label
    private static boolean isDomain(String text) {
        for (String label : text.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                boolean letDigHyphen = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-';
                if (!letDigHyphen && c <= 0x9f) {
                    return false;
                }
            }
        }
        return true;
    }

    // address-literal = "[" 1*dcontent "]" ; the address itself is left to whoever uses it
    private static boolean isLiteralContent(String text) {
        int last = text.length() - 1;
        if (last < 2 || text.charAt(last) != ']') {
            return false;
        }
        return text.substring(1, last).chars().allMatch(c -> c > 0x20 && c < 0x7f && "[\\]".indexOf(c) < 0);
    }
}
