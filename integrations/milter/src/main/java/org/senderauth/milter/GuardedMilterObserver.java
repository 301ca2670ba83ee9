package org.senderauth.milter;

import java.util.function.Supplier;
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

    /** Returns the verdict of a handler; a failure is observed, and the verdict is then a temporary failure. */
    MilterVerdict verdict(Supplier<MilterVerdict> handler) {
        try {
            return handler.get();
        } catch (RuntimeException e) {
            failed(e);
            return MilterVerdict.TEMPFAIL;
        }
    }

    private static void guarded(Runnable event) {
        ObserverGuard.call(MilterObserver.class, event);
    }
}
