package org.senderauth.postfix;

import java.time.Duration;
import org.senderauth.core.ObserverGuard;

/** An observer whose exceptions change nothing. */
record GuardedServerObserver(ServerObserver observer) implements ServerObserver {

    @Override
    public void opened() {
        guarded(observer::opened);
    }

    @Override
    public void closed(CloseReason end) {
        guarded(() -> observer.closed(end));
    }

    @Override
    public void full() {
        guarded(observer::full);
    }

    @Override
    public void answered(Duration time) {
        guarded(() -> observer.answered(time));
    }

    @Override
    public void failed(Throwable cause) {
        guarded(() -> observer.failed(cause));
    }

    @Override
    public void terminated(Throwable cause) {
        guarded(() -> observer.terminated(cause));
    }

    private static void guarded(Runnable event) {
        ObserverGuard.call(ServerObserver.class, event);
    }
}
