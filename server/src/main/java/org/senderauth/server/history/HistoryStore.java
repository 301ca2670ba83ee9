package org.senderauth.server.history;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store of a service's decisions. Thread-safe. */
public interface HistoryStore extends AutoCloseable {

    /**
     * One decision as it is kept.
     *
     * @param decision the record as JSON
     * @param trace what its steps saw, as JSON; null if that is not kept
     */
    record Line(String decision, @Nullable String trace) {}

    /**
     * Stores decisions, all or none of them.
     *
     * @param lines the decisions in order
     * @throws IOException if they cannot be kept
     */
    void append(List<Line> lines) throws IOException;

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
