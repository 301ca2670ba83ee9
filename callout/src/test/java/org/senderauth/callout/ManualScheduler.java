package org.senderauth.callout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.senderauth.core.MonotonicClock;

/** A clock and timer that advance manually, and run the tasks that become due. */
final class ManualScheduler implements InstantSource, Scheduler {

    private record Task(Instant due, Runnable work) {}

    private final List<Task> tasks = new ArrayList<>();
    private final MonotonicClock monotonic;
    private Instant now;

    ManualScheduler(Instant start) {
        now = start;
        monotonic = MonotonicClock.startingAt(
                start, () -> Duration.between(start, now).toNanos());
    }

    MonotonicClock monotonic() {
        return monotonic;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void after(Duration delay, Runnable task) {
        tasks.add(new Task(now.plus(delay), task));
    }

    void goOn(Duration step) {
        Instant end = now.plus(step);
        for (Optional<Task> next = next(end); next.isPresent(); next = next(end)) {
            tasks.remove(next.get());
            now = next.get().due();
            next.get().work().run();
        }
        now = end;
    }

    private Optional<Task> next(Instant end) {
        return tasks.stream().filter(task -> !task.due().isAfter(end)).min(Comparator.comparing(Task::due));
    }
}
