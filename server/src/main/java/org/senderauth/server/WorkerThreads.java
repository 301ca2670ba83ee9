package org.senderauth.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that serve connections: virtual ones where the JVM has them, else as many of the system's as are needed. */
final class WorkerThreads {

    private WorkerThreads() {}

    /** As many threads as there are tasks; who gives them bounds their number. */
    static ExecutorService create() {
        try {
            // Java 21 has it and Java 17 does not, for which this is compiled.
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (NoSuchMethodException e) {
            return platformThreads();
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads cannot be had", e);
        }
    }

    /**
     * Threads of the system, for connections of mail servers. Virtual threads share the few threads that carry them and
     * are never interrupted: two peers that send requests without a pause would stop all other connections of all ports.
     */
    static ExecutorService platformThreads() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "senderauth-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
