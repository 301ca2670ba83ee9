package org.senderauth.dns;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
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
final class DnsThreads implements Executor {

    /** The maximum number of threads; a continuation that waits above it fails. */
    static final int MAX_THREADS = 256;

    private static final AtomicLong NUMBER = new AtomicLong();

    private final ForkJoinWorkerThreadFactory factory;
    private volatile ForkJoinPool pool;

    DnsThreads() {
        this(ForkJoinPool.defaultForkJoinWorkerThreadFactory);
    }

    DnsThreads(ForkJoinWorkerThreadFactory factory) {
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
        thread.setName("senderauth-dns-" + NUMBER.incrementAndGet());
        return thread;
    }
}
