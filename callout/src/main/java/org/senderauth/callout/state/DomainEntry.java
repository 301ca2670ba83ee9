package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.probe.ProbeRequest.TriState;

/**
 * What is remembered of one domain. Immutable.
 *
 * @param standing the answer for every address of the domain, good until it is not fresh any more; null if there is none
 * @param catchAll whether the domain accepts all recipients
 * @param catchAllUntil until when that holds
 */
public record DomainEntry(@Nullable AddressEntry standing, TriState catchAll, Instant catchAllUntil) {

    /** Nothing is remembered. */
    public static final DomainEntry NONE = new DomainEntry(null, TriState.UNKNOWN, Instant.EPOCH);

    /**
     * What of this holds at a time.
     *
     * @param now the time
     * @return the same without what is over
     */
    public DomainEntry at(Instant now) {
        return new DomainEntry(
                standing != null && standing.isFresh(now) ? standing : null,
                now.isBefore(catchAllUntil) ? catchAll : TriState.UNKNOWN,
                catchAllUntil);
    }

    /**
     * When all of this is over.
     *
     * @return the last of the times
     */
    public Instant keepUntil() {
        return standing != null && standing.keepUntil().isAfter(catchAllUntil) ? standing.keepUntil() : catchAllUntil;
    }
}
