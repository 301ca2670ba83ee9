package org.senderauth.dns;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.xbill.DNS.Name;

/**
 * A cache for the answers of another client, positive and negative (RFC 2308), by their TTL. Identical queries in flight
 * are coalesced. Failures are never cached. Lifetimes do not depend on the wall clock.
 *
 * <p>Thread-safe, and bounded by the bytes of all answers.
 */
public final class CachingDnsClient implements DnsClient {

    /** The maximum size of a cache in bytes, unless the heap is small: see {@link #defaultBytes}. */
    public static final long DEFAULT_BYTES = 32L << 20;

    // The part of the heap that a cache of the default size may take.
    private static final int HEAP_PART = 8;

    // The size of an entry without its answer: the query, its name, the future and the node of the table.
    private static final int ENTRY_BYTES = 320;

    /** The maximum time that an answer is cached, whatever its TTL. */
    public static final Duration MAX_TTL = Duration.ofDays(1);

    /** The maximum time that a negative answer is cached; RFC 2308 section 5 recommends one to three hours at most. */
    public static final Duration MAX_NEGATIVE_TTL = Duration.ofHours(1);

    private record Question(Name name, int type) {}

    private final DnsClient upstream;
    private final AsyncCache<Question, DnsAnswer> answers;

    private CachingDnsClient(DnsClient upstream, long maxBytes, LongSupplier nanoTime) {
        this.upstream = upstream;
        this.answers = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Question question, DnsAnswer answer) -> weight(question, answer))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .expireAfter(Expiry.creating((Question question, DnsAnswer answer) -> timeToLive(answer)))
                .buildAsync();
    }

    /**
     * Creates a cache of the default size for another client.
     *
     * @param upstream the client to query on a cache miss
     */
    public static CachingDnsClient of(DnsClient upstream) {
        return of(upstream, defaultBytes(), System::nanoTime);
    }

    /**
     * Returns the default size of a cache: {@link #DEFAULT_BYTES}, at most an eighth of the maximum heap.
     *
     * @return bytes
     */
    public static long defaultBytes() {
        return Math.min(DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    /**
     * Creates a cache for another client.
     *
     * @param upstream the client to query on a cache miss
     * @param maxBytes the maximum size in bytes, positive; a larger answer is not cached
     * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime}
     * @throws IllegalArgumentException if {@code maxBytes} is not positive
     */
    public static CachingDnsClient of(DnsClient upstream, long maxBytes, LongSupplier nanoTime) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be positive, was " + maxBytes);
        }
        return new CachingDnsClient(
                DnsClient.guarded(Objects.requireNonNull(upstream, "upstream")),
                maxBytes,
                Objects.requireNonNull(nanoTime, "nanoTime"));
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        CompletableFuture<DnsAnswer> shared = answers.get(
                new Question(name, type),
                (question, executor) ->
                        upstream.query(question.name(), question.type()).toCompletableFuture());
        // Several callers wait for one query: a caller that cancels its stage must not cancel those of the others.
        return shared.isDone() ? shared : shared.copy();
    }

    private static int weight(Question question, DnsAnswer answer) {
        return (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + question.name().length() + answer.sizeInBytes());
    }

    private static Duration timeToLive(DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records records) {
            return atMost(records.ttl(), MAX_TTL);
        }
        if (answer instanceof DnsAnswer.NoData noData) {
            return atMost(noData.ttl(), MAX_NEGATIVE_TTL);
        }
        if (answer instanceof DnsAnswer.NoSuchDomain noSuchDomain) {
            return atMost(noSuchDomain.ttl(), MAX_NEGATIVE_TTL);
        }
        return Duration.ZERO;
    }

    private static Duration atMost(long seconds, Duration limit) {
        return seconds >= limit.toSeconds() ? limit : Duration.ofSeconds(Math.max(0, seconds));
    }
}
