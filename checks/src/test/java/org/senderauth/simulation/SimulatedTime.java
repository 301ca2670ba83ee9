package org.senderauth.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.senderauth.core.MonotonicClock;

/**
 * The time and the only thread of a simulation: what is to happen later waits in a queue, and the clock jumps to the next
 * of it. The wall clock can be set; the monotonic clock cannot.
 */
final class SimulatedTime implements InstantSource {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private record Task(long due, long number, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private final MonotonicClock monotonic = MonotonicClock.startingAt(START, this::nanos);
    private long nanos;
    private long number;
    private Duration wallOffset = Duration.ZERO;

    long nanos() {
        return nanos;
    }

    /** The time since the start. */
    Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    MonotonicClock monotonic() {
        return monotonic;
    }

    Duration wallOffset() {
        return wallOffset;
    }

    void setClockOffset(Duration offset) {
        wallOffset = offset;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos).plus(wallOffset);
    }

    void after(Duration delay, Runnable work) {
        tasks.add(new Task(nanos + Math.max(0, delay.toNanos()), number++, work));
    }

    /** Runs the next task, unless there is none until the given time. */
    boolean runNext(Duration until) {
        Task next = tasks.peek();
        if (next == null || next.due() > until.toNanos()) {
            return false;
        }
        tasks.remove();
        nanos = next.due();
        next.work().run();
        return true;
    }
}
