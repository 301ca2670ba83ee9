package org.senderauth.srs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Stores the senders whose rewritten form would be too long, each under a short alias. Several hosts that forward for
 * one domain may share a store.
 *
 * <p>Implementations are thread-safe and bounded in bytes. No future completes exceptionally, and every one completes
 * within a bounded time: any failure is {@link Answer.Unavailable}.
 */
public interface AliasStore {

    /** Characters of an alias: lower-case letters and the digits 2 to 7. */
    int ALIAS_LENGTH = 16;

    /** The time by which a store may drop an alias early: callers ask for a longer lifetime than they need. */
    Duration SPARE_TIME = Duration.ofDays(1);

    /** The response of a store. */
    sealed interface Answer {

        /**
         * The store has kept the alias, or knows whether it has one.
         *
         * @param address the address of the alias, if there is one
         */
        record Known(Optional<String> address) implements Answer {}

        /**
         * The store does not respond.
         *
         * @param detail the cause, one line for a log, without addresses
         */
        record Unavailable(String detail) implements Answer {}
    }

    /**
     * Stores an address, or extends its time. An alias always has the same address.
     *
     * @param alias {@value #ALIAS_LENGTH} characters
     * @param address the address, at most 320 characters without control characters
     * @param lifetime how long to keep it, {@link #SPARE_TIME} included
     * @return the address when it is kept
     */
    CompletableFuture<Answer> put(String alias, String address, Duration lifetime);

    /**
     * Looks up an alias.
     *
     * @param alias {@value #ALIAS_LENGTH} characters
     * @return its address, if the store has it
     */
    CompletableFuture<Answer> get(String alias);
}
