package org.senderauth.redis;

import java.time.Duration;
import java.time.Instant;
import org.senderauth.core.MonotonicClock;

/**
 * Translates between this host's clock and Redis' own, by which everything in Redis goes. Thread-safe.
 *
 * <p>Each reply tells Redis' time; it is off by no more than the reply's way, which the deadline bounds.
 */
final class RedisClock {

    private static final long MICROS = 1_000;
    private static final int MAX_DIGITS = 18;

    private final MonotonicClock clock;
    private final boolean hostsClock;
    private volatile long ahead;
    private volatile boolean known;

    /**
     * Creates a clock.
     *
     * @param hostsClock whether Redis uses the host's clock instead of its own, as in tests
     */
    RedisClock(MonotonicClock clock, boolean hostsClock) {
        this.clock = clock;
        this.hostsClock = hostsClock;
    }

    /** The time argument of scripts: 0 for Redis' own. */
    String argument() {
        return hostsClock ? Long.toString(clock.instant().toEpochMilli() * MICROS) : "0";
    }

    /** Microseconds of Redis after so much time from now; 0 if its time is not known yet. */
    String after(Duration time) {
        long millis = clock.instant().toEpochMilli() + ahead + time.toMillis();
        return known && !hostsClock ? Long.toString(millis * MICROS) : "0";
    }

    /**
     * Reads the time of a reply.
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

    /** Milliseconds of Redis; 0, the beginning of 1970, means never. */
    long toRedis(Instant time) {
        return time.equals(Instant.EPOCH) ? 0 : Math.max(0, time.toEpochMilli() + ahead);
    }

    Instant toHost(long redisMillis) {
        return redisMillis == 0 ? Instant.EPOCH : Instant.ofEpochMilli(redisMillis - ahead);
    }

    /** The clock by which this host measures. */
    MonotonicClock clock() {
        return clock;
    }
}
