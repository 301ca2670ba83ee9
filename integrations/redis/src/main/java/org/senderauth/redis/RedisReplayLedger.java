package org.senderauth.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.senderauth.ses.ReplayLedger;

/**
 * Counts the uses of SES signatures for all hosts together, each use in one step and one round trip. Thread-safe.
 *
 * <p>While Redis is away the answer is {@link ReplayLedger.UseCount.Unavailable}, within the deadline. A use whose count
 * was not answered in time may have been counted all the same, so that a limit is met early rather than exceeded.
 */
public final class RedisReplayLedger implements ReplayLedger {

    private static final String KIND = "s";

    private final RedisGateway link;
    private final KeyNames names;
    private final InstantSource clock;

    RedisReplayLedger(RedisGateway link, KeyNames names, InstantSource clock) {
        this.link = link;
        this.names = names;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
        long left = Math.max(1, Duration.between(clock.instant(), dropAfter).toMillis());
        return counted(link.run(Script.INCREMENT, name(key), "0", Long.toString(left)));
    }

    @Override
    public CompletableFuture<UseCount> read(String key) {
        return counted(link.run(Script.READ, name(key), "0"));
    }

    /**
     * Returns this ledger with another one, such as one in memory, for the time that Redis is unavailable: then no mail is
     * deferred, but each host counts alone, so the limits of an outage apply to each host.
     *
     * @param local counts while Redis is unavailable
     * @return a ledger that is available whenever the other one is
     */
    public ReplayLedger withFallback(ReplayLedger local) {
        ReplayLedger shared = this;
        return new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                return shared.increment(key, dropAfter)
                        .thenCompose(tally -> tally instanceof UseCount.Unavailable
                                ? local.increment(key, dropAfter)
                                : CompletableFuture.completedFuture(tally));
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                return shared.read(key)
                        .thenCompose(tally -> tally instanceof UseCount.Unavailable
                                ? local.read(key)
                                : CompletableFuture.completedFuture(tally));
            }
        };
    }

    private String name(String key) {
        // The part after the use is the signature; each is a bucket's, so that a cluster shares the work.
        return names.in(KeyNames.bucket(key), KIND, key);
    }

    private CompletableFuture<UseCount> counted(CompletableFuture<List<Object>> reply) {
        return reply.handleAsync(
                (fields, failure) -> {
                    if (failure == null && fields.size() == 1 && fields.get(0) instanceof Long uses) {
                        return new UseCount.Counted(uses);
                    }
                    link.fellBack(RedisObserver.Operation.SES_COUNT);
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return new UseCount.Unavailable(
                            cause == null ? "unexpected reply of Redis" : String.valueOf(cause.getMessage()));
                },
                link.executor());
    }
}
