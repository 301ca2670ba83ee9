package org.senderauth.callout;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** The default threads for probes, which wait most of the time. */
final class ProbeThreads {

    /** Enough for an SMTP session. A thousand platform threads then reserve 256 MiB of address space, not of memory. */
    private static final long STACK_OCTETS = 256L * 1024;

    private ProbeThreads() {}

    /**
     * Returns one virtual thread for each probe where the JVM has them (21 and later), else daemon threads that end after an
     * idle minute.
     *
     * <p>The code is compiled for Java 17, which lacks the method, so it is looked up by name: the only use of reflection in
     * this module.
     */
    static ExecutorService newExecutor() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException javaBefore21) {
            AtomicLong number = new AtomicLong();
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(null, task, "callout-" + number.incrementAndGet(), STACK_OCTETS);
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
