package org.senderauth.server;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Adds the log of libraries ({@link System.Logger}, {@code java.util.logging}) to the service's log. The JDK's own
 * handler writes to standard error on the thread that logs, which waits if it is an unread pipe.
 */
final class LogHandler extends Handler {

    private final LogQueue log;
    private final FailurePolicy failures;

    private LogHandler(LogQueue log, FailurePolicy failures) {
        this.log = log;
        this.failures = failures;
    }

    /** Replaces the handlers that write to the console; others, from a configuration of the JDK's, stay. */
    static void install(LogQueue log, FailurePolicy failures) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                root.removeHandler(handler);
            }
        }
        root.addHandler(new LogHandler(log, failures));
    }

    @Override
    public void publish(LogRecord event) {
        if (!isLoggable(event)) {
            return;
        }
        Throwable cause = event.getThrown();
        log.line("library level=" + event.getLevel().getName()
                + " logger=" + event.getLoggerName()
                + " message=" + LogText.quoted(String.valueOf(event.getMessage()))
                + (cause == null ? "" : " cause=" + LogText.quoted(FailurePolicy.text(cause))));
        if (cause != null) {
            failures.check(cause);
        }
    }

    @Override
    public void flush() {
        // The log's own thread does that.
    }

    @Override
    public void close() {
        // The log outlives it.
    }
}
