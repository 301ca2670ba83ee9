package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.probe.ProbeRequest.Known;

/**
 * What is remembered of one domain. Immutable.
 *
 * @param standing the answer for every address of the domain, good until it is not fresh any more; null if there is none
 * @param catchAll whether the domain takes mail for any local part
 * @param catchAllUntil until when that holds
 * @param control whether the domain's mail servers take mail for postmaster from us
 * @param controlUntil until when that holds
 */
public record DomainFacts(
        @Nullable AddressRecord standing, Known catchAll, Instant catchAllUntil, Known control, Instant controlUntil) {

    /** Nothing is remembered. */
    public static final DomainFacts NONE =
            new DomainFacts(null, Known.UNKNOWN, Instant.EPOCH, Known.UNKNOWN, Instant.EPOCH);

    /**
     * What of this holds at a time.
     *
     * @param now the time
     * @return the same without what is over
     */
    public DomainFacts at(Instant now) {
        return new DomainFacts(
                standing != null && standing.isFresh(now) ? standing : null,
                now.isBefore(catchAllUntil) ? catchAll : Known.UNKNOWN,
                catchAllUntil,
                now.isBefore(controlUntil) ? control : Known.UNKNOWN,
                controlUntil);
    }

    /**
     * When all of this is over.
     *
     * @return the last of the times
     */
    public Instant keepUntil() {
        Instant last = catchAllUntil.isAfter(controlUntil) ? catchAllUntil : controlUntil;
        return standing != null && standing.keepUntil().isAfter(last) ? standing.keepUntil() : last;
    }
}
