package org.senderauth.callout.reply;

import org.senderauth.callout.outcome.CalloutReason;

/**
 * The meaning of one reply. Immutable.
 *
 * @param reason the meaning of the reply for the address
 * @param rule the name of the table row that decided
 * @param source the text that defines that row, or the server that it was observed at
 * @param next the next step of the session
 */
public record ReplyClassification(CalloutReason reason, String rule, String source, Next next) {

    /** The next step of a session after a reply. */
    public enum Next {
        /** Ends the probe: the reason is the outcome. */
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
