package org.senderauth.dkim2;

import java.time.Duration;
import java.time.Instant;

/** The age of a signature, compared with its limits. */
enum Age {
    CURRENT,
    EXPIRED,
    FUTURE;

    /** Exactly the maximum is current. The time is compared as a number, since it may be beyond every {@link Instant}. */
    static Age of(long time, Instant now, Duration maxAge, Duration skew) {
        long seconds = now.getEpochSecond() - time;
        if (seconds > maxAge.toSeconds()) {
            return EXPIRED;
        }
        return seconds < -skew.toSeconds() ? FUTURE : CURRENT;
    }
}
