package org.senderauth.callout.state;

import java.time.Duration;
import org.senderauth.callout.state.CalloutLimits.Rate;

/** The numbers that every {@link CalloutState} uses, in addition to its {@link org.senderauth.callout.state.CalloutLimits}. */
public final class StateConstants {

    /** The time of a lease that is not ended: longer than any probe takes. */
    public static final Duration LEASE = Duration.ofSeconds(90);

    /** The time over which a domain's answers are counted while it does not count as forged. */
    public static final Duration FORGERY_WINDOW = Duration.ofMinutes(10);

    /** A domain counts as forged while fewer than one answer in this many are good. */
    public static final int FORGERY_GOOD_IN = 10;

    /** How long a forged domain is asked next to nothing before it is judged again. */
    public static final Duration TRICKLE = Duration.ofHours(1);

    /** How often it is asked meanwhile. */
    public static final Rate TRICKLE_RATE = new Rate(Duration.ofMinutes(5), 2);

    /** How long a client's bad senders are counted, and how long a client that has shown too many causes no probe. */
    public static final Duration CLIENT_WINDOW = Duration.ofHours(1);

    /** For how long after its first sight a domain has no part in the reserve: a throw-away domain can pass SPF. */
    public static final Duration NEW_DOMAIN = Duration.ofDays(1);

    /** How long a registrable domain is known after its last admission. */
    public static final Duration KNOWN_DOMAIN = Duration.ofDays(30);

    /** How long the proofs of a pattern are collected, from the last one on. */
    public static final Duration PATTERN_WINDOW = Duration.ofDays(7);

    private StateConstants() {}
}
