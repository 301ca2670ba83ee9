package org.senderauth.policy;

/** The steps of a {@link SenderPolicy}, in the order in which they are taken: cheap and certain ones first. */
public enum Step {
    /** Is the client's address in a block list of the DNS (RFC 5782)? */
    DNSBL(Stage.HELO),
    /** May the client call itself what it says in HELO (CSV)? */
    CSV(Stage.HELO),
    /** May the client's address use the HELO name (RFC 7208 section 2.3)? */
    SPF_HELO(Stage.MAIL),
    /** May the client's address send for the sender's domain (RFC 7208 section 2.4)? */
    SPF(Stage.MAIL),
    /** Is a bounce an answer to mail that we sent (BATV)? */
    BATV(Stage.RCPT),
    /** Did the domain that a signed sender address names really emit it (SES)? */
    SES(Stage.RCPT),
    /** Could a bounce be delivered to the sender? Asked only where all others leave it open. */
    CALLOUT(Stage.RECIPIENT_EXISTS);

    private final Stage stage;
    private final String text = Words.of(this);

    Step(Stage stage) {
        this.stage = stage;
    }

    /**
     * The step as configuration and reports write it.
     *
     * @return the name in lower case, such as {@code spf-helo}
     */
    public String text() {
        return text;
    }

    /**
     * When the step can be taken. No step waits for a later stage than the step after it.
     *
     * @return the first stage at which all is known that it asks about
     */
    public Stage stage() {
        return stage;
    }
}
