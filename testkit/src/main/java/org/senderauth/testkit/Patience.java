package org.senderauth.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.opentest4j.AssertionFailedError;

/**
 * Waits for events that must come, so that no test depends on how fast or busy the machine is: it goes on as soon as
 * the event is there, and fails only where it does not come at all.
 */
public final class Patience {

    /** How long an event may take that must come: far longer than it does on a machine that works at all. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private Patience() {}

    /**
     * Waits for an event.
     *
     * @param event what is waited for, for the message of the failure
     * @param happened whether it is there; asked again and again
     * @throws AssertionFailedError if it is not there within {@link #LIMIT}, or the thread is interrupted
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
