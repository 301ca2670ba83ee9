package org.senderauth.policy;

import java.util.concurrent.ForkJoinPool;
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
final class DecisionThreads {

    /** The maximum number of threads; a task that waits above it fails, and its decision is a deferral. */
    static final int MAX_THREADS = 256;

    private static final AtomicLong NUMBER = new AtomicLong();

    /** One thread for each processor, and more while some wait. */
    static final ForkJoinPool SHARED = create();

    private DecisionThreads() {}

    private static ForkJoinPool create() {
        int parallelism = Math.min(MAX_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()));
        return new ForkJoinPool(
                parallelism,
                DecisionThreads::thread,
                null,
                true,
                parallelism,
                MAX_THREADS,
                1,
                null,
                1,
                TimeUnit.MINUTES);
    }

    private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("senderauth-decision-" + NUMBER.incrementAndGet());
        return thread;
    }
}
