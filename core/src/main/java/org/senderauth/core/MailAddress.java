package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An envelope address, {@code local-part@domain}, exactly as it was written.
 *
 * <p>Signatures cover the bytes of an address, so case, quotes, backslashes and the form of an internationalized domain
 * stay. Only a dot at the end of the domain is dropped, as mail servers drop it: {@code example.org.} is {@code
 * example.org} in absolute form. Two addresses are equal if their texts are. The null reverse-path is not an address.
 * Immutable.
 *
 * <p>An address contains no space or angle bracket outside quotes. {@link EnvelopePath#parse} parses texts with them.
 */
public final class MailAddress {

    private static final AsciiSet WRITABLE = AsciiSet.of(" <>@").otherPrintable();

    /** The maximum number of bytes of a local part (RFC 5321 section 4.5.3.1.1). */
    public static final int MAX_LOCAL_PART_OCTETS = 64;

    /** The maximum number of bytes of a domain (RFC 5321 section 4.5.3.1.2). */
    public static final int MAX_DOMAIN_OCTETS = 255;

    /** The maximum number of bytes of an address: a path has 256 with its angle brackets (RFC 5321 section 4.5.3.1.3). */
    public static final int MAX_ADDRESS_OCTETS = 254;

    private final String localPart;
    private final String domain;

    /**
     * Creates an address from its two parts.
     *
     * @param localPart the local part, with its quotes if it has any
     * @param domain the domain, with or without a dot at its end
     * @throws IllegalArgumentException if a part is empty or contains what {@link #isWritable} excludes, the local part
     *     is an unterminated quoted string, or the domain contains a quotation mark
     */
    public MailAddress(String localPart, String domain) {
        this(
                Objects.requireNonNull(localPart, "localPart"),
                Objects.requireNonNull(domain, "domain"),
                problem(localPart, domain));
    }

    /** Creates an address from parts that were checked, with what is wrong with them: no part is checked twice. */
    private MailAddress(String localPart, String domain, @Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        this.localPart = localPart;
        this.domain = MailDomain.relative(domain);
    }

    /** {@return the text before the last {@code @} outside quotes, with its quotes if it has any; never empty} */
    public String localPart() {
        return localPart;
    }

    /** {@return the text after the {@code @} without a dot at its end, a domain name or an address literal in brackets;
     *     never empty} */
    public String domain() {
        return domain;
    }

    /** Why two parts are not an address, even by the loosest reading; null if they are. */
    private static @Nullable String problem(String localPart, String domain) {
        // A missing part says more than a wrong character in the other.
        String problem = domain.isEmpty() && !localPart.isEmpty() ? null : localPartProblem(localPart);
        return problem != null ? problem : domainProblem(domain);
    }

    private static @Nullable String domainProblem(String domain) {
        if (domain.isEmpty()) {
            return "an address has a domain after its @";
        }
        return isWritable(domain) && domain.indexOf('"') < 0
                ? null
                : "a domain contains no space, '<', '>', '@', '\"' or control character";
    }

    private static @Nullable String localPartProblem(String localPart) {
        if (localPart.isEmpty()) {
            return "an address has a local part before its @";
        }
        if (localPart.charAt(0) == '"') {
            return isSendable(localPart) && AddressGrammar.isQuotedString(localPart)
                    ? null
                    : "a quoted local part ends with its closing quotation mark";
        }
        return isWritable(localPart) || isPartlyQuoted(localPart)
                ? null
                : "a local part contains no space, '<', '>', '@' or control character outside quotes";
    }

    /** Why a text is not an address, even by the loosest reading; null if {@link #split} returns one. */
    static @Nullable String problem(String text) {
        int at = text.lastIndexOf('@');
        return at < 0
                ? "an address has an @ between local part and domain"
                : problem(text.substring(0, at), text.substring(at + 1));
    }

    /**
     * Parses a {@code Mailbox} (RFC 5321 section 4.1.2, RFC 6531 section 3.3) within the limits of the standards. A dot
     * at the end of the domain is dropped.
     *
     * @param text the address, without angle brackets
     * @return the address; empty if the text is not one
     */
    public static Optional<MailAddress> parse(String text) {
        return split(text).filter(MailAddress::isValid);
    }

    /**
     * Tests whether a text may be in an address at all, valid or not.
     *
     * @param text any text
     * @return false if it contains ASCII control characters, or half a surrogate pair, which UTF-8 cannot express
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
     * Tests whether a text may be a domain, or a local part without quotes, by the loosest reading.
     *
     * @param text any text
     * @return false if {@link #isSendable} is, or if it contains a space, {@code <}, {@code >} or {@code @}, which show
     *     that text around an address was not removed
     */
    static boolean isWritable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!WRITABLE.has(c)) {
                return c > 0x7f && isSendable(text) && text.chars().noneMatch(MailAddress::isOutside);
            }
        }
        return true;
    }

    // Exim's prvs=0123abcdef="john doe": not a local part by any RFC, but the recipient of its bounces.
    private static boolean isPartlyQuoted(String localPart) {
        boolean quoted = false;
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && isOutside(c)) {
                return false;
            }
        }
        return !quoted && isSendable(localPart);
    }

    private static boolean isOutside(int c) {
        return c == ' ' || c == '<' || c == '>' || c == '@';
    }

    /**
     * Splits a text at its last {@code @}, for software that must handle all addresses of its peers. It checks neither
     * grammar nor lengths.
     *
     * @param text the address, without angle brackets
     * @return the two parts; empty if they are not an address by the rules of {@link #MailAddress(String, String)}
     */
    public static Optional<MailAddress> split(String text) {
        int at = text.lastIndexOf('@');
        if (at <= 0) {
            return Optional.empty();
        }
        return join(text.substring(0, at), text.substring(at + 1));
    }

    /**
     * Returns the address with two parts, as {@link #MailAddress(String, String)} does, for parts from the network.
     *
     * @param localPart the local part, with its quotes if it has any
     * @param domain the domain
     * @return the address; empty where the constructor throws
     */
    public static Optional<MailAddress> join(String localPart, String domain) {
        return problem(localPart, domain) == null
                ? Optional.of(new MailAddress(localPart, domain, null))
                : Optional.empty();
    }

    /**
     * Returns the address whose local part has a content: as it is if that is a {@code Dot-string}, else as a quoted
     * string. No text causes an exception.
     *
     * @param content the local part without the quotes and backslashes of a quoted string
     * @param quoted whether it is a quoted string even where it need not be one
     * @param domain the domain
     * @return the address; empty if the content is, or where the constructor throws
     */
    public static Optional<MailAddress> ofContent(String content, boolean quoted, String domain) {
        if (!quoted && AddressGrammar.isAsciiDotString(content)) {
            return domainProblem(domain) == null
                    ? Optional.of(new MailAddress(content, domain, null))
                    : Optional.empty();
        }
        if (content.isEmpty()) {
            return Optional.empty();
        }
        return join(quoted || !isDotString(content) ? quotedString(content) : content, domain);
    }

    /**
     * Returns a {@code Quoted-string} (RFC 5321 section 4.1.2) with a content; the opposite of {@link
     * #unquotedLocalPart}.
     *
     * @param content any text
     * @return the text in quotes, with a backslash before each quotation mark and backslash
     */
    public static String quotedString(String content) {
        return '"' + content.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * Parses an address whose local part has lost its quotes, {@code john doe@example.org}: the internal form of Postfix,
     * which other software also passes. It rejects an address with text around it, and two addresses.
     */
    static Optional<MailAddress> ofUnquoted(String text) {
        int at = text.lastIndexOf('@');
        if (at <= 0 || text.charAt(0) == '"') {
            return Optional.empty();
        }
        String localPart = text.substring(0, at);
        boolean ambiguous = localPart.indexOf('@') >= 0 && localPart.chars().anyMatch(c -> " ,;".indexOf(c) >= 0);
        if (ambiguous || localPart.indexOf('<') >= 0 || localPart.indexOf('>') >= 0) {
            return Optional.empty();
        }
        return join(quotedString(localPart), text.substring(at + 1));
    }

    /**
     * Returns the address that this program's own code or configuration names.
     *
     * @param text the address, without angle brackets
     * @return the address
     * @throws IllegalArgumentException if the text is not an address by {@link #parse}
     */
    public static MailAddress of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not an email address: " + SafeText.ascii(text)));
    }

    /**
     * Tests whether the grammar of RFC 5321 and RFC 6531 and the limits of RFC 5321 section 4.5.3.1 allow this address.
     *
     * @return true if {@link #parse} would accept it
     */
    public boolean isValid() {
        int localPartOctets = octets(localPart);
        int domainOctets = octets(domain);
        return localPartOctets <= MAX_LOCAL_PART_OCTETS
                && domainOctets <= MAX_DOMAIN_OCTETS
                && localPartOctets + 1 + domainOctets <= MAX_ADDRESS_OCTETS
                && (isQuoted() ? AddressGrammar.isQuotedString(localPart) : isDotString(localPart))
                && (isAddressLiteral() ? AddressGrammar.isLiteralContent(domain) : AddressGrammar.isDomain(domain));
    }

    /**
     * Tests whether the local part is a {@code Quoted-string}.
     *
     * @return true if it starts with a quotation mark
     */
    public boolean isQuoted() {
        return localPart.charAt(0) == '"';
    }

    /**
     * Tests whether the domain is an address literal such as {@code [192.0.2.1]}.
     *
     * @return true if it is in brackets
     */
    public boolean isAddressLiteral() {
        return domain.charAt(0) == '[';
    }

    /**
     * Tests whether the address needs no SMTPUTF8 (RFC 6531).
     *
     * @return true if every character is ASCII
     */
    public boolean isAscii() {
        return toString().chars().allMatch(c -> c < 0x80);
    }

    /**
     * Returns the local part without the quotes and backslashes of a {@code Quoted-string}.
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
     * Returns this address with another local part.
     *
     * @param newLocalPart the new local part, quoted already if it must be
     * @return the changed address
     * @throws IllegalArgumentException if it is not a local part by the rules of {@link #MailAddress(String, String)}
     */
    public MailAddress withLocalPart(String newLocalPart) {
        return new MailAddress(
                Objects.requireNonNull(newLocalPart, "newLocalPart"), domain, localPartProblem(newLocalPart));
    }

    /**
     * Returns this address with its domain in lower case; only ASCII letters change.
     *
     * @return an address for lookups, since domains are compared case-insensitively (RFC 5321 section 2.4)
     */
    public MailAddress withLowerCaseDomain() {
        return withParts(localPart, Ascii.toLowerCase(domain));
    }

    /**
     * Returns this address in lower case, as relays write it that do not preserve the case of a local part; only ASCII
     * letters change.
     *
     * @return the lower-cased address
     */
    public MailAddress toLowerCase() {
        return withParts(Ascii.toLowerCase(localPart), Ascii.toLowerCase(domain));
    }

    /** Returns this address with parts that differ in the case of their letters only. */
    private MailAddress withParts(String newLocalPart, String newDomain) {
        return newLocalPart.equals(localPart) && newDomain.equals(domain)
                ? this
                : new MailAddress(newLocalPart, newDomain, null);
    }

    /**
     * Returns the length of the local part in UTF-8.
     *
     * @return bytes
     */
    public int localPartOctets() {
        return octets(localPart);
    }

    /**
     * Returns the length of the address in UTF-8.
     *
     * @return bytes
     */
    public int octets() {
        return octets(localPart) + 1 + octets(domain);
    }

    /**
     * Returns the address as it is written in a {@code MAIL FROM} or {@code RCPT TO} command, without angle brackets.
     *
     * @return {@code local-part@domain}
     */
    @Override
    public String toString() {
        return localPart + '@' + domain;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MailAddress that && localPart.equals(that.localPart) && domain.equals(that.domain);
    }

    @Override
    public int hashCode() {
        return 31 * localPart.hashCode() + domain.hashCode();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Tests whether a text is a {@code Dot-string}, {@code Atom *("." Atom)} (RFC 5321 section 4.1.2), of any length. A local
     * part that is not one must be quoted.
     *
     * @param text any text
     * @return true if it can be a local part without quotes
     */
    public static boolean isDotString(String text) {
        return AddressGrammar.isDotString(text);
    }
}
