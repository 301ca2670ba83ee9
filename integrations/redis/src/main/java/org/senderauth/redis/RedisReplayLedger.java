package org.senderauth.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.senderauth.ses.ReplayLedger;

/**
 * Counts the uses of SES signatures for all hosts together, each use in one step and one round trip. Thread-safe.
 *
 * <p>While Redis is away the answer is {@link ReplayLedger.Tally.Unavailable}, within the deadline. A use whose count
 * was not answered in time may have been counted all the same, so that a limit is met early rather than exceeded.
 */
public final class RedisReplayLedger implements ReplayLedger {

    private static final String KIND = "s";

    private final RedisLink link;
    private final KeyNames names;
    private final InstantSource clock;

    RedisReplayLedger(RedisLink link, KeyNames names, InstantSource clock) {
        this.link = link;
        this.names = names;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Tally> increment(String key, Instant forgetAt) {
        long left = Math.max(1, Duration.between(clock.instant(), forgetAt).toMillis());
        return counted(link.run(Script.INCREMENT, name(key), "0", Long.toString(left)));
    }

    @Override
    public CompletionStage<Tally> read(String key) {
        return counted(link.run(Script.READ, name(key), "0"));
    }

    /**
     * This ledger with another one for the time that Redis is away, such as one in memory: nothing is put off then, but
     * each host counts for itself, so that the limits of an outage hold for each host alone.
     *
     * @param local counts while Redis is away
     * @return a ledger that always has an answer, if the other one has
     */
    public ReplayLedger withFallback(ReplayLedger local) {
        ReplayLedger shared = this;
        return new ReplayLedger() {
            @Override
            public CompletionStage<Tally> increment(String key, Instant forgetAt) {
                return shared.increment(key, forgetAt)
                        .thenCompose(tally -> tally instanceof Tally.Unavailable
                                ? local.increment(key, forgetAt)
                                : CompletableFuture.completedFuture(tally));
            }

            @Override
            public CompletionStage<Tally> read(String key) {
                return shared.read(key)
                        .thenCompose(tally -> tally instanceof Tally.Unavailable
                                ? local.read(key)
                                : CompletableFuture.completedFuture(tally));
            }
        };
    }

    private String name(String key) {
        // The part behind the use names the signature; each is a bucket's, so that a cluster shares the work.
        return names.in(KeyNames.bucket(key), KIND, key);
    }

    private CompletionStage<Tally> counted(CompletableFuture<List<Object>> reply) {
        return reply.handleAsync(
                (fields, failure) -> {
                    if (failure == null && fields.size() == 1 && fields.get(0) instanceof Long uses) {
                        return new Tally.Counted(uses);
                    }
                    link.bypassed(RedisObserver.Work.SES_COUNT);
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return new Tally.Unavailable(cause == null ? "Redis' reply is none" : cause.getMessage());
                },
                link.executor());
    }
}
