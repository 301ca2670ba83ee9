package org.senderauth.core;

import java.util.Objects;

/** Calls observers so that what they throw changes nothing: it is logged as a warning. Stateless, thread-safe. */
public final class ObserverGuard {

    private ObserverGuard() {}

    /**
     * Calls an observer.
     *
     * @param observer the observer's interface; its name is the logger's
     * @param event the call; an exception or error that it throws is logged and goes no further
     */
    public static void call(Class<?> observer, Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            System.getLogger(Objects.requireNonNull(observer, "observer").getName())
                    .log(System.Logger.Level.WARNING, "observer failed", e);
        }
    }
}
