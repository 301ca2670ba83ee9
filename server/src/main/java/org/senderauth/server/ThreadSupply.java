package org.senderauth.server;

import java.time.Duration;

/**
 * Notices that the system gives this process no threads. What runs continues, and a listener closes a connection that
 * gets no thread; but nothing else can be relied on: the JVM needs a thread to handle SIGTERM, for one. So the process is
 * given up after a while. Not thread-safe.
 */
final class ThreadSupply {

    /** The interval of the checks. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /** The number of consecutive failures to start a thread; with {@link #INTERVAL} ten seconds. */
    static final int MAX_REFUSED = 5;

    private final Runnable starter;
    private int refused;

    /** A check that starts a thread, or throws {@link OutOfMemoryError} as {@link Thread#start} does. */
    ThreadSupply(Runnable starter) {
        this.starter = starter;
    }

    static void startThread() {
        Thread thread = new Thread(() -> {}, "senderauth-spare");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tests whether threads can still be counted on. */
    boolean check() {
        try {
            starter.run();
            refused = 0;
        } catch (OutOfMemoryError e) {
            refused++;
        }
        return refused < MAX_REFUSED;
    }
}
