package org.senderauth.callout;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Runs things later. Thread-safe. */
@FunctionalInterface
public interface Scheduler {

    /**
     * Runs a task after a while.
     *
     * @param delay how long to wait
     * @param task the task; it is short
     */
    void after(Duration delay, Runnable task);

    /**
     * The JDK's own timer.
     *
     * @param executor runs the tasks when their time has come
     * @return a timer over {@link CompletableFuture#delayedExecutor}
     */
    static Scheduler of(Executor executor) {
        return (delay, task) -> CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, executor)
                .execute(task);
    }
}
