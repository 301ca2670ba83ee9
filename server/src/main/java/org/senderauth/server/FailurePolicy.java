package org.senderauth.server;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Decides which failures end the process. A service with one dead part is useless: mail servers wait for it
 * until their timeouts, and a supervisor sees a running process. So it ends, with one message, when
 *
 * <ul>
 *   <li>a listener or another thread that the service needs has died;
 *   <li>any thread has died of an {@link Error}, or an error shows that the JVM itself fails (memory).
 * </ul>
 *
 * A thread that the system does not start is not such an error: its caller continues without it. Thread-safe.
 */
final class FailurePolicy implements UncaughtExceptionHandler {

    /** Threads that nothing starts again: of dnsjava, of the JDK's HTTP server, of the log, and that of the start. */
    static final Set<String> NEEDED_THREADS =
            Set.of("dnsjava NIO selector", "HTTP-Dispatcher", LogQueue.THREAD, "main");

    private static final int MAX_CAUSES = 10;

    private final Consumer<String> end;
    private final LogQueue log;

    /**
     * A policy.
     *
     * @param log takes a line for each failure that the service survives
     * @param end ends the process, with the reason; may be called by several threads
     */
    FailurePolicy(LogQueue log, Consumer<String> end) {
        this.log = log;
        this.end = end;
    }

    /** A part that the service needs stopped because of an error. */
    void terminated(String part, Throwable cause) {
        end.accept(part + " failed: " + text(cause));
    }

    /** Something failed that was caught. Ends the process only if the cause says that the JVM is in trouble. */
    void check(Throwable cause) {
        Throwable known = cause;
        for (int depth = 0; known != null && depth < MAX_CAUSES; depth++) {
            if (known instanceof VirtualMachineError && !(known instanceof StackOverflowError) && !isNoThread(known)) {
                end.accept(text(known));
                return;
            }
            known = known.getCause();
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        if (NEEDED_THREADS.contains(thread.getName()) || cause instanceof Error && !isNoThread(cause)) {
            end.accept("thread " + thread.getName() + " failed: " + text(cause));
        } else {
            log.line("failed thread=" + LogText.quoted(thread.getName()) + " cause=" + LogText.quoted(text(cause)));
        }
    }

    /** Tests whether the system refused a thread, which HotSpot reports as a lack of memory. */
    static boolean isNoThread(Throwable cause) {
        return cause instanceof OutOfMemoryError
                && String.valueOf(cause.getMessage()).contains("native thread");
    }

    /** A failure in one line, with where it happened. */
    static String text(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return trace.length == 0 ? cause.toString() : cause + " at " + trace[0];
    }
}
