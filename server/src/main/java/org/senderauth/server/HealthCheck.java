package org.senderauth.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code /health}: whether each listener answers when it is used, and whether what decisions need works. A result is kept for {@link #KEPT}, so
 * that a client that asks often costs little, and one check takes at most {@link #LIMIT}. Thread-safe.
 */
final class HealthCheck {

    /** The time that a result is reported again. */
    static final Duration KEPT = Duration.ofSeconds(5);

    /** The time for the replies of all listeners together. */
    static final Duration LIMIT = Duration.ofSeconds(3);

    private final Supplier<List<ListenerProbe>> listeners;
    private final List<Dependency> dependencies;
    private final LongSupplier nanoTime;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Result last;

    /** A result; the text has no newline. */
    record Result(boolean good, String text, long nanos) {}

    /**
     * Something that decisions need from outside.
     *
     * @param name its name, for the result
     * @param works a check whether it works now; true if nothing needs it
     */
    record Dependency(String name, Supplier<CompletionStage<Boolean>> works) {}

    /**
     * A check.
     *
     * @param listeners those that are to be used, asked again for each check
     * @param dependencies those that are to work
     * @param nanoTime a monotonic clock
     */
    HealthCheck(Supplier<List<ListenerProbe>> listeners, List<Dependency> dependencies, LongSupplier nanoTime) {
        this.listeners = listeners;
        this.dependencies = List.copyOf(dependencies);
        this.nanoTime = nanoTime;
    }

    /** The result of now, or of a moment ago. */
    Result result() {
        Result known = last;
        if (known != null && isFresh(known)) {
            return known;
        }
        // The threads of the HTTP server are few: only one of them waits for the listeners, if there is any result.
        if (!checking.tryLock()) {
            if (known != null) {
                return known;
            }
            checking.lock();
        }
        try {
            known = last;
            if (known == null || !isFresh(known)) {
                known = check();
                last = known;
            }
            return known;
        } finally {
            checking.unlock();
        }
    }

    private boolean isFresh(Result result) {
        return nanoTime.getAsLong() - result.nanos() < KEPT.toNanos();
    }

    private Result check() {
        List<ListenerProbe> all = listeners.get();
        long end = System.nanoTime() + LIMIT.toNanos();
        for (ListenerProbe listener : all) {
            if (!listener.answers(end - System.nanoTime())) {
                return new Result(false, "listener " + listener.name() + " does not answer", nanoTime.getAsLong());
            }
        }
        for (Dependency dependency : dependencies) {
            if (!works(dependency, end - System.nanoTime())) {
                return new Result(
                        false, dependency.name() + " does not answer; the service is alive", nanoTime.getAsLong());
            }
        }
        int count = all.size();
        return new Result(true, "ok: " + count + (count == 1 ? " listener" : " listeners"), nanoTime.getAsLong());
    }

    private static boolean works(Dependency dependency, long nanos) {
        try {
            return dependency.works().get().toCompletableFuture().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            return false;
        }
    }
}
