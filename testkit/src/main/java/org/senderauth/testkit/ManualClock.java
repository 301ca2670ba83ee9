package org.senderauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.senderauth.core.MonotonicClock;

/**
 * A wall clock and a monotonic clock that only the test advances: {@link #advance} moves both, {@link #set} changes the wall
 * clock alone, as an operator or NTP does. Thread-safe.
 */
public final class ManualClock implements InstantSource {

    private final AtomicReference<Instant> now;
    private final AtomicLong nanos = new AtomicLong();
    private final MonotonicClock monotonic;

    private ManualClock(Instant start) {
        this.now = new AtomicReference<>(start);
        this.monotonic = MonotonicClock.startingAt(start, this::nanoTime);
    }

    /**
     * Creates a clock.
     *
     * @param start the first instant
     */
    public static ManualClock at(Instant start) {
        return new ManualClock(start);
    }

    /**
     * Advances both clocks.
     *
     * @param step the time, not negative
     * @throws IllegalArgumentException if it is negative; use {@link #set}
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException(
                    "step must not be negative, was " + step + "; use set(Instant) to go back");
        }
        nanos.addAndGet(step.toNanos());
        now.updateAndGet(instant -> instant.plus(step));
    }

    /**
     * Sets the wall clock forward or back. No time passes.
     *
     * @param instant the new instant
     */
    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    /**
     * Returns the elapsed time in nanoseconds.
     *
     * @return nanoseconds since the start
     */
    public long nanoTime() {
        return nanos.get();
    }

    /**
     * Returns the monotonic clock, which {@link #set} does not change.
     *
     * @return the same clock each time
     */
    public MonotonicClock monotonic() {
        return monotonic;
    }
}
