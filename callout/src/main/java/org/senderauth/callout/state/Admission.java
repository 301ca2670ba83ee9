package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason;

/** What a state says to a question. Immutable. */
public sealed interface Admission {

    /**
     * The answer is known.
     *
     * @param answer the answer
     * @param ofDomain it is the domain's standing answer
     * @param stale it is past its time
     * @param refresh leave to ask again, which must then be used; null if it is not stale, or may not be asked now
     */
    record Known(
            AddressRecord answer,
            boolean ofDomain,
            boolean stale,
            @Nullable Grant refresh) implements Admission {}

    /** Somebody is asking about the address at this moment: another thread, or another host. */
    record Running() implements Admission {}

    /**
     * The question must not cause a probe now.
     *
     * @param by what limits it
     */
    record Limited(Limiter by) implements Admission {}

    /**
     * The address is to be asked about, by the asker and nobody else.
     *
     * @param grant the leave
     */
    record Granted(Grant grant) implements Admission {}

    /** What can keep a question from causing a probe. */
    enum Limiter {
        /** The client has shown too many bad senders. */
        CLIENT(CalloutReason.CLIENT_EXHAUSTED),
        /** The domain is under forgery. */
        FORGERY(CalloutReason.DOMAIN_UNDER_FORGERY),
        /** As many probes of the domain are running as may. */
        DOMAIN_PROBES(CalloutReason.RATE_LIMITED),
        /** The domain's budget is used up. */
        DOMAIN(CalloutReason.RATE_LIMITED),
        /** The mail server's budget is used up. */
        HOST(CalloutReason.RATE_LIMITED),
        /** The budget for all is used up, or as many probes are running as may. */
        OVERALL(CalloutReason.RATE_LIMITED);

        private final CalloutReason reason;

        Limiter(CalloutReason reason) {
            this.reason = reason;
        }

        /**
         * The reason of a result that was limited so.
         *
         * @return an undecided reason
         */
        public CalloutReason reason() {
            return reason;
        }
    }
}
