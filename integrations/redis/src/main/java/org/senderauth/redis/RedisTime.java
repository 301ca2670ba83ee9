package org.senderauth.redis;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Translates between this host's clock and Redis' own, by which everything in Redis goes. Thread-safe.
 *
 * <p>Each reply tells Redis' time; it is off by no more than the reply's way, which the deadline bounds.
 */
final class RedisTime {

    private static final long MICROS = 1_000;

    private final InstantSource clock;
    private final boolean hostsClock;
    private volatile long ahead;

    /**
     * Makes a translation.
     *
     * @param hostsClock whether Redis is told to go by the host's clock instead of its own, as tests do
     */
    RedisTime(InstantSource clock, boolean hostsClock) {
        this.clock = clock;
        this.hostsClock = hostsClock;
    }

    /** What scripts take as the time: 0 for Redis' own. */
    String argument() {
        return hostsClock ? Long.toString(clock.instant().toEpochMilli() * MICROS) : "0";
    }

    /** Takes note of what a reply says about the time. */
    void replied(long redisMicros) {
        ahead = redisMicros / MICROS - clock.instant().toEpochMilli();
    }

    /** Milliseconds of Redis; 0, as the beginning of 1970, stands for never. */
    long toRedis(Instant time) {
        return time.equals(Instant.EPOCH) ? 0 : Math.max(0, time.toEpochMilli() + ahead);
    }

    Instant toHost(long redisMillis) {
        return redisMillis == 0 ? Instant.EPOCH : Instant.ofEpochMilli(redisMillis - ahead);
    }

    Instant now() {
        return clock.instant();
    }
}
