package org.senderauth.cli.serve;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that serve connections: virtual ones where the JVM has them, else as many of the system's as are needed. */
final class WorkerThreads {

    private WorkerThreads() {}

    /** Threads for at most so many connections at a time. */
    static ExecutorService create(int connections) {
        try {
            // Java 21 has it and Java 17 does not, for which this is compiled.
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (NoSuchMethodException e) {
            return platformThreads(connections);
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads cannot be had", e);
        }
    }

    private static ExecutorService platformThreads(int connections) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, connections, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "senderauth-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
