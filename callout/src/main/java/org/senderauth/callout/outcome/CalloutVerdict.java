package org.senderauth.callout.outcome;

/** The outcome of a verification. */
public enum CalloutVerdict {
    /** Its mail server accepts it. */
    DELIVERABLE,
    /** Its mail server accepts all recipients, which does not determine the address. */
    CATCH_ALL,
    /** Its mail server or the DNS shows that no mail can be delivered to it. */
    UNDELIVERABLE,
    /** No conclusive reply; a later probe may get one. Never a reason for a permanent rejection. */
    UNDECIDED,
    /** It was not probed, on purpose. */
    SKIPPED
}
