package org.senderauth.callout.state;

import java.time.Duration;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;

/** The numbers that every {@link CalloutState} uses, in addition to its {@link CalloutLimits}. */
public final class StateConstants {

    /** The time of a lease that is not ended: longer than any probe takes. */
    public static final Duration LEASE = Duration.ofSeconds(90);

    /** The time over which the results of a domain are counted while its circuit breaker is closed. */
    public static final Duration FORGERY_WINDOW = Duration.ofMinutes(10);

    /** The breaker opens while fewer than one result in this many is positive. */
    public static final int FORGERY_GOOD_IN = 10;

    /** The time for which a breaker stays open before its results are counted anew. */
    public static final Duration TRICKLE = Duration.ofHours(1);

    /** The time between two probes meanwhile. */
    public static final Rate TRICKLE_RATE = new Rate(Duration.ofMinutes(5), 2);

    /** The time for which a client's undeliverable senders are counted, and for which a client at the limit causes no probe. */
    public static final Duration CLIENT_WINDOW = Duration.ofHours(1);

    /** The time after its first sight in which a domain has no part in the reserve: a throw-away domain can pass SPF. */
    public static final Duration NEW_DOMAIN = Duration.ofDays(1);

    /** The time for which a registrable domain is known after its last admission. */
    public static final Duration KNOWN_DOMAIN = Duration.ofDays(30);

    /** The time for which the proofs of a pattern are collected, counted from the last one. */
    public static final Duration PATTERN_WINDOW = Duration.ofDays(7);

    private StateConstants() {}
}
