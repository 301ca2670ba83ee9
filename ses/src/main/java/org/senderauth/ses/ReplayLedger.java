package org.senderauth.ses;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Counts how often each signature was used. One ledger may be shared by all hosts of a domain; over Redis, for
 * instance, {@link #increment} is an {@code INCR} that sets the expiry on the first use, and {@link #read} a {@code
 * GET}.
 *
 * <p>Implementations are thread-safe. No stage ever completes exceptionally, and every one completes within a bounded
 * time: trouble of any kind is {@link Tally.Unavailable}.
 */
public interface ReplayLedger {

    /** Longest key, in characters: a purpose, the hexadecimal HMAC of a signature and perhaps a client's address. */
    int MAX_KEY = 150;

    /** How often an entry was used. */
    sealed interface Tally {

        /**
         * The ledger knows.
         *
         * @param uses uses so far
         */
        record Counted(long uses) implements Tally {}

        /**
         * The ledger cannot tell now.
         *
         * @param detail the cause, one line for a log
         */
        record Unavailable(String detail) implements Tally {}
    }

    /**
     * Counts one more use, atomically: of n calls for one key on any number of hosts each gets another of the numbers
     * 1 to n.
     *
     * @param key names the entry: printable ASCII without spaces, at most {@link #MAX_KEY} characters
     * @param forgetAt when the entry may be dropped; the first use of a key decides, later ones do not put it off
     * @return the uses of this key, this one included
     */
    CompletionStage<Tally> increment(String key, Instant forgetAt);

    /**
     * Reads the uses of a key without counting.
     *
     * @param key names the entry
     * @return its uses, 0 if the ledger does not hold it
     */
    CompletionStage<Tally> read(String key);
}
