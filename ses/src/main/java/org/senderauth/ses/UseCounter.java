package org.senderauth.ses;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Printable;
import org.senderauth.ses.ReplayLedger.Tally;

/** Holds the uses of authentic signatures to their limits, by a ledger that may fail or stay silent. Thread-safe. */
final class UseCounter {

    private final ReplayLedger ledger;
    private final SesLimits limits;
    private final Duration ledgerTimeout;

    UseCounter(ReplayLedger ledger, SesLimits limits, Duration ledgerTimeout) {
        this.ledger = ledger;
        this.limits = limits;
        this.ledgerTimeout = ledgerTimeout;
    }

    /** Whether such a use has any limit. */
    boolean isCounted(SesUse use, @Nullable String client) {
        return limit(use) != 0 || (client != null && limits.addresses() != 0);
    }

    private int limit(SesUse use) {
        return use == SesUse.PUBLIC ? limits.publicLookups() : limits.bounces();
    }

    /**
     * Counts one use of an authentic signature.
     *
     * @param id the whole MAC in hexadecimal, which tells the signature from every other
     * @param client the address of the client that the question named, if it named one
     * @param forgetAt when the counters may go
     * @return valid, replay or try-later; it never completes exceptionally, and no later than the timeout
     */
    CompletableFuture<SesResult> count(
            String id, SesUse use, @Nullable String client, SesSignature signature, Instant forgetAt) {
        int limit = limit(use);
        CompletableFuture<SesResult> counted;
        if (limit == 0) {
            counted = CompletableFuture.completedFuture(new SesResult(SesVerdict.VALID, signature, 0, ""));
        } else if (use == SesUse.BOUNCE_PROBE) {
            counted = tally(() -> ledger.read("b:" + id), signature, limit - 1);
        } else {
            String key = (use == SesUse.PUBLIC ? "p:" : "b:") + id;
            counted = tally(() -> ledger.increment(key, forgetAt), signature, limit);
        }
        if (client == null || limits.addresses() == 0) {
            return counted;
        }
        return counted.thenCompose(result -> result.isValid()
                ? withinAddresses(id, client, result, signature, forgetAt)
                : CompletableFuture.completedFuture(result));
    }

    /** Counts different clients: one that was seen before does not count again, nor does any beyond the limit. */
    private CompletableFuture<SesResult> withinAddresses(
            String id, String client, SesResult result, SesSignature signature, Instant forgetAt) {
        String addresses = "a:" + id;
        return tally(() -> ledger.read(addresses), signature, limits.addresses())
                .thenCompose(before -> {
                    if (!before.isValid()) {
                        return CompletableFuture.completedFuture(before);
                    }
                    return bounded(() -> ledger.increment("c:" + id + ':' + client, forgetAt))
                            .thenCompose(seen -> {
                                boolean isNew = seen instanceof Tally.Counted counted && counted.uses() == 1;
                                Supplier<CompletionStage<Tally>> known = () -> isNew
                                        ? ledger.increment(addresses, forgetAt)
                                        : CompletableFuture.completedFuture(
                                                seen instanceof Tally.Unavailable
                                                        ? seen
                                                        : new Tally.Counted(before.uses()));
                                return tally(known, signature, limits.addresses())
                                        .thenApply(within -> within.isValid() ? result : within);
                            });
                });
    }

    private CompletableFuture<SesResult> tally(
            Supplier<CompletionStage<Tally>> question, SesSignature signature, int limit) {
        return bounded(question).thenApply(tally -> {
            if (tally instanceof Tally.Counted counted) {
                SesVerdict verdict = counted.uses() > limit ? SesVerdict.REPLAY : SesVerdict.VALID;
                return new SesResult(verdict, signature, counted.uses(), "");
            }
            String detail = Printable.ascii(((Tally.Unavailable) tally).detail());
            return new SesResult(SesVerdict.TRY_LATER, signature, 0, "replay ledger: " + detail);
        });
    }

    /** The ledger's answer in time; what the ledger should not do is answered for it. */
    private CompletableFuture<Tally> bounded(Supplier<CompletionStage<Tally>> question) {
        CompletableFuture<Tally> answer;
        try {
            answer = question.get().toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(unavailable(e));
        }
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            return answer;
        }
        return answer.copy()
                .orTimeout(ledgerTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(UseCounter::unavailable);
    }

    private static Tally unavailable(Throwable failure) {
        return new Tally.Unavailable(failure instanceof TimeoutException ? "no answer in time" : failure.toString());
    }
}
