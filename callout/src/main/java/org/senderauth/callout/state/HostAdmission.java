package org.senderauth.callout.state;

import org.senderauth.callout.CalloutReason;

/** What a state says to somebody who wants to connect to a mail server. Immutable. */
public sealed interface HostAdmission {

    /**
     * It may be connected to; its budget is debited.
     *
     * @param host what is remembered of it
     */
    record Open(HostRecord host) implements HostAdmission {}

    /**
     * It must not be connected to for some time, because of its earlier trouble.
     *
     * @param trouble the trouble
     */
    record Blocked(CalloutReason trouble) implements HostAdmission {}

    /** Its budget is used up. */
    record Exhausted() implements HostAdmission {}
}
