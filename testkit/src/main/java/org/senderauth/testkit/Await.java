package org.senderauth.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.opentest4j.AssertionFailedError;

/**
 * Waits for events that must happen, so that no test depends on the speed or load of the machine: it returns as soon as the
 * event has happened, and fails only if it does not happen at all.
 */
public final class Await {

    /** The maximum time of an event: far longer than on any working machine. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private Await() {}

    /**
     * Waits for an event.
     *
     * @param event the event, for the message of the failure
     * @param happened whether it has happened; polled
     * @throws AssertionFailedError if it has not happened within {@link #LIMIT}, or the thread is interrupted
     */
    public static void until(String event, BooleanSupplier happened) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!happened.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionFailedError("interrupted while waiting for " + event);
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionFailedError("waited " + LIMIT.toSeconds() + " s in vain for " + event);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }
}
