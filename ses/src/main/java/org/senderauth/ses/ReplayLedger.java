package org.senderauth.ses;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * A counter of the uses of each signature. All hosts of a domain may share one ledger; over Redis, for instance, {@link
 * #increment} is an {@code INCR} that sets the expiry on the first use, and {@link #read} a {@code
 * GET}.
 *
 * <p>Implementations are thread-safe. No future ever completes exceptionally, and every one completes within a bounded
 * time: any failure is {@link UseCount.Unavailable}.
 */
public interface ReplayLedger {

    /** The maximum length of a key in characters: a purpose, the hexadecimal HMAC of a signature and perhaps a client's address. */
    int MAX_KEY = 150;

    /** The number of uses of an entry. */
    sealed interface UseCount {

        /**
         * The number is known.
         *
         * @param uses the uses so far
         */
        record Counted(long uses) implements UseCount {}

        /**
         * The ledger is unavailable.
         *
         * @param detail the cause, one line for a log
         */
        record Unavailable(String detail) implements UseCount {}
    }

    /**
     * Counts one more use, atomically: of n calls for one key on any number of hosts each gets another of the numbers
     * 1 to n.
     *
     * @param key the name of the entry: printable ASCII without spaces, at most {@link #MAX_KEY} characters
     * @param dropAfter the time after which the entry may be dropped; that of the first use applies
     * @return the uses of this key, this one included
     */
    CompletableFuture<UseCount> increment(String key, Instant dropAfter);

    /**
     * Reads the uses of a key without counting.
     *
     * @param key the name of the entry
     * @return its uses, 0 if the ledger does not have it
     */
    CompletableFuture<UseCount> read(String key);
}
