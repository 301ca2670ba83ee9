package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.ProbeReport.TriState;

/**
 * The permit to probe an address, with the cached entries of the address and its domain. Immutable.
 *
 * @param question the permitted request
 * @param token identifies this permit
 * @param prior the cached entry of the probed address, however old; null if there is none
 * @param family the base or pattern whose stale entry is being refreshed; null if there is none
 * @param facts the valid facts of the domain
 * @param reserved whether the mail passes SPF and its registrable domain was first seen more than
 *     {@link StateConstants#NEW_DOMAIN} ago, so the reserved half of shared rate limits is open to it
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
     * The cached entry of a base or pattern.
     *
     * @param key the key of the base or pattern
     * @param answer its entry, a deliverable one
     */
    public record PatternAnswer(String key, AddressEntry answer) {}
}
