package org.senderauth.callout.outcome;

/**
 * The meaning of one reply. Immutable.
 *
 * @param reason what the reply means for the address
 * @param rule the name of the row of the table that decided
 * @param source where that row is written or was observed
 * @param next what a session does after this reply
 */
public record ReplyClassification(CalloutReason reason, String rule, String source, Next next) {

    /** What a session does after a reply. */
    public enum Next {
        /** Nothing: the reason is the outcome. */
        END,
        /** Tries the next MX host; if there is none, the reason is the outcome. */
        NEXT_HOST,
        /** Sends RCPT TO for the postmaster, and classifies the reply again with what that returned. */
        POSTMASTER_CHECK,
        /** Sends STARTTLS and repeats the command. */
        START_TLS,
        /** Repeats the commands without PIPELINING. */
        LOCK_STEP
    }
}
