package org.senderauth.callout;

import java.time.Duration;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutReason;

/** Logs exceptions of an observer, so they have no other effect. */
record GuardedObserver(CalloutObserver observer) implements CalloutObserver {

    private static final System.Logger LOG = System.getLogger(GuardedObserver.class.getName());

    @Override
    public void answered(CalloutResult result, Duration waited) {
        guard(() -> observer.answered(result, waited));
    }

    @Override
    public void limited(CalloutLimiter by) {
        guard(() -> observer.limited(by));
    }

    @Override
    public void avoided(CalloutReason trouble) {
        guard(() -> observer.avoided(trouble));
    }

    @Override
    public void joined() {
        guard(observer::joined);
    }

    @Override
    public void probing() {
        guard(observer::probing);
    }

    @Override
    public void probed(Probed probe) {
        guard(() -> observer.probed(probe));
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a callout observer threw an exception", e);
        }
    }
}
