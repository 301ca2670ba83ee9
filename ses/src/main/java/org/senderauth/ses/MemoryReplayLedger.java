package org.senderauth.ses;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A ledger in the memory of this process, for one host. It forgets entries in time, and beyond its size those that are
 * used least. Only authentic signatures ever get an entry, so nobody but the domain's own mail can fill it.
 *
 * <p>Thread-safe; counts are exact. They do not survive a restart.
 */
public final class MemoryReplayLedger implements ReplayLedger {

    /** Most entries, unless the caller says otherwise: about 100 MiB when full. */
    public static final int DEFAULT_SIZE = 400_000;

    private record Entry(long uses, Instant forgetAt) {}

    private static final CompletionStage<Tally> NEVER = CompletableFuture.completedFuture(new Tally.Counted(0));

    private final Cache<String, Entry> entries;

    private MemoryReplayLedger(InstantSource clock, int size) {
        this.entries = Caffeine.newBuilder()
                .maximumSize(size)
                .executor(Runnable::run)
                .ticker(() -> nanos(clock.instant()))
                .expireAfter(Expiry.creating(
                        (String key, Entry entry) -> Duration.between(clock.instant(), entry.forgetAt())))
                .build();
    }

    /**
     * A ledger of the system's clock and {@value #DEFAULT_SIZE} entries.
     *
     * @return the ledger
     */
    public static MemoryReplayLedger create() {
        return create(InstantSource.system(), DEFAULT_SIZE);
    }

    /**
     * A ledger.
     *
     * @param clock the time
     * @param size most entries, positive
     * @return the ledger
     * @throws IllegalArgumentException if the size is not positive
     */
    public static MemoryReplayLedger create(InstantSource clock, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a ledger needs room for at least one entry");
        }
        return new MemoryReplayLedger(Objects.requireNonNull(clock, "clock"), size);
    }

    @Override
    public CompletionStage<Tally> increment(String key, Instant forgetAt) {
        Entry entry = entries.asMap()
                .compute(
                        key,
                        (k, old) -> old == null ? new Entry(1, forgetAt) : new Entry(old.uses() + 1, old.forgetAt()));
        return CompletableFuture.completedFuture(new Tally.Counted(entry.uses()));
    }

    @Override
    public CompletionStage<Tally> read(String key) {
        Entry entry = entries.getIfPresent(key);
        return entry == null ? NEVER : CompletableFuture.completedFuture(new Tally.Counted(entry.uses()));
    }

    /**
     * How many signatures are counted now.
     *
     * @return entries, those about to be forgotten perhaps included
     */
    public long size() {
        entries.cleanUp();
        return entries.estimatedSize();
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
