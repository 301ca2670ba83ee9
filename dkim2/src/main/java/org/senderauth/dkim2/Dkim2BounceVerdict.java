package org.senderauth.dkim2;

import org.senderauth.core.Ascii;

/** The proof that a delivery report contains about the message that it returns. */
public enum Dkim2BounceVerdict {
    /** The report is signed by a domain that our message was sent to, and returns that message. Stronger than BATV. */
    OURS_AUTHENTICATED,
    /** The report is not signed, and returns our message as it was sent. As strong as a BATV tag. */
    OURS_UNSIGNED_REPORT,
    /** The returned message is not one that the report's recipient sent. */
    WRONG_RECIPIENT,
    /** The returned message claims our domain, but our keys did not sign it. */
    FORGED,
    /** We signed a message with this envelope, but the returned one is different. */
    ALTERED,
    /** The report is signed by a domain that our message was not sent to. */
    MISALIGNED,
    /** Our signature is older than the maximum age, or from the future. */
    EXPIRED,
    /** The report's own signature does not verify. */
    REPORT_FAILED,
    /**
     * The key of the report's signature is currently unavailable, or only a beginning of the report was kept that does not
     * contain the whole header of the returned message.
     */
    TEMPERROR,
    /** The message is not a delivery report to one recipient. */
    NOT_A_REPORT,
    /** The report returns no message, or one without a DKIM2 signature. */
    NO_EVIDENCE,
    /** The returned message is signed by another domain. */
    NOT_OURS,
    /** The report or the DKIM2 fields of the returned message are ambiguous or malformed. */
    MALFORMED;

    /** {@return whether the report answers a message that we sent} */
    public boolean isOurs() {
        return this == OURS_AUTHENTICATED || this == OURS_UNSIGNED_REPORT;
    }

    /** {@return whether the evidence contradicts the report; a signed report may then be rejected} */
    public boolean isContradicted() {
        return switch (this) {
            case WRONG_RECIPIENT, FORGED, ALTERED, MISALIGNED, EXPIRED, REPORT_FAILED -> true;
            default -> false;
        };
    }

    /** {@return the text form, such as {@code ours-authenticated}} */
    public String text() {
        return Ascii.text(this);
    }
}
