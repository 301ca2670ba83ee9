package org.senderauth.core;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongBiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Entries of bounded total size and time. When they are full, the entry that was used longest ago is evicted.
 *
 * <p>For what is used soon after it was made, such as the results of a message in transit, or the alias of a forwarded
 * sender. A cache that prefers what was used often (Caffeine) keeps old entries of that kind, and soon drops new ones.
 *
 * <p>Thread-safe: one lock, held while the functions given run, which must be short, take no lock and not use the entries.
 *
 * @param <K> keys with {@code equals} and {@code hashCode}
 * @param <V> values
 */
public final class RecentEntries<K, V> {

    // A century, so that the difference of two readings of the clock tells which is later.
    private static final Duration MAX_KEPT = Duration.ofDays(36_500);

    private record Entry<V>(V value, long size, long end) {}

    private final long maxSize;
    private final ToLongBiFunction<K, V> sizeOf;
    private final Function<V, Duration> keptFor;
    private final LongSupplier nanoTime;
    // In the order of their use, the last one at the end.
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /**
     * Creates it without any entry.
     *
     * @param maxSize the bound on the sum of all sizes, positive
     * @param sizeOf the size of an entry when it is written, in the unit of the bound, such as bytes; not negative
     * @param keptFor how long an entry is kept after it was written
     * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime}
     * @throws IllegalArgumentException if the bound is not positive
     */
    public RecentEntries(
            long maxSize, ToLongBiFunction<K, V> sizeOf, Function<V, Duration> keptFor, LongSupplier nanoTime) {
        if (maxSize < 1) {
            throw new IllegalArgumentException("maxSize must be positive, was " + maxSize);
        }
        this.maxSize = maxSize;
        this.sizeOf = Objects.requireNonNull(sizeOf, "sizeOf");
        this.keptFor = Objects.requireNonNull(keptFor, "keptFor");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    }

    /**
     * Returns a value, which counts as used now.
     *
     * @param key its key
     * @return the value, unless it was never written, its time is over, or it was evicted for newer ones
     */
    public synchronized Optional<V> get(K key) {
        return Optional.ofNullable(current(key, nanoTime.getAsLong()));
    }

    /**
     * Writes a value.
     *
     * @param key its key
     * @param next makes it of the one that {@link #get} would return, or of null
     * @return the new value, even if it is larger than the bound, and so not kept
     */
    public synchronized V compute(K key, UnaryOperator<@Nullable V> next) {
        long now = nanoTime.getAsLong();
        Entry<V> former = entries.get(key);
        V value = Objects.requireNonNull(
                next.apply(former == null || isOver(former, now) ? null : former.value()), "value");
        write(key, value, now);
        return value;
    }

    /**
     * Writes a value in place of any former one.
     *
     * @param key its key
     * @param value the value
     */
    public synchronized void put(K key, V value) {
        write(key, Objects.requireNonNull(value, "value"), nanoTime.getAsLong());
    }

    /**
     * Removes a value.
     *
     * @param key its key
     */
    public synchronized void remove(K key) {
        forget(entries.remove(key));
    }

    /** {@return the number of entries, perhaps with some whose time is over} */
    public synchronized int count() {
        evict(nanoTime.getAsLong());
        return entries.size();
    }

    private @Nullable V current(K key, long now) {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (isOver(entry, now)) {
            forget(entries.remove(key));
            return null;
        }
        return entry.value();
    }

    private void write(K key, V value, long now) {
        long needed = sizeOf.applyAsLong(key, value);
        if (needed > maxSize) {
            // It would drop all others first.
            forget(entries.remove(key));
            return;
        }
        size += needed;
        forget(entries.put(key, new Entry<>(value, needed, now + nanos(keptFor.apply(value)))));
        evict(now);
    }

    // Of those used longest ago, what is over or beyond the bound. An entry that is over waits while one that was used
    // before it is not.
    private void evict(long now) {
        Iterator<Entry<V>> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry<V> entry = oldest.next();
            if (size <= maxSize && !isOver(entry, now)) {
                return;
            }
            forget(entry);
            oldest.remove();
        }
    }

    private void forget(@Nullable Entry<V> entry) {
        if (entry != null) {
            size -= entry.size();
        }
    }

    private static boolean isOver(Entry<?> entry, long now) {
        return entry.end() - now <= 0;
    }

    private static long nanos(Duration time) {
        return time.compareTo(MAX_KEPT) >= 0 ? MAX_KEPT.toNanos() : time.toNanos();
    }
}
