package org.senderauth.csv;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One identity of one message, in a session whose HELO name was checked.
 *
 * @param identity where the message names the domain
 * @param domain the domain; null for the null reverse-path, which has none
 * @param mailFrom the reverse-path as the client sent it, without angle brackets; empty for the null reverse-path
 * @param csa the check of the session's HELO name
 */
public record MprQuery(MprIdentity identity, @Nullable String domain, String mailFrom, CsaResult csa) {

    /**
     * An identity of a message.
     *
     * @param identity where the message names the domain
     * @param domain the domain; null if there is none
     * @param mailFrom the reverse-path without angle brackets; empty for the null reverse-path
     * @param csa the check of the session's HELO name
     */
    public MprQuery {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(mailFrom, "mailFrom");
        Objects.requireNonNull(csa, "csa");
    }

    /**
     * The reverse-path of a message.
     *
     * @param mailFrom the reverse-path without angle brackets; empty for the null reverse-path
     * @param csa the check of the session's HELO name
     * @return the query
     */
    public static MprQuery mailFrom(String mailFrom, CsaResult csa) {
        return new MprQuery(MprIdentity.MAIL_FROM, domain(mailFrom), mailFrom, csa);
    }

    /**
     * The first mailbox in the From header of a message.
     *
     * @param author the mailbox's address
     * @param mailFrom the reverse-path without angle brackets; empty for the null reverse-path
     * @param csa the check of the session's HELO name
     * @return the query
     */
    public static MprQuery from(String author, String mailFrom, CsaResult csa) {
        return new MprQuery(MprIdentity.FROM, domain(author), mailFrom, csa);
    }

    private static @Nullable String domain(String address) {
        return address.isEmpty() ? null : address.substring(address.lastIndexOf('@') + 1);
    }
}
