package org.senderauth.server.history;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store of a service's decisions. Thread-safe. */
public interface HistoryStore extends AutoCloseable {

    /**
     * One decision as it is kept.
     *
     * @param record the decision
     * @param trace what its steps saw; null if that is not kept
     */
    record Entry(HistoryRecord record, @Nullable HistoryTrace trace) {}

    /**
     * Stores decisions, all or none of them.
     *
     * @param entries the decisions in order
     * @throws IOException if they cannot be kept
     */
    void append(List<Entry> entries) throws IOException;

    /**
     * Deletes what is kept long enough. Called now and then.
     *
     * @throws IOException if that is not possible
     */
    void maintain() throws IOException;

    /** {@return a reader of what is kept, for any thread} */
    HistorySource source();

    @Override
    void close() throws IOException;
}
