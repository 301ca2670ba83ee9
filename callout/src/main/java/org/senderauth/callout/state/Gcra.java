package org.senderauth.callout.state;

import java.time.Duration;
import java.time.Instant;
import org.senderauth.callout.state.CalloutLimits.Rate;

/**
 * One budget: the generic cell rate algorithm, whose whole state is the time at which the next cell is due in theory.
 * Full when it is made. Not thread-safe.
 */
public final class Gcra {

    private long dueNanos = Long.MIN_VALUE;

    /** A full budget. */
    public Gcra() {}

    /**
     * Takes one from the budget if there is one.
     *
     * @param rate the budget's rate and burst
     * @param preferred the whole burst is open; else half of it
     * @param boost by how many times the rate is multiplied
     * @param now the time
     * @return whether there was one
     */
    public boolean take(Rate rate, boolean preferred, int boost, Instant now) {
        if (!allows(rate, preferred, boost, now)) {
            return false;
        }
        dueNanos = Math.max(dueNanos, nanos(now)) + interval(rate, boost);
        return true;
    }

    /**
     * Returns how much of the burst is used at a time.
     *
     * @param rate the budget's rate and burst
     * @param now the time
     * @return the number, 0 if it is full
     */
    public long used(Rate rate, Instant now) {
        long left = dueNanos - nanos(now);
        return dueNanos == Long.MIN_VALUE || left <= 0 ? 0 : (left + interval(rate, 1) - 1) / interval(rate, 1);
    }

    /**
     * Returns when it is full again.
     *
     * @return the time; long ago if nothing was taken
     */
    public Instant fullAgain() {
        return dueNanos == Long.MIN_VALUE ? Instant.EPOCH : Instant.EPOCH.plusNanos(dueNanos);
    }

    /**
     * Takes all that there is: what comes next fills up from a time on.
     *
     * @param rate the budget's rate and burst
     * @param since the time at which it is empty
     */
    public void empty(Rate rate, Instant since) {
        dueNanos =
                Math.max(dueNanos, nanos(since) + rate.burst() * rate.interval().toNanos());
    }

    /**
     * Whether there is one to take.
     *
     * @param rate the budget's rate and burst
     * @param preferred the whole burst is open; else half of it
     * @param boost by how many times the rate is multiplied
     * @param now the time
     * @return whether {@link #take} would take one
     */
    public boolean allows(Rate rate, boolean preferred, int boost, Instant now) {
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
