package org.senderauth.policy;

import java.time.Duration;
import org.senderauth.core.ObserverGuard;

/** An observer whose exceptions change nothing. */
record GuardedPolicyObserver(PolicyObserver observer) implements PolicyObserver {

    @Override
    public void stepCompleted(Step step, StepResult result, Duration time) {
        guarded(() -> observer.stepCompleted(step, result, time));
    }

    @Override
    public void failed(Step step, Throwable cause) {
        guarded(() -> observer.failed(step, cause));
    }

    @Override
    public void decided(Transaction transaction, Decision decision, Duration time) {
        guarded(() -> observer.decided(transaction, decision, time));
    }

    private static void guarded(Runnable event) {
        ObserverGuard.call(PolicyObserver.class, event);
    }
}
