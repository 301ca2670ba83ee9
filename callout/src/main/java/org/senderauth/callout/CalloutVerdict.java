package org.senderauth.callout;

/** What is known of an address after a callout, or instead of one. */
public enum CalloutVerdict {
    /** Its mail server takes mail for it. */
    DELIVERABLE,
    /** Its mail server takes mail for any local part, so that its answer says nothing. */
    CATCH_ALL,
    /** Its mail server, or the DNS, says that no mail can be delivered to it. */
    UNDELIVERABLE,
    /** Nobody said either; a later try may tell. Never a reason for a permanent refusal. */
    UNDECIDED,
    /** It was not asked for, on purpose. */
    SKIPPED
}
