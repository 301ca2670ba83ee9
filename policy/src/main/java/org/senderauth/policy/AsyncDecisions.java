package org.senderauth.policy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.StepExecutor.PendingResult;

/** Decides without a thread that waits, up to a limit of decisions in progress. Thread-safe. */
final class AsyncDecisions {

    private static final SmtpReply TOO_MANY =
            new SmtpReply(451, "4.3.2", "Too many sender checks in progress, try again later");
    private static final SmtpReply FAILED =
            new SmtpReply(451, "4.3.0", "Sender check temporarily unavailable, try again later");

    private final Executor executor;
    private final int maxPending;
    private final AtomicInteger pending = new AtomicInteger();

    AsyncDecisions(Executor executor, int maxPending) {
        this.executor = executor;
        this.maxPending = maxPending;
    }

    /** Decides by the steps of a sequence, on the executor. The future never completes exceptionally. */
    CompletableFuture<Decision> decide(
            Supplier<StepSequence> sequence, StepExecutor results, Stage reached, Supplier<DecisionDraft> draft) {
        if (pending.incrementAndGet() > maxPending) {
            pending.decrementAndGet();
            return CompletableFuture.completedFuture(deferral(
                    TOO_MANY, "limit of " + maxPending + " decisions in progress exceeded", reached, draft.get()));
        }
        CompletableFuture<Decision> decision;
        try {
            // One task: the caller, which may not block, would run a continuation of a task that has ended already.
            decision = CompletableFuture.supplyAsync(() -> advance(sequence.get(), results), executor)
                    .thenCompose(advanced -> advanced);
        } catch (RejectedExecutionException e) {
            decision = CompletableFuture.failedFuture(e);
        }
        return decision.handle((made, failure) -> {
            pending.decrementAndGet();
            return failure == null ? made : deferral(FAILED, "the decision failed: " + failure, reached, draft.get());
        });
    }

    private CompletableFuture<Decision> advance(StepSequence steps, StepExecutor results) {
        for (PendingResult next = steps.next(); next != null; next = steps.next()) {
            if (!next.result().isDone()) {
                return results.await(next)
                        .thenComposeAsync(
                                result -> {
                                    steps.add(result);
                                    return advance(steps, results);
                                },
                                executor);
            }
            steps.add(next.result().join());
        }
        return CompletableFuture.completedFuture(steps.decision());
    }

    // Before RCPT a deferral would be too early: a later step may reject permanently.
    private static Decision deferral(SmtpReply reply, String reason, Stage reached, DecisionDraft draft) {
        return reached.compareTo(Stage.RCPT) < 0 ? draft.accept(reason) : draft.defer(reply, reason);
    }
}
