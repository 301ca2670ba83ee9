package org.senderauth.srs;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A blocking view of an alias store with a timeout; any failure is {@link AliasStore.Answer.Unavailable}. Thread-safe.
 *
 * @param store the store
 * @param timeout the timeout
 */
record Aliases(AliasStore store, Duration timeout) {

    /** Stores an alias; returns false if the store does not respond. */
    boolean put(String alias, String address, Duration lifetime) {
        return await(() -> store.put(alias, address, lifetime)) instanceof AliasStore.Answer.Known;
    }

    /** Looks up an alias. */
    AliasStore.Answer get(String alias) {
        return await(() -> store.get(alias));
    }

    private AliasStore.Answer await(Supplier<CompletableFuture<AliasStore.Answer>> question) {
        try {
            return Objects.requireNonNull(question.get().get(timeout.toMillis(), TimeUnit.MILLISECONDS), "no answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AliasStore.Answer.Unavailable("interrupted");
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            return new AliasStore.Answer.Unavailable(
                    Optional.ofNullable(e.getMessage()).orElse("no answer within " + timeout.toMillis() + " ms"));
        }
    }
}
