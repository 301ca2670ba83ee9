package org.senderauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is told to go on. Thread-safe. */
public final class SteppingClock implements InstantSource {

    private final AtomicReference<Instant> now;

    private SteppingClock(Instant start) {
        this.now = new AtomicReference<>(start);
    }

    /**
     * A clock that shows an instant.
     *
     * @param start what it shows first
     * @return the clock
     */
    public static SteppingClock at(Instant start) {
        return new SteppingClock(start);
    }

    /**
     * Moves the clock on, or back if the step is negative.
     *
     * @param step how far
     */
    public void advance(Duration step) {
        now.updateAndGet(instant -> instant.plus(step));
    }

    /**
     * Sets the clock.
     *
     * @param instant what it shows from now on
     */
    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
