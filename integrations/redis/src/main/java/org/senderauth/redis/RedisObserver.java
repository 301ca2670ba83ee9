package org.senderauth.redis;

import java.time.Duration;

/** Hears when Redis is lost and found again. Called on threads that must not be blocked; thread-safe. */
public interface RedisObserver {

    /** Does nothing. */
    RedisObserver NONE = new RedisObserver() {};

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
}
