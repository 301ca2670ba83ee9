package org.senderauth.redis;

import java.time.Duration;

/** Hears when Redis is lost and found again. Called on threads that must not be blocked; thread-safe. */
public interface RedisObserver {

    /** Does nothing. */
    RedisObserver NONE = new RedisObserver() {};

    /** What Redis is asked for. */
    enum Work {
        /** To admit a question of a callout. */
        ADMISSION,
        /** To admit a connection to a mail server. */
        MAIL_SERVER,
        /** To count a use of an SES signature, or to tell the count. */
        SES_COUNT,
        /** To give numbers for SES signatures. */
        SES_NUMBERS
    }

    /**
     * Redis is not used from now on, until {@link #restored}.
     *
     * @param cause what failed, one line for a log
     */
    default void lost(String cause) {}

    /**
     * Redis answers and takes writes again.
     *
     * @param outage how long it did not
     */
    default void restored(Duration outage) {}

    /**
     * Something was answered without Redis, which was away: by this host's share of the budgets, or to be tried later.
     *
     * @param work what it was
     */
    default void bypassed(Work work) {}
}
