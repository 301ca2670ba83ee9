package org.senderauth.callout.probe;

import java.time.Duration;

/**
 * An instant by which something must be over. It is kept on the monotonic clock of the JVM, not on an injected one: it
 * bounds how long a thread may wait on a socket, and only real time does that. Immutable.
 */
final class Deadline {

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The deadline that is over when the time has passed from now on. */
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** This deadline, or the other if that comes first. */
    Deadline orEarlier(Deadline other) {
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /**
     * What is left, for methods that take 0 as "for ever".
     *
     * @return milliseconds, rounded up; 0 or less if it is over
     */
    int millisLeft() {
        long left = nanoTime - System.nanoTime();
        return left <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }

    boolean isOver() {
        return millisLeft() == 0;
    }
}
