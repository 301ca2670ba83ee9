package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.TargetReply;

/**
 * The cached result of one address. Immutable.
 *
 * @param reason the reason of the result
 * @param reply the reply of the mail server; null if none decided
 * @param since the time of the result
 * @param freshUntil the time until which the address is not probed again
 * @param staleUntil the time until which the stale result may be served; not after {@code freshUntil} if it may never be
 * @param keepUntil the time until which the entry is cached, so a repeated result is recognized
 * @param repeats the number of earlier results in a row with the same verdict
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
     * {@return true if the address is deliverable}
     */
    public boolean isPositive() {
        return reason.verdict() == CalloutVerdict.DELIVERABLE;
    }

    /**
     * {@return true if this answers a request without a probe}
     *
     * @param now the time of the request
     */
    public boolean isFresh(Instant now) {
        return now.isBefore(freshUntil);
    }

    /**
     * {@return true if this may be served although it is stale}
     *
     * @param now the time of the request
     */
    public boolean isServable(Instant now) {
        return now.isBefore(staleUntil);
    }
}
