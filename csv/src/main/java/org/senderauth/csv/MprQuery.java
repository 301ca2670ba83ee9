package org.senderauth.csv;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;

/**
 * One identity of one message, in a session whose HELO name was checked.
 *
 * @param identity the identity
 * @param domain the domain; null for the null reverse-path, which has none
 * @param mailFrom the reverse-path as the client sent it, without angle brackets and spaces around it; empty for the null
 *     reverse-path
 * @param csa the check of the session's HELO name
 */
public record MprQuery(MprIdentity identity, @Nullable String domain, String mailFrom, CsaResult csa) {

    /**
     * Creates the query of an identity.
     *
     * @param identity the identity
     * @param domain the domain; null if there is none
     * @param mailFrom the reverse-path, with or without angle brackets; empty or {@code <>} for the null reverse-path
     * @param csa the check of the session's HELO name
     */
    public MprQuery {
        Objects.requireNonNull(identity, "identity");
        mailFrom = bare(Objects.requireNonNull(mailFrom, "mailFrom"));
        Objects.requireNonNull(csa, "csa");
    }

    /**
     * Creates the query of the reverse-path of a message.
     *
     * @param mailFrom the reverse-path, with or without angle brackets; empty or {@code <>} for the null reverse-path
     * @param csa the check of the session's HELO name
     * @return the query
     */
    public static MprQuery mailFrom(String mailFrom, CsaResult csa) {
        return new MprQuery(MprIdentity.MAIL_FROM, domain(mailFrom, "mailFrom"), mailFrom, csa);
    }

    /**
     * Creates the query of the first mailbox in the From header field of a message.
     *
     * @param author the mailbox's address
     * @param mailFrom the reverse-path, with or without angle brackets; empty or {@code <>} for the null reverse-path
     * @param csa the check of the session's HELO name
     * @return the query
     */
    public static MprQuery from(String author, String mailFrom, CsaResult csa) {
        return new MprQuery(MprIdentity.FROM, domain(author, "author"), mailFrom, csa);
    }

    private static String bare(String text) {
        EnvelopePath path = EnvelopePath.parse(text);
        return path instanceof EnvelopePath.Null
                ? ""
                : path.address().map(MailAddress::toString).orElse(text);
    }

    // A text that is not an address is unchanged, so that the check can report it.
    private static @Nullable String domain(String text, String parameter) {
        EnvelopePath path = EnvelopePath.parse(Objects.requireNonNull(text, parameter));
        if (path instanceof EnvelopePath.Null) {
            return null;
        }
        if (path instanceof EnvelopePath.Partial partial) {
            return partial.domain().isEmpty() ? partial.localPart() : partial.domain();
        }
        return path.address().map(MailAddress::domain).orElse(text);
    }
}
