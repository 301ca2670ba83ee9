package org.senderauth.spf;

/** The identity that is checked (RFC 7208 sections 2.3 and 2.4). */
public enum SpfIdentity {
    /** The HELO name: the argument of HELO or EHLO. */
    HELO("helo"),
    /** The sender of MAIL FROM; for the null sender, {@code postmaster@} the HELO name. */
    MAIL_FROM("mailfrom");

    private final String text;

    SpfIdentity(String text) {
        this.text = text;
    }

    /**
     * Returns the identity as {@code Received-SPF} writes it (RFC 7208 section 9.1).
     *
     * @return {@code helo} or {@code mailfrom}
     */
    public String text() {
        return text;
    }
}
