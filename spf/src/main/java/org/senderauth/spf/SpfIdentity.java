package org.senderauth.spf;

/** Which of the two names that a client gives is checked (RFC 7208 sections 2.3 and 2.4). */
public enum SpfIdentity {
    /** The name of the HELO or EHLO command. */
    HELO("helo"),
    /** The reverse-path of the MAIL FROM command; for the null reverse-path, {@code postmaster@} the HELO name. */
    MAIL_FROM("mailfrom");

    private final String text;

    SpfIdentity(String text) {
        this.text = text;
    }

    /**
     * The identity as {@code Received-SPF} writes it (RFC 7208 section 9.1).
     *
     * @return {@code helo} or {@code mailfrom}
     */
    public String text() {
        return text;
    }
}
