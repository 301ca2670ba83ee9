package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimiter;

/** The decision of a state on a request. Immutable. */
public sealed interface Admission {

    /**
     * The result is cached.
     *
     * @param answer the cached entry
     * @param ofDomain true if it is the entry of the domain
     * @param stale whether the result is stale
     * @param refresh the permit for a refreshing probe, which must then be used; null if the result is fresh, or no probe is
     *     allowed now
     */
    record Known(
            AddressEntry answer,
            boolean ofDomain,
            boolean stale,
            @Nullable ProbePermit refresh) implements Admission {}

    /** A probe of the address is in progress, in another thread or on another host. */
    record Running() implements Admission {}

    /**
     * The request must not cause a probe now.
     *
     * @param by the limit or circuit breaker
     */
    record Limited(CalloutLimiter by) implements Admission {}

    /**
     * This caller alone probes the address.
     *
     * @param grant the permit
     */
    record Granted(ProbePermit grant) implements Admission {}
}
