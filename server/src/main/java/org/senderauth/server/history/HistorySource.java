package org.senderauth.server.history;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A source of decisions: the files of a history, the memory of a service, or a running service. */
public interface HistorySource {

    /** The maximum of {@code limit} in {@link #search}. */
    int MAX_LIMIT = 100_000;

    /**
     * Receives decisions.
     */
    @FunctionalInterface
    interface Sink {

        /**
         * Receives one.
         *
         * @param decision the decision
         * @throws IOException if it cannot be passed on; ends the search
         */
        void accept(HistoryRecord decision) throws IOException;
    }

    /**
     * A decision with what its steps saw.
     *
     * @param decision the decision
     * @param trace what its steps saw; null if that was not kept
     */
    record Found(HistoryRecord decision, @Nullable HistoryTrace trace) {}

    /**
     * A position between two decisions. Opaque to callers.
     *
     * @param segment the file's number; 0 in memory
     * @param offset the position within it
     */
    record Position(long segment, long offset) {}

    /**
     * Finds decisions, the oldest first.
     *
     * @param filter which decisions
     * @param limit the maximum number of decisions: the newest ones; 0 for all of them
     * @param sink takes them
     * @throws IOException if the history cannot be read
     */
    void search(HistoryFilter filter, int limit, Sink sink) throws IOException;

    /**
     * Finds the last decision with an id.
     *
     * @param id the id
     * @return the decision; empty if the history does not contain it
     * @throws IOException if the history cannot be read
     */
    Optional<Found> find(String id) throws IOException;

    /**
     * Returns the position after the last decision, for {@link #follow}.
     *
     * @return the position
     * @throws IOException if the history cannot be read
     */
    Position end() throws IOException;

    /**
     * Finds the decisions after a position, the oldest first.
     *
     * @param from the position
     * @param filter which decisions
     * @param sink takes them
     * @return the position after the last one, whether it was wanted or not
     * @throws IOException if the history cannot be read
     */
    Position follow(Position from, HistoryFilter filter, Sink sink) throws IOException;
}
