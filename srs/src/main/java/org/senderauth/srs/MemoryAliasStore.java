package org.senderauth.srs;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.senderauth.core.RecentEntries;

/**
 * Aliases in the memory of this process. They expire by a monotonic clock, and beyond the bound in bytes those that were
 * used longest ago are evicted. Thread-safe. They do not survive a restart: see {@link FileAliasStore}.
 */
public final class MemoryAliasStore implements AliasStore {

    /** The bound unless the caller sets another: about 60,000 aliases. */
    public static final long DEFAULT_MAX_BYTES = 16L << 20;

    /** Bytes that an entry costs besides its text. */
    private static final int ENTRY_BYTES = 160;

    private record Entry(String address, Duration lifetime) {}

    private final RecentEntries<String, Entry> entries;

    private MemoryAliasStore(long maxBytes, LongSupplier nanoTime) {
        this.entries = new RecentEntries<>(
                maxBytes,
                (alias, entry) ->
                        ENTRY_BYTES + 2L * (alias.length() + entry.address().length()),
                Entry::lifetime,
                nanoTime);
    }

    /**
     * A store of {@value #DEFAULT_MAX_BYTES} bytes.
     *
     * @return an empty store
     */
    public static MemoryAliasStore create() {
        return create(DEFAULT_MAX_BYTES, System::nanoTime);
    }

    /**
     * A store.
     *
     * @param maxBytes the bound in bytes, positive
     * @param nanoTime a monotonic clock in nanoseconds
     * @return an empty store
     * @throws IllegalArgumentException if the bound is not positive
     */
    public static MemoryAliasStore create(long maxBytes, LongSupplier nanoTime) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be positive, was " + maxBytes);
        }
        return new MemoryAliasStore(maxBytes, Objects.requireNonNull(nanoTime, "nanoTime"));
    }

    @Override
    public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
        entries.put(alias, new Entry(address, lifetime));
        return CompletableFuture.completedFuture(new Answer.Known(Optional.of(address)));
    }

    @Override
    public CompletableFuture<Answer> get(String alias) {
        return CompletableFuture.completedFuture(
                new Answer.Known(entries.get(alias).map(Entry::address)));
    }

    /**
     * The number of aliases.
     *
     * @return entries, perhaps with some that are about to expire
     */
    public long size() {
        return entries.count();
    }
}
