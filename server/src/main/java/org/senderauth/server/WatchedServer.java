package org.senderauth.server;

import java.time.Duration;
import org.senderauth.postfix.ServerObserver;

/**
 * Logs what fails at one listener, and lets its end be that of the process.
 *
 * @param name the listener
 * @param log takes a line for each failure
 * @param failures decides which ones end the process
 * @param next receives all events
 */
record WatchedServer(String name, LogQueue log, FailurePolicy failures, ServerObserver next) implements ServerObserver {

    @Override
    public void opened() {
        next.opened();
    }

    @Override
    public void closed(CloseReason end) {
        next.closed(end);
    }

    @Override
    public void full() {
        next.full();
    }

    @Override
    public void answered(Duration time) {
        next.answered(time);
    }

    @Override
    public void failed(Throwable cause) {
        next.failed(cause);
        log.line("failed listener=" + LogText.quoted(name) + " cause=" + LogText.quoted(FailurePolicy.text(cause)));
        failures.check(cause);
    }

    @Override
    public void terminated(Throwable cause) {
        next.terminated(cause);
        failures.terminated(name, cause);
    }
}
