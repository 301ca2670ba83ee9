package org.senderauth.callout.state;

import java.time.Duration;
import org.senderauth.callout.outcome.CalloutLimits.Rate;

/**
 * The circuit breakers of a mail server and of an MX registrable domain: one for each kind of request. A flood of one kind
 * opens only its own.
 */
public enum BreakerScope {
    /** Mail of a domain of which no accepted mailbox is cached: any domain may name any server in its MX records. */
    UNPROVEN(Duration.ofHours(6), new Rate(Duration.ofHours(2), 2)),
    /** Mail of a domain of which the server has accepted a mailbox. */
    PROVEN(StateConstants.TRICKLE, StateConstants.TRICKLE_RATE),
    /** Mail with SPF pass of a domain that was first seen more than {@link StateConstants#NEW_DOMAIN} ago. */
    RESERVED(Duration.ofHours(1), new Rate(Duration.ofMinutes(1), 120));

    private final Duration openTime;
    private final Rate trickle;

    BreakerScope(Duration openTime, Rate trickle) {
        this.openTime = openTime;
        this.trickle = trickle;
    }

    /** {@return how long the breaker stays open before the answers of that time are counted} */
    public Duration openTime() {
        return openTime;
    }

    /** {@return the rate of probes while the breaker is open; half of its burst is used} */
    public Rate trickle() {
        return trickle;
    }
}
