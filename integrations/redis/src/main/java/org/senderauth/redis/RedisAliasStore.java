package org.senderauth.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.senderauth.srs.AliasStore;

/**
 * Stores the aliases of SRS for all hosts that forward for one domain, each in one step and one round trip. Thread-safe.
 *
 * <p>While Redis is away the answer is {@link AliasStore.Answer.Unavailable}, within the deadline: a sender is then left as
 * it is, and a bounce to an alias is deferred.
 */
public final class RedisAliasStore implements AliasStore {

    private static final String KIND = "n";

    /** More than any address that is put; a longer value is not ours. */
    private static final int MAX_ADDRESS = 1_000;

    private final RedisGateway link;
    private final KeyNames names;

    RedisAliasStore(RedisGateway link, KeyNames names) {
        this.link = link;
        this.names = names;
    }

    @Override
    public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
        return answered(link.run(
                Script.ALIAS,
                List.of(name(alias)),
                List.of("0", Long.toString(Math.max(1, lifetime.toMillis())), address),
                late -> {}));
    }

    @Override
    public CompletableFuture<Answer> get(String alias) {
        return answered(link.run(Script.ALIASED, name(alias), "0"));
    }

    private String name(String alias) {
        return names.in(KeyNames.bucket(alias), KIND, alias);
    }

    private CompletableFuture<Answer> answered(CompletableFuture<List<Object>> reply) {
        return reply.handleAsync(
                (fields, failure) -> {
                    if (failure == null
                            && fields.size() == 1
                            && fields.get(0) instanceof String address
                            && address.length() <= MAX_ADDRESS) {
                        return new Answer.Known(address.isEmpty() ? Optional.empty() : Optional.of(address));
                    }
                    link.fellBack(RedisObserver.Operation.SRS_ALIAS);
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return new Answer.Unavailable(
                            cause == null ? "unexpected reply of Redis" : String.valueOf(cause.getMessage()));
                },
                link.executor());
    }
}
