package org.senderauth.james;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.senderauth.policy.Decision;

/**
 * Waits for decisions with a limited number of threads. James runs hooks on the threads that do the I/O of all its
 * sessions, so clients with slow name servers must not hold all of them. Thread-safe.
 */
final class DecisionWaiter {

    /** The time that any thread may wait. */
    private static final long BRIEF_MILLIS = 100;

    private final Semaphore free;

    DecisionWaiter(int maxWaiting) {
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("maxWaiting must be positive, was " + maxWaiting);
        }
        this.free = new Semaphore(maxWaiting);
    }

    /** Half of the I/O threads that Netty has by default: two for each processor. */
    static int defaultMaxWaiting() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The decision; empty if it is not made soon while as many threads as may are waiting. */
    Optional<Decision> await(CompletableFuture<Decision> decision) {
        try {
            return Optional.of(decision.get(BRIEF_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return awaitSlow(decision);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("shutting down", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a decision never fails", e);
        }
    }

    private Optional<Decision> awaitSlow(CompletableFuture<Decision> decision) {
        if (!free.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return Optional.of(decision.join());
        } finally {
            free.release();
        }
    }
}
