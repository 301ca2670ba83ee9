package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import org.senderauth.core.MonotonicClock;

/**
 * Starts the tables of a state, bounded in entries and in bytes. All run on its clock, and tidy up on the thread that
 * uses them.
 */
final class CacheFactory {

    /** What a usual entry takes at most: larger ones count as several. */
    static final int ENTRY_BYTES = 512;

    /** The part of the greatest heap that one table may take; there are seven. */
    static final int HEAP_PART = 28;

    // A key or other string of Latin characters, without them.
    private static final int STRING_BYTES = 56;

    private final MonotonicClock clock;

    CacheFactory(MonotonicClock clock) {
        this.clock = clock;
    }

    /**
     * Starts a table.
     *
     * @param entries most entries of usual size
     * @param bytes the bytes of an entry, without those of the table itself
     */
    <K, V> Caffeine<K, V> bounded(int entries, Weigher<K, V> bytes) {
        long fit = Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_PART / ENTRY_BYTES);
        return Caffeine.newBuilder()
                .maximumWeight(Math.min(entries, fit))
                .weigher((K key, V value) -> (bytes.weigh(key, value) + ENTRY_BYTES - 1) / ENTRY_BYTES)
                .ticker(clock::nanoTime)
                .executor(Runnable::run);
    }

    /** What a string takes. */
    static int bytes(String text) {
        return STRING_BYTES + text.length();
    }
}
