package org.senderauth.callout.state;

import java.time.Duration;
import java.time.Instant;
import org.senderauth.callout.outcome.CalloutLimits.Rate;

/**
 * One rate limit: the generic cell rate algorithm, whose whole state is the time at which the next event is due in theory.
 * The burst is unused at first. Not thread-safe.
 */
public final class Gcra {

    private long dueNanos = Long.MIN_VALUE;

    /** A limit with its whole burst unused. */
    public Gcra() {}

    /**
     * Takes one event from the limit if it allows one.
     *
     * @param rate the rate and burst
     * @param preferred true if the whole burst is open, else half of it
     * @param boost the factor of the rate
     * @param now the time
     * @return true if one was taken
     */
    public boolean take(Rate rate, boolean preferred, int boost, Instant now) {
        if (!allows(rate, preferred, boost, now)) {
            return false;
        }
        dueNanos = Math.max(dueNanos, nanos(now)) + interval(rate, boost);
        return true;
    }

    /**
     * Returns the used part of the burst at a time.
     *
     * @param rate the rate and burst
     * @param now the time
     * @return the number of events, 0 if the whole burst is unused
     */
    public long used(Rate rate, Instant now) {
        long left = dueNanos - nanos(now);
        return dueNanos == Long.MIN_VALUE || left <= 0 ? 0 : (left + interval(rate, 1) - 1) / interval(rate, 1);
    }

    /**
     * {@return the time at which the whole burst is unused again; long ago if nothing was taken}
     */
    public Instant fullAgain() {
        return dueNanos == Long.MIN_VALUE ? Instant.EPOCH : Instant.EPOCH.plusNanos(dueNanos);
    }

    /**
     * Takes the whole burst, which is then refilled from a time on.
     *
     * @param rate the rate and burst
     * @param since the time at which the burst is used up
     */
    public void empty(Rate rate, Instant since) {
        dueNanos =
                Math.max(dueNanos, nanos(since) + rate.burst() * rate.interval().toNanos());
    }

    /**
     * {@return true if {@link #take} would take one}
     *
     * @param rate the rate and burst
     * @param preferred true if the whole burst is open, else half of it
     * @param boost the factor of the rate
     * @param now the time
     */
    public boolean allows(Rate rate, boolean preferred, int boost, Instant now) {
        long burst = (long) (preferred ? rate.burst() : rate.burst() / 2) * boost;
        return dueNanos <= nanos(now) + (burst - 1) * interval(rate, boost);
    }

    private static long interval(Rate rate, int boost) {
        return Math.max(1, rate.interval().toNanos() / boost);
    }

    /** Nanoseconds since 1970, in range until 2262. */
    private static long nanos(Instant instant) {
        return Duration.between(Instant.EPOCH, instant).toNanos();
    }
}
