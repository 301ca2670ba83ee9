package org.senderauth.core;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Counts events by key, each key in windows that begin with its first event. Holds a bounded number of keys, and evicts the
 * one that was used longest ago. Thread-safe.
 */
public final class WindowCounts {

    private static final Duration MAX_WINDOW = Duration.ofDays(366);

    private final Duration window;
    private final LongSupplier nanoTime;
    private final RecentEntries<String, Count> counts;

    private record Count(int events, long start) {}

    /**
     * Creates it without any count.
     *
     * @param maxKeys the maximum number of keys, positive
     * @param window the time after a key's first event after which its count begins again
     * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime}
     * @throws IllegalArgumentException if the number of keys or the window is not positive, or the window is more than a
     *     year
     */
    public WindowCounts(int maxKeys, Duration window, LongSupplier nanoTime) {
        if (Objects.requireNonNull(window, "window").isNegative()
                || window.isZero()
                || window.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    "window must be positive and at most " + MAX_WINDOW.toDays() + " days, was " + window);
        }
        this.window = window;
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.counts = new RecentEntries<>(maxKeys, (key, count) -> 1, count -> window, nanoTime);
    }

    /**
     * Counts an event.
     *
     * @param key its key, of bounded length
     * @return the number of events of the key in its window, with this one
     */
    public int add(String key) {
        long now = nanoTime.getAsLong();
        return counts.compute(
                        key,
                        known -> known != null && isOpen(known, now)
                                ? new Count(known.events + 1, known.start)
                                : new Count(1, now))
                .events;
    }

    /**
     * Returns a count, without an event. Its key counts as used.
     *
     * @param key the key
     * @return the number of events of the key in its window
     */
    public int get(String key) {
        long now = nanoTime.getAsLong();
        return counts.get(key)
                .filter(known -> isOpen(known, now))
                .map(Count::events)
                .orElse(0);
    }

    // Each event writes the entry anew, so its own time says nothing about the start of the window.
    private boolean isOpen(Count count, long now) {
        return now - count.start < window.toNanos();
    }
}
