package org.senderauth.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * A monotonic clock for state in memory: lifetimes, rates, timeouts, leases. It starts at an instant and then counts the
 * elapsed nanoseconds, so setting the wall clock changes nothing. Its instants must not be stored or sent to another host:
 * they differ from the wall clock by every adjustment since the start. It is not an {@link InstantSource}, so the two cannot
 * be confused.
 *
 * <p>Immutable and thread-safe.
 */
public final class MonotonicClock {

    // One for all callers, since instants of clocks that were started before and after the wall clock was set do not
    // compare.
    private static final MonotonicClock SYSTEM =
            new MonotonicClock(InstantSource.system().instant(), System::nanoTime);

    private final Instant start;
    private final LongSupplier nanoTime;
    private final long origin;

    private MonotonicClock(Instant start, LongSupplier nanoTime) {
        this.start = start;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
    }

    /**
     * Returns the clock of this process, based on {@link System#nanoTime}.
     *
     * @return the same clock for every caller
     */
    public static MonotonicClock system() {
        return SYSTEM;
    }

    /**
     * Creates a clock, for tests.
     *
     * @param start the instant that it currently shows
     * @param nanoTime nanoseconds since any origin, monotonic, such as {@link System#nanoTime}
     */
    public static MonotonicClock startingAt(Instant start, LongSupplier nanoTime) {
        return new MonotonicClock(Objects.requireNonNull(start, "start"), Objects.requireNonNull(nanoTime, "nanoTime"));
    }

    /**
     * Returns the start plus the elapsed time.
     *
     * @return an instant, to be compared with others of this clock only
     */
    public Instant instant() {
        return start.plusNanos(nanoTime.getAsLong() - origin);
    }

    /**
     * Returns the nanoseconds since any origin, as the ticker of a cache.
     *
     * @return nanoseconds, to be compared by difference
     */
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /**
     * Returns the current difference between a wall clock and this clock, which converts this clock's instants to dates.
     *
     * @param wallClock a wall clock
     * @return the time to add to an instant of this clock; negative if the wall clock was set back
     */
    public Duration offsetOf(InstantSource wallClock) {
        return Duration.between(instant(), wallClock.instant());
    }

    @Override
    public String toString() {
        return "MonotonicClock[" + instant() + "]";
    }
}
