package org.senderauth.callout;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs tasks after a delay. Thread-safe. */
@FunctionalInterface
public interface Scheduler {

    /**
     * Runs a task after a delay.
     *
     * @param delay the delay
     * @param task the task, which is short
     */
    void after(Duration delay, Runnable task);

    /**
     * Returns the JDK's own timer.
     *
     * @param executor runs the tasks after their delay; those that it rejects, as after its shutdown, run in a thread
     *     of their own
     * @return a timer based on {@link CompletableFuture#delayedExecutor}
     */
    static Scheduler of(Executor executor) {
        Executor always = task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                // It was shut down: who still waits must meet the limit of time.
                Thread last = new Thread(task, "senderauth-callout-limit");
                last.setDaemon(true);
                last.start();
            }
        };
        return (delay, task) -> CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, always)
                .execute(task);
    }
}
