package org.senderauth.batv;

import java.net.InetAddress;

/**
 * Counts, per client, the bounces that were to be rejected: a client that guesses tags, or floods a sender with bounces,
 * shows up here. An implementation must be thread-safe and bounded, and measure time itself; several
 * hosts may share one.
 */
public interface FailureCounter {

    /**
     * Counts one more failure.
     *
     * @param client the client
     * @return the client's failures of late, with this one
     */
    int failed(InetAddress client);

    /**
     * Reports the count.
     *
     * @param client the client
     * @return the client's failures of late
     */
    int failures(InetAddress client);

    /**
     * Counts nothing.
     *
     * @return a counter that always says 0
     */
    static FailureCounter none() {
        return new FailureCounter() {
            @Override
            public int failed(InetAddress client) {
                return 0;
            }

            @Override
            public int failures(InetAddress client) {
                return 0;
            }
        };
    }
}
