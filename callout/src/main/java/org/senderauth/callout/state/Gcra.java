package org.senderauth.callout.state;

import java.time.Duration;
import java.time.Instant;
import org.senderauth.callout.CalloutLimits.Rate;

/**
 * One budget: the generic cell rate algorithm, whose whole state is the time at which the next cell is due in theory.
 * Not thread-safe.
 */
final class Gcra {

    private long dueNanos = Long.MIN_VALUE;

    /**
     * Takes one from the budget if there is one.
     *
     * @param preferred the whole burst is open; else half of it
     * @param boost by how many times the rate is multiplied
     */
    boolean take(Rate rate, boolean preferred, int boost, Instant now) {
        if (!allows(rate, preferred, boost, now)) {
            return false;
        }
        dueNanos = Math.max(dueNanos, nanos(now)) + interval(rate, boost);
        return true;
    }

    boolean allows(Rate rate, boolean preferred, int boost, Instant now) {
        long burst = (long) (preferred ? rate.burst() : rate.burst() / 2) * boost;
        return dueNanos <= nanos(now) + (burst - 1) * interval(rate, boost);
    }

    private static long interval(Rate rate, int boost) {
        return Math.max(1, rate.interval().toNanos() / boost);
    }

    /** Nanoseconds since 1970; good until 2262. */
    private static long nanos(Instant instant) {
        return Duration.between(Instant.EPOCH, instant).toNanos();
    }
}
