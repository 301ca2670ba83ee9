package org.senderauth.callout.outcome;

/** The limits and circuit breakers that can prevent a probe. */
public enum CalloutLimiter {
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

    CalloutLimiter(CalloutReason reason, String text) {
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
