package org.senderauth.dns;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Creates the threads of DNS clients, on which answers are read and continue. They are daemons and end after a minute
 * without work.
 *
 * <p>The JVM's common pool would not do: on machines with one or two cores CompletableFuture replaces it by a new thread
 * for each answer. Other pools would not do either: this one adds a thread while one of its own waits for an answer.
 */
final class DnsThreads {

    /** The maximum number of threads; a continuation that waits above it fails. */
    static final int MAX_THREADS = 256;

    private static final AtomicLong NUMBER = new AtomicLong();

    private DnsThreads() {}

    static ForkJoinPool create() {
        int parallelism = Math.min(MAX_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()));
        return new ForkJoinPool(
                parallelism, DnsThreads::thread, null, true, parallelism, MAX_THREADS, 1, null, 1, TimeUnit.MINUTES);
    }

    private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("senderauth-dns-" + NUMBER.incrementAndGet());
        return thread;
    }
}
