package org.senderauth.callout.inmemory;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import org.senderauth.core.MonotonicClock;

/**
 * Creates the tables of a state, bounded in entries and in bytes. All use its clock, and evict on the thread that uses
 * them.
 */
final class CacheFactory {

    /** The maximum size of an ordinary entry: a larger one counts as several. */
    static final int ENTRY_BYTES = 512;

    /** The share of the maximum heap that one table may use; there are seven. */
    static final int HEAP_PART = 28;

    // A key or other string of Latin characters, without the characters.
    private static final int STRING_BYTES = 56;

    private final MonotonicClock clock;

    CacheFactory(MonotonicClock clock) {
        this.clock = clock;
    }

    /**
     * Creates a table.
     *
     * @param entries the maximum number of entries of ordinary size
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

    /** Returns the bytes of a string. */
    static int bytes(String text) {
        return STRING_BYTES + text.length();
    }
}
