package org.senderauth.milter;

import org.senderauth.core.ObserverGuard;

/** An observer whose exceptions change nothing. */
record GuardedMilterObserver(MilterObserver observer) implements MilterObserver {

    @Override
    public void failed(Throwable cause) {
        guarded(() -> observer.failed(cause));
    }

    @Override
    public void broken(String problem) {
        guarded(() -> observer.broken(problem));
    }

    @Override
    public void leftOut(MilterAction action) {
        guarded(() -> observer.leftOut(action));
    }

    private static void guarded(Runnable event) {
        ObserverGuard.call(MilterObserver.class, event);
    }
}
