package org.senderauth.callout.probe;

import java.time.Duration;

/**
 * A point in time at which a wait ends. It uses the monotonic clock of the JVM, not an injected one: it bounds how long a
 * thread waits on a socket, which only real time does. Immutable.
 */
final class Deadline {

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the deadline at the end of this time from now. */
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** {@return this deadline or the other, whichever is earlier} */
    Deadline orEarlier(Deadline other) {
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /**
     * {@return the milliseconds left, rounded up; 0 or less if it has passed} Socket methods take 0 for no limit.
     */
    int millisLeft() {
        long left = nanoTime - System.nanoTime();
        return left <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }

    boolean isOver() {
        return millisLeft() == 0;
    }
}
