package org.senderauth.batv;

import java.net.InetAddress;
import java.time.Instant;

/**
 * Counts, per client, the bounces that were to be refused: whoever guesses tags, or floods a forged sender with bounces,
 * shows up here. An implementation must be thread-safe and bounded; several hosts may share one.
 */
public interface FailureCounter {

    /**
     * Counts one more failure.
     *
     * @param client the client
     * @param now the time
     * @return the client's failures of late, with this one
     */
    int failed(InetAddress client, Instant now);

    /**
     * Tells the count.
     *
     * @param client the client
     * @param now the time
     * @return the client's failures of late
     */
    int failures(InetAddress client, Instant now);

    /**
     * Counts nothing.
     *
     * @return a counter that always says 0
     */
    static FailureCounter none() {
        return new FailureCounter() {
            @Override
            public int failed(InetAddress client, Instant now) {
                return 0;
            }

            @Override
            public int failures(InetAddress client, Instant now) {
                return 0;
            }
        };
    }
}
