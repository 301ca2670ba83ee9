package org.senderauth.callout.state;

import org.senderauth.callout.outcome.CalloutReason;

/** The decision on a connection to a mail server. Immutable. */
public sealed interface HostAdmission {

    /**
     * The connection is admitted and counted.
     *
     * @param host the cached entry of the mail server
     */
    record Admitted(HostEntry host) implements HostAdmission {}

    /**
     * The mail server is in backoff after an earlier failure.
     *
     * @param trouble the failure
     */
    record BackingOff(CalloutReason trouble) implements HostAdmission {}

    /** The circuit breaker of the mail server, or of its MX registrable domain, is open. */
    record UnderAttack() implements HostAdmission {}

    /** The rate limit of the mail server is exceeded. */
    record RateLimited() implements HostAdmission {}
}
