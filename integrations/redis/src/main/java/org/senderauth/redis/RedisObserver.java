package org.senderauth.redis;

import java.time.Duration;

/** An observer of outages of Redis. Thread-safe; called on threads that must not be blocked. */
public interface RedisObserver {

    /** The observer that does nothing. */
    RedisObserver NONE = new RedisObserver() {};

    /** The operations on Redis. */
    enum Operation {
        /** Admits a verification request. */
        ADMISSION,
        /** Admits a connection to a mail server. */
        MAIL_SERVER,
        /** Counts a use of an SES signature, or reads the count. */
        SES_COUNT,
        /** Reserves serial numbers for SES signatures. */
        SES_NUMBERS,
        /** Keeps or looks up an alias of SRS. */
        SRS_ALIAS
    }

    /**
     * Called when Redis failed: it is not used until {@link #restored}.
     *
     * @param cause what failed, one line for a log
     */
    default void lost(String cause) {}

    /**
     * Called when Redis is still unavailable, for another cause than those reported so far; for a few causes at most.
     *
     * @param cause what failed, one line for a log
     */
    default void stillLost(String cause) {}

    /**
     * Called when Redis responds and accepts writes again.
     *
     * @param outage the time that it did not
     */
    default void restored(Duration outage) {}

    /**
     * Called when an operation was done without Redis: by this host's share of the rate limits, or by a deferral.
     *
     * @param work the operation
     */
    default void fellBack(Operation work) {}
}
