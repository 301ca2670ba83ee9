package org.senderauth.redis;

import java.time.Duration;
import org.senderauth.core.ObserverGuard;

/** An observer whose exceptions change nothing. */
record GuardedRedisObserver(RedisObserver observer) implements RedisObserver {

    @Override
    public void lost(String cause) {
        guarded(() -> observer.lost(cause));
    }

    @Override
    public void stillLost(String cause) {
        guarded(() -> observer.stillLost(cause));
    }

    @Override
    public void restored(Duration outage) {
        guarded(() -> observer.restored(outage));
    }

    @Override
    public void fellBack(Operation operation) {
        guarded(() -> observer.fellBack(operation));
    }

    private static void guarded(Runnable event) {
        ObserverGuard.call(RedisObserver.class, event);
    }
}
