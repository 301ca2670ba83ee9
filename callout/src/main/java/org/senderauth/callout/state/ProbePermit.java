package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.probe.ProbeRequest.TriState;

/**
 * Leave to ask about an address, with what is known of it and its domain. Immutable.
 *
 * @param question what was granted
 * @param token tells this grant from all others
 * @param prior what is remembered of the address as it is asked about, however old; null if nothing
 * @param family the base or pattern whose stale result is being refreshed; null if there is none
 * @param facts what holds of the domain now
 * @param reserved whether the mail passes SPF and its registrable domain was first seen more than
 *     {@link StateConstants#NEW_DOMAIN} ago, so that the reserved half of shared rate limits is open to it
 */
public record ProbePermit(
        AdmissionRequest question,
        String token,
        @Nullable AddressEntry prior,
        @Nullable PatternAnswer family,
        DomainEntry facts,
        boolean reserved) {

    /**
     * {@return the circuit breaker of a mail server that the probe passes}
     *
     * <p>A domain is proven where a server has accepted one of its mailboxes. A rejected one proves nothing here: a flood
     * over many domains has only those, and would open a second circuit breaker with the domains that got through the
     * first.
     */
    public BreakerScope scope() {
        if (reserved) {
            return BreakerScope.RESERVED;
        }
        boolean accepted = facts.catchAll() == TriState.YES || facts.catchAll() == TriState.NO || isPositive();
        return accepted ? BreakerScope.PROVEN : BreakerScope.UNPROVEN;
    }

    /** {@return whether an answer about a mailbox of the domain is cached} */
    public boolean isProven() {
        return facts.catchAll() != TriState.UNKNOWN || isPositive();
    }

    private boolean isPositive() {
        return family != null || prior != null && prior.isPositive();
    }

    /**
     * A family's remembered answer.
     *
     * @param key the family's key
     * @param answer its answer, a deliverable one
     */
    public record PatternAnswer(String key, AddressEntry answer) {}
}
