package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/** What a state says to a question. Immutable. */
public sealed interface Admission {

    /**
     * The answer is known.
     *
     * @param answer the answer
     * @param ofDomain it is the domain's standing answer
     * @param stale whether the result is stale
     * @param refresh leave to ask again, which must then be used; null if it is not stale, or may not be asked now
     */
    record Known(
            AddressEntry answer,
            boolean ofDomain,
            boolean stale,
            @Nullable ProbePermit refresh) implements Admission {}

    /** A probe of the address is in progress, in another thread or on another host. */
    record Running() implements Admission {}

    /**
     * The question must not cause a probe now.
     *
     * @param by what limits it
     */
    record Limited(Limiter by) implements Admission {}

    /**
     * The address is to be probed by this caller alone.
     *
     * @param grant the leave
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

        /** {@return the reason of a result that was limited so; it is undecided} */
        public CalloutReason reason() {
            return reason;
        }

        /** {@return the name in logs: that of the setting, or of the circuit breaker} */
        public String text() {
            return text;
        }
    }
}
