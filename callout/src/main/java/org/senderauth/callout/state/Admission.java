package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

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
    record Limited(Limiter by) implements Admission {}

    /**
     * This caller alone probes the address.
     *
     * @param grant the permit
     */
    record Granted(ProbePermit grant) implements Admission {}

    /** The limits and circuit breakers that can prevent a probe. */
    enum Limiter {
        /** The client has shown too many undeliverable senders. */
        CLIENT(CalloutReason.CLIENT_RATE_LIMITED, "client-failure-limit"),
        /** The circuit breaker of the sender's registrable domain is open. */
        FORGERY(CalloutReason.DOMAIN_UNDER_ATTACK, "domain-breaker"),
        /** The maximum number of probes of the domain is in flight. */
        DOMAIN_PROBES(CalloutReason.RATE_LIMITED, "probes-per-domain"),
        /** The rate limit of the domain is reached. */
        DOMAIN(CalloutReason.RATE_LIMITED, "domain-rate"),
        /** The maximum number of connections to the mail server is open. */
        HOST_PROBES(CalloutReason.RATE_LIMITED, "probes-per-host"),
        /** The rate limit of the mail server, or of its MX registrable domain, is reached. */
        HOST(CalloutReason.RATE_LIMITED, "host-rate"),
        /** The circuit breaker of the mail server, or of its MX registrable domain, is open. */
        HOST_BREAKER(CalloutReason.HOST_UNDER_ATTACK, "host-breaker"),
        /** The rate limit of all probes is reached. */
        OVERALL(CalloutReason.RATE_LIMITED, "global-rate"),
        /** The maximum number of probes of this process is in flight. */
        ALL_PROBES(CalloutReason.RATE_LIMITED, "max-concurrent-probes");

        private final CalloutReason reason;
        private final String text;

        Limiter(CalloutReason reason, String text) {
            this.reason = reason;
            this.text = text;
        }

        /** {@return the reason of a result with this limit; it is undecided} */
        public CalloutReason reason() {
            return reason;
        }

        /** {@return the name in logs: that of the setting, or of the circuit breaker} */
        public String text() {
            return text;
        }
    }
}
