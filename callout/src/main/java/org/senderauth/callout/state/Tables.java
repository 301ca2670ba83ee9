package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Starts the bounded tables of a state. All run on its clock, and tidy up on the thread that uses them. */
final class Tables {

    private final InstantSource clock;
    private final Instant start;

    Tables(InstantSource clock) {
        this.clock = clock;
        this.start = clock.instant();
    }

    Caffeine<Object, Object> bounded(int size) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .ticker(() -> Duration.between(start, clock.instant()).toNanos())
                .executor(Runnable::run);
    }
}
