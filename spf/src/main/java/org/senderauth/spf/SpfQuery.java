package org.senderauth.spf;

import java.net.InetAddress;
import java.util.Objects;

/**
 * The question of one check: may this client use this identity? Any text is allowed; what is no domain gets the RFC's
 * answer. Immutable.
 *
 * @param client the address of the SMTP client; an IPv4-mapped IPv6 address counts as IPv4
 * @param identity which name is checked
 * @param mailFrom the reverse-path without angle brackets; empty if it is null, or if only HELO is of interest
 * @param helo the name of the HELO or EHLO command; empty if it is not known
 */
public record SpfQuery(InetAddress client, SpfIdentity identity, String mailFrom, String helo) {

    /**
     * A question.
     *
     * @param client the address of the SMTP client
     * @param identity which name is checked
     * @param mailFrom the reverse-path without angle brackets; empty if it is null
     * @param helo the name of the HELO or EHLO command; empty if it is not known
     */
    public SpfQuery {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(mailFrom, "mailFrom");
        Objects.requireNonNull(helo, "helo");
    }

    /**
     * Asks about the MAIL FROM identity.
     *
     * @param client the address of the SMTP client
     * @param mailFrom the reverse-path without angle brackets; empty if it is null
     * @param helo the name of the HELO or EHLO command; empty if it is not known
     * @return the question
     */
    public static SpfQuery mailFrom(InetAddress client, String mailFrom, String helo) {
        return new SpfQuery(client, SpfIdentity.MAIL_FROM, mailFrom, helo);
    }

    /**
     * Asks about the HELO identity.
     *
     * @param client the address of the SMTP client
     * @param helo the name of the HELO or EHLO command
     * @return the question
     */
    public static SpfQuery helo(InetAddress client, String helo) {
        return new SpfQuery(client, SpfIdentity.HELO, "", helo);
    }

    SpfQuery withIdentity(SpfIdentity other) {
        return new SpfQuery(client, other, mailFrom, helo);
    }
}
