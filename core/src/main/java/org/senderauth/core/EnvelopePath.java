package org.senderauth.core;

import java.util.Objects;
import java.util.Optional;

/**
 * The argument of {@code MAIL FROM} or {@code RCPT TO}: a {@code Path} (RFC 5321 section 4.1.2) with or without its angle
 * brackets. All addresses that come as text are parsed here, so none is signed, looked up or compared with a bracket, a space
 * or a parameter in it.
 *
 * <p>Spaces around the path are dropped, a source route is ignored (RFC 5321 appendix C), and a local part that has lost
 * its quotes, as in {@code john doe@example.org} from Postfix, gets them back. An address by the
 * loosest reading is a {@link Mailbox}; {@link MailAddress#isValid} applies the grammar. No text from the network causes
 * an exception. Implementations are immutable.
 */
public sealed interface EnvelopePath {

    /** The null reverse-path (RFC 5321 section 4.5.5): {@code <>}, or an empty text. */
    record Null() implements EnvelopePath {}

    /**
     * An address.
     *
     * @param mailbox the address
     */
    record Mailbox(MailAddress mailbox) implements EnvelopePath {}

    /**
     * A part of an address: a local part alone, such as {@code postmaster} (RFC 5321 section 4.5.1), or a domain after an
     * {@code @} (RFC 7208 section 4.3).
     *
     * @param localPart the local part; empty if there is a domain
     * @param domain the domain; empty if there is a local part
     */
    record Partial(String localPart, String domain) implements EnvelopePath {}

    /**
     * A text that is not an address.
     *
     * @param problem the reason, in printable ASCII; it never repeats the text
     */
    record Malformed(String problem) implements EnvelopePath {}

    /**
     * Parses a path.
     *
     * @param text the text, from the network or from a user
     * @return the path
     */
    static EnvelopePath parse(String text) {
        return PathReader.read(Objects.requireNonNull(text, "text"));
    }

    /**
     * Returns the address, if this is one.
     *
     * @return the address; empty for the null reverse-path too
     */
    default Optional<MailAddress> address() {
        return this instanceof Mailbox found ? Optional.of(found.mailbox()) : Optional.empty();
    }

    /**
     * Returns the address that a program's own code or configuration must name.
     *
     * @param text the text
     * @param parameter the parameter, for the message
     * @return the address
     * @throws NullPointerException if the text is null
     * @throws IllegalArgumentException if the text is not an address
     */
    static MailAddress require(String text, String parameter) {
        EnvelopePath path = parse(Objects.requireNonNull(text, parameter));
        return path.address()
                .orElseThrow(() -> new IllegalArgumentException(
                        parameter + " must be an email address such as alice@example.org, was '" + SafeText.ascii(text)
                                + "'" + (path instanceof Malformed malformed ? ": " + malformed.problem() : "")));
    }
}
