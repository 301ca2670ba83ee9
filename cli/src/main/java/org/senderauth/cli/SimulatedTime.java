package org.senderauth.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import org.senderauth.callout.Scheduler;
import org.senderauth.core.MonotonicClock;

/** A manual clock that runs scheduled tasks as it advances. Not thread-safe. */
final class SimulatedTime implements InstantSource, Scheduler {

    private record Task(Instant due, long number, Runnable work) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final MonotonicClock monotonic;
    private Instant now;
    private long count;

    SimulatedTime(Instant start) {
        this.now = start;
        this.monotonic = MonotonicClock.startingAt(
                start, () -> Duration.between(start, now).toNanos());
    }

    /** Returns the same time as a monotonic clock, for lifetimes. */
    MonotonicClock monotonic() {
        return monotonic;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void after(Duration delay, Runnable task) {
        tasks.add(new Task(now.plus(delay), count++, task));
    }

    void goOnTo(Instant instant) {
        while (!tasks.isEmpty() && !tasks.peek().due().isAfter(instant)) {
            Task task = tasks.remove();
            now = task.due();
            task.work().run();
        }
        now = instant;
    }
}
