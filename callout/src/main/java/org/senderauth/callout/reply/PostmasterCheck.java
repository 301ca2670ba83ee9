package org.senderauth.callout.reply;

/**
 * The reply to RCPT TO for the domain's postmaster in the same session, right after the reply that is classified. It is
 * one vote and never proof: a server may accept its postmaster before it applies its own block list (RFC 5321 section
 * 4.5.1).
 */
public enum PostmasterCheck {
    /** The server accepts mail for the postmaster. */
    ACCEPTED,
    /** The server rejects mail for the postmaster. */
    REJECTED,
    /** The server defers it, or did not reply. */
    UNDECIDED,
    /** The check was not made. */
    UNKNOWN
}
