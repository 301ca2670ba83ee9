package org.senderauth.callout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.probe.TargetReply;
import org.senderauth.core.SmtpReply;

/**
 * What is known of an address. Immutable.
 *
 * <p>{@link CalloutVerdict#DELIVERABLE} means that a bounce could be returned to the address, and never that the mail
 * comes from it.
 *
 * @param reason why the verdict is what it is
 * @param source where the answer came from
 * @param knownSince when the mail server or the DNS said so; the time of the question if nobody was asked
 * @param reply what to answer to the SMTP client; null where the mail should pass on to the other checks
 * @param targetReply the words of the mail server that decided; null if none did. Not for the client's eyes
 * @param probe all that this question's own probe found; null if it caused none
 */
public record CalloutResult(
        CalloutReason reason,
        Source source,
        Instant knownSince,
        @Nullable SmtpReply reply,
        @Nullable TargetReply targetReply,
        @Nullable ProbeReport probe) {

    /** Where an answer comes from. */
    public enum Source {
        /** From the question itself and the configuration, or from a limit. */
        GATE,
        /** From what is remembered of the domain. */
        DOMAIN,
        /** From what is remembered of the address. */
        ADDRESS,
        /** The same, past its time; it is being asked again, or will be. */
        STALE,
        /** From a probe that another question had caused. */
        JOINED,
        /** From a probe that this question caused. */
        PROBE
    }

    /**
     * The verdict.
     *
     * @return the one that belongs to the reason
     */
    public CalloutVerdict verdict() {
        return reason.verdict();
    }
}
