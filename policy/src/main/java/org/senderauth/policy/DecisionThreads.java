package org.senderauth.policy;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of asynchronous decisions, for all policies without an executor of their own. They are daemons, start when
 * there is work, and end after a minute without.
 *
 * <p>The JVM's common pool would not do: on machines with one or two cores CompletableFuture replaces it by a new thread
 * for each task, several for each decision. While a thread of this pool waits for a future, another takes its place.
 */
final class DecisionThreads implements Executor {

    /** The maximum number of threads; a task that waits above it fails, and its decision is a deferral. */
    static final int MAX_THREADS = 256;

    private static final AtomicLong NUMBER = new AtomicLong();

    /** One thread for each processor, and more while some wait. */
    static final DecisionThreads SHARED = new DecisionThreads();

    private final ForkJoinWorkerThreadFactory factory;
    private volatile ForkJoinPool pool;

    DecisionThreads() {
        this(ForkJoinPool.defaultForkJoinWorkerThreadFactory);
    }

    DecisionThreads(ForkJoinWorkerThreadFactory factory) {
        this.factory = factory;
        this.pool = create();
    }

    @Override
    public void execute(Runnable task) {
        ForkJoinPool current = pool;
        try {
            current.execute(task);
        } catch (RuntimeException | Error e) {
            // The system has no thread left. The pool keeps the task, and in JDK 17 creates no thread for later ones
            // either.
            replace(current);
            throw e;
        }
    }

    private synchronized void replace(ForkJoinPool failed) {
        if (pool == failed) {
            pool = create();
        }
    }

    private ForkJoinPool create() {
        int parallelism = Math.min(MAX_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()));
        return new ForkJoinPool(
                parallelism, this::thread, null, true, parallelism, MAX_THREADS, 1, null, 1, TimeUnit.MINUTES);
    }

    private ForkJoinWorkerThread thread(ForkJoinPool of) {
        ForkJoinWorkerThread thread = factory.newThread(of);
        thread.setName("senderauth-decision-" + NUMBER.incrementAndGet());
        return thread;
    }
}
