package org.senderauth.ses;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.senderauth.core.RecentEntries;

/**
 * A ledger in the memory of this process, for one host. It drops expired entries, and beyond its size those that were
 * used longest ago. Only authentic signatures get an entry, so only the domain's own mail can fill it.
 *
 * <p>Thread-safe; counts are exact. They do not survive a restart.
 */
public final class MemoryReplayLedger implements ReplayLedger {

    /** The default maximum number of entries, unless the heap is small: about 100 MiB when full. */
    public static final int DEFAULT_SIZE = 400_000;

    // What an entry takes, and the part of the heap that all may take by default.
    private static final int ENTRY_BYTES = 256;
    private static final int HEAP_PART = 8;

    private record Entry(long uses, Instant dropAfter) {}

    private static final CompletableFuture<UseCount> NEVER = CompletableFuture.completedFuture(new UseCount.Counted(0));

    private final RecentEntries<String, Entry> entries;

    private MemoryReplayLedger(InstantSource clock, LongSupplier nanoTime, int size) {
        // The end is the date of a signature, so it is the wall clock's; each use looks how far away it is now.
        this.entries = new RecentEntries<>(size, (key, entry) -> 1, entry -> left(clock, entry), nanoTime);
    }

    /**
     * {@return a ledger with the system's clock and {@link #defaultSize} entries}
     */
    public static MemoryReplayLedger create() {
        return create(InstantSource.system(), System::nanoTime, defaultSize());
    }

    /**
     * {@return the default maximum number of entries: {@value #DEFAULT_SIZE}, but no more than fit into an eighth of the
     * maximum heap of this JVM}
     */
    public static int defaultSize() {
        return (int) Math.min(DEFAULT_SIZE, Runtime.getRuntime().maxMemory() / HEAP_PART / ENTRY_BYTES);
    }

    /**
     * Returns a ledger.
     *
     * @param clock the wall clock, by which signatures are dated
     * @param nanoTime the monotonic clock by which entries are kept, such as {@link System#nanoTime}
     * @param size the maximum number of entries, positive
     * @return the ledger
     * @throws IllegalArgumentException if the size is not positive
     */
    public static MemoryReplayLedger create(InstantSource clock, LongSupplier nanoTime, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a ledger needs room for at least one entry");
        }
        return new MemoryReplayLedger(
                Objects.requireNonNull(clock, "clock"), Objects.requireNonNull(nanoTime, "nanoTime"), size);
    }

    @Override
    public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
        Entry entry = entries.compute(
                key, old -> old == null ? new Entry(1, dropAfter) : new Entry(old.uses() + 1, old.dropAfter()));
        return CompletableFuture.completedFuture(new UseCount.Counted(entry.uses()));
    }

    @Override
    public CompletableFuture<UseCount> read(String key) {
        return entries.get(key)
                .map(entry -> CompletableFuture.<UseCount>completedFuture(new UseCount.Counted(entry.uses())))
                .orElse(NEVER);
    }

    /**
     * {@return the number of entries, perhaps including some that are about to be dropped}
     */
    public long size() {
        return entries.count();
    }

    private static Duration left(InstantSource clock, Entry entry) {
        Duration left = Duration.between(clock.instant(), entry.dropAfter());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
