package org.senderauth.ses;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.ses.ReplayLedger.UseCount;

/** Enforces the use limits of authentic signatures, with a ledger that may fail or not respond. Thread-safe. */
final class UseLimiter {

    private final ReplayLedger ledger;
    private final SesLimits limits;
    private final Duration ledgerTimeout;

    UseLimiter(ReplayLedger ledger, SesLimits limits, Duration ledgerTimeout) {
        this.ledger = ledger;
        this.limits = limits;
        this.ledgerTimeout = ledgerTimeout;
    }

    /** Tests whether such a use has a limit. */
    boolean isCounted(VerificationPurpose use, @Nullable String client) {
        return limit(use) != 0 || (client != null && limits.addresses() != 0);
    }

    private int limit(VerificationPurpose use) {
        return use == VerificationPurpose.PUBLIC ? limits.publicLookups() : limits.bounces();
    }

    /**
     * Counts one use of an authentic signature.
     *
     * @param id the whole MAC in hexadecimal, which tells the signature from every other
     * @param client the address of the client in the query name, if there is one
     * @param dropAfter the time after which the counters may be dropped
     * @return valid, replay or unavailable; it never completes exceptionally, and no later than the timeout
     */
    CompletableFuture<SesResult> count(
            String id, VerificationPurpose use, @Nullable String client, SesSignature signature, Instant dropAfter) {
        int limit = limit(use);
        CompletableFuture<SesResult> counted;
        if (limit == 0) {
            counted = CompletableFuture.completedFuture(new SesResult(SesVerdict.VALID, signature, 0, ""));
        } else if (use == VerificationPurpose.BOUNCE_PROBE) {
            counted = tally(() -> ledger.read("b:" + id), signature, limit - 1);
        } else {
            String key = (use == VerificationPurpose.PUBLIC ? "p:" : "b:") + id;
            counted = tally(() -> ledger.increment(key, dropAfter), signature, limit);
        }
        if (client == null || limits.addresses() == 0) {
            return counted;
        }
        return counted.thenCompose(result -> result.isValid()
                ? withinAddresses(id, client, result, signature, dropAfter)
                : CompletableFuture.completedFuture(result));
    }

    /** Counts different clients: one that was seen before does not count again, nor does any beyond the limit. */
    private CompletableFuture<SesResult> withinAddresses(
            String id, String client, SesResult result, SesSignature signature, Instant dropAfter) {
        String addresses = "a:" + id;
        return tally(() -> ledger.read(addresses), signature, limits.addresses())
                .thenCompose(before -> {
                    if (!before.isValid()) {
                        return CompletableFuture.completedFuture(before);
                    }
                    return bounded(() -> ledger.increment("c:" + id + ':' + client, dropAfter))
                            .thenCompose(seen -> {
                                boolean isNew = seen instanceof UseCount.Counted counted && counted.uses() == 1;
                                Supplier<CompletableFuture<UseCount>> known = () -> isNew
                                        ? ledger.increment(addresses, dropAfter)
                                        : CompletableFuture.completedFuture(
                                                seen instanceof UseCount.Unavailable
                                                        ? seen
                                                        : new UseCount.Counted(before.uses()));
                                return tally(known, signature, limits.addresses())
                                        .thenApply(within -> within.isValid() ? result : within);
                            });
                });
    }

    private CompletableFuture<SesResult> tally(
            Supplier<CompletableFuture<UseCount>> question, SesSignature signature, int limit) {
        return bounded(question).thenApply(tally -> {
            if (tally instanceof UseCount.Counted counted) {
                SesVerdict verdict = counted.uses() > limit ? SesVerdict.REPLAY : SesVerdict.VALID;
                return new SesResult(verdict, signature, counted.uses(), "");
            }
            String detail = SafeText.ascii(((UseCount.Unavailable) tally).detail());
            return new SesResult(SesVerdict.UNAVAILABLE, signature, 0, "replay ledger: " + detail);
        });
    }

    /** The ledger's answer in time; any failure is unavailable. */
    private CompletableFuture<UseCount> bounded(Supplier<CompletableFuture<UseCount>> question) {
        CompletableFuture<UseCount> answer;
        try {
            answer = Objects.requireNonNull(question.get(), "no answer");
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(unavailable(e));
        }
        if (answer.isDone() && !answer.isCompletedExceptionally() && answer.join() != null) {
            return answer;
        }
        return answer.copy()
                .orTimeout(ledgerTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((count, failure) -> count != null
                        ? count
                        : unavailable(failure == null ? new IllegalStateException("no answer") : failure));
    }

    private static UseCount unavailable(Throwable failure) {
        return new UseCount.Unavailable(failure instanceof TimeoutException ? "no answer in time" : failure.toString());
    }
}
