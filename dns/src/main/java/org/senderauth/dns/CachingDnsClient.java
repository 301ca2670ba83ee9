package org.senderauth.dns;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/**
 * Remembers what another client answered, for as long as the answer's TTL allows (negative answers too, RFC 2308), and
 * asks a question once however many ask it at the same time. Trouble is never remembered.
 *
 * <p>Thread-safe and bounded by the number of answers.
 */
public final class CachingDnsClient implements DnsClient {

    /** Most answers that are kept. */
    public static final long DEFAULT_SIZE = 50_000;

    /** Longest time for which an answer is kept, whatever its TTL says. */
    public static final Duration MAX_TTL = Duration.ofDays(1);

    /** Longest time for which a negative answer is kept (RFC 2308 section 5 wants one to three hours at most). */
    public static final Duration MAX_NEGATIVE_TTL = Duration.ofHours(1);

    private record Question(Name name, int type) {}

    private final DnsClient upstream;
    private final AsyncCache<Question, DnsAnswer> answers;

    private CachingDnsClient(DnsClient upstream, long size, InstantSource clock) {
        this.upstream = upstream;
        Instant start = clock.instant();
        this.answers = Caffeine.newBuilder()
                .maximumSize(size)
                .ticker(() -> Duration.between(start, clock.instant()).toNanos())
                .executor(Runnable::run)
                .expireAfter(Expiry.creating((Question question, DnsAnswer answer) -> timeToLive(answer)))
                .buildAsync();
    }

    /**
     * A cache of the default size over another client.
     *
     * @param upstream who is asked what is not known
     * @return the cache
     */
    public static CachingDnsClient over(DnsClient upstream) {
        return over(upstream, DEFAULT_SIZE, InstantSource.system());
    }

    /**
     * A cache over another client.
     *
     * @param upstream who is asked what is not known
     * @param size most answers that are kept, at least one
     * @param clock tells when an answer's time is over
     * @return the cache
     */
    public static CachingDnsClient over(DnsClient upstream, long size, InstantSource clock) {
        return new CachingDnsClient(
                Objects.requireNonNull(upstream, "upstream"), size, Objects.requireNonNull(clock, "clock"));
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        CompletableFuture<DnsAnswer> shared = answers.get(
                new Question(name, type),
                (question, executor) ->
                        upstream.query(question.name(), question.type()).toCompletableFuture());
        // Several callers wait for one question: one that gives up on its stage must not end the others'.
        return shared.isDone() ? shared : shared.copy();
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
