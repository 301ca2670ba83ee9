package org.senderauth.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Translates between this host's clock and Redis' own, by which everything in Redis goes. Thread-safe.
 *
 * <p>Each reply tells Redis' time; it is off by no more than the reply's way, which the deadline bounds.
 */
final class RedisTime {

    private static final long MICROS = 1_000;
    private static final int MAX_DIGITS = 18;

    private final InstantSource clock;
    private final boolean hostsClock;
    private volatile long ahead;
    private volatile boolean known;

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

    /** Microseconds of Redis after so much time from now; 0 if its time is not known yet. */
    String after(Duration time) {
        long millis = clock.instant().toEpochMilli() + ahead + time.toMillis();
        return known && !hostsClock ? Long.toString(millis * MICROS) : "0";
    }

    /**
     * Takes note of what a reply says about the time.
     *
     * @return whether it says any
     */
    boolean replied(Object redisMicros) {
        if (!(redisMicros instanceof String text) || text.isEmpty() || text.length() > MAX_DIGITS) {
            return false;
        }
        try {
            ahead = Long.parseLong(text) / MICROS - clock.instant().toEpochMilli();
        } catch (NumberFormatException e) {
            return false;
        }
        known = true;
        return true;
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
