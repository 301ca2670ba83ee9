package org.senderauth.policy;

/** The steps of a {@link SenderPolicy}, in the order in which they are taken: cheap and certain ones first. */
public enum Step {
    /** Is the client's address in a block list of the DNS (RFC 5782)? */
    DNSBL,
    /** May the client call itself what it says in HELO (CSV)? */
    CSV,
    /** May the client's address use the HELO name (RFC 7208 section 2.3)? */
    SPF_HELO,
    /** May the client's address send for the sender's domain (RFC 7208 section 2.4)? */
    SPF,
    /** Is a bounce an answer to mail that we sent (BATV)? */
    BATV,
    /** Did the domain that a signed sender address names really emit it (SES)? */
    SES,
    /** Could a bounce be delivered to the sender? Asked only where all others leave it open. */
    CALLOUT;

    /**
     * The step as configuration and reports write it.
     *
     * @return the name in lower case, such as {@code spf-helo}
     */
    public String text() {
        return Words.of(this);
    }
}
