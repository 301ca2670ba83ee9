package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.probe.TargetReply;

/**
 * What is remembered of one address. Immutable.
 *
 * @param reason the answer
 * @param reply the mail server's words; null if none decided
 * @param since when it was answered so
 * @param freshUntil the time until which the address is not probed again
 * @param staleUntil the time until which the stale result may be served; not after {@code freshUntil} if it
 *     may not
 * @param keepUntil until when it is remembered, so that a repeated answer is seen to be one
 * @param repeats how many times in a row the answer was given before
 */
public record AddressEntry(
        CalloutReason reason,
        @Nullable TargetReply reply,
        Instant since,
        Instant freshUntil,
        Instant staleUntil,
        Instant keepUntil,
        int repeats) {

    /**
     * Whether this is good news.
     *
     * @return true if mail is taken for the address
     */
    public boolean isPositive() {
        return reason.verdict() == CalloutVerdict.DELIVERABLE;
    }

    /**
     * Whether this answers a request without a probe.
     *
     * @param now the time of the question
     * @return true until the answer's time is over
     */
    public boolean isFresh(Instant now) {
        return now.isBefore(freshUntil);
    }

    /**
     * Whether this may be served though its time is over.
     *
     * @param now the time of the question
     * @return true if so
     */
    public boolean isServable(Instant now) {
        return now.isBefore(staleUntil);
    }
}
