package org.senderauth.policy;

import org.senderauth.core.Ascii;

/** The steps of a {@link SenderPolicy}, in the order in which they run: cheap and reliable ones first. */
public enum Step {
    /** Looks up the client's address in DNS blocklists (RFC 5782). */
    DNSBL(Stage.HELO),
    /** Checks that the client is authorized to use its HELO name (CSV). */
    CSV(Stage.HELO),
    /** Checks the HELO identity with SPF (RFC 7208 section 2.3). */
    SPF_HELO(Stage.MAIL),
    /** Checks the MAIL FROM identity with SPF (RFC 7208 section 2.4). */
    SPF(Stage.MAIL),
    /** Checks that a bounce is for a message we sent (BATV). */
    BATV(Stage.RCPT),
    /** Verifies signed addresses of our domains (SES). */
    SES(Stage.RCPT),
    /** Verifies recipients that are SRS addresses of this forwarder. */
    SRS(Stage.RCPT),
    /** Checks that a bounce returns a message we signed (DKIM2); the result is pending until the end of the message. */
    DKIM2(Stage.RCPT),
    /** Rejects, at the end of the message, a delivery report that no other step proves to be for a message we sent. */
    CONTENT(Stage.RCPT),
    /** Verifies a recipient by a callout to the host that has its mailbox, for a gateway without a list of recipients. */
    CALLFORWARD(Stage.RCPT),
    /** Verifies by a callout that the sender accepts bounces; runs only if all other steps are neutral. */
    CALLOUT(Stage.RCPT_VALIDATED);

    private final Stage stage;
    private final String text = Ascii.text(this);

    Step(Stage stage) {
        this.stage = stage;
    }

    /** {@return the name in configuration and reports, in lower case, such as {@code spf-helo}} */
    public String text() {
        return text;
    }

    /**
     * Returns the stage at which the step runs. No step runs at a later stage than the step after it.
     *
     * @return the first stage at which all is known that the step checks
     */
    public Stage stage() {
        return stage;
    }
}
