package org.senderauth.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import org.senderauth.callout.CalloutTimer;

/** A clock that is told to go on, and runs on its way what was to be done by then. Not thread-safe. */
final class SimulatedTime implements InstantSource, CalloutTimer {

    private record Task(Instant due, long number, Runnable work) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private Instant now;
    private long count;

    SimulatedTime(Instant start) {
        this.now = start;
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
