package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.ProbeReport.TriState;

/**
 * The cached facts of one domain. Immutable.
 *
 * @param standing the result for every address of the domain while it is fresh; null if there is none
 * @param catchAll whether the domain accepts all recipients
 * @param catchAllUntil the time until which that is valid
 */
public record DomainEntry(@Nullable AddressEntry standing, TriState catchAll, Instant catchAllUntil) {

    /** An entry without facts. */
    public static final DomainEntry NONE = new DomainEntry(null, TriState.UNKNOWN, Instant.EPOCH);

    /**
     * Returns the facts that are valid at a time.
     *
     * @param now the time
     * @return the same entry without expired facts
     */
    public DomainEntry at(Instant now) {
        return new DomainEntry(
                standing != null && standing.isFresh(now) ? standing : null,
                now.isBefore(catchAllUntil) ? catchAll : TriState.UNKNOWN,
                catchAllUntil);
    }

    /**
     * {@return the time at which the last fact expires}
     */
    public Instant keepUntil() {
        return standing != null && standing.keepUntil().isAfter(catchAllUntil) ? standing.keepUntil() : catchAllUntil;
    }
}
