package org.senderauth.server;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.history.HistoryFiles;
import org.senderauth.server.history.HistoryStore;
import org.senderauth.server.history.HistoryWriter;
import org.senderauth.server.history.MemoryHistory;
import org.senderauth.server.web.DecisionFigures;

/** The history of a running service: in files or in memory, and the figures of decisions from before the start. */
final class KeptHistory implements AutoCloseable {

    private final HistoryWriter writer;
    private final @Nullable PastFigures past;
    private final Consumer<String> problems;

    private KeptHistory(HistoryWriter writer, @Nullable PastFigures past, Consumer<String> problems) {
        this.writer = writer;
        this.past = past;
        this.problems = problems;
    }

    /**
     * Starts a history.
     *
     * @param config the configuration of the start
     * @param figures count the decisions for the web pages, if these are served
     * @return the history; null if nothing reads one
     */
    static @Nullable KeptHistory start(
            ServeConfig config, DecisionFigures figures, PersistentState memory, ServiceMetrics metrics, LogQueue log) {
        HistorySettings settings = config.history();
        boolean hasPages = config.web() != null;
        if (settings.directory() == null && config.listen().control() == null && !hasPages) {
            return null;
        }
        Consumer<String> problems = problem -> log.line("history: " + LogText.safe(problem));
        HistoryStore store = new MemoryHistory(settings.memoryBytes());
        PastFigures past = null;
        if (settings.directory() != null) {
            try {
                store = HistoryFiles.open(settings.directory(), settings.files(), memory.clock(), problems);
                if (hasPages) {
                    past = PastFigures.start(settings.directory(), figures, memory.clock(), problems);
                }
            } catch (IOException e) {
                // Mail does not depend on the directory.
                problems.accept("is in memory only: " + ErrorText.of(e));
            }
        }
        HistoryWriter writer = HistoryWriter.start(
                store,
                settings.traces(),
                memory.clock(),
                System::nanoTime,
                problems,
                hasPages ? figures : metrics.policy());
        metrics.meters().counter(Metric.HISTORY_DECISIONS_DROPPED, writer, HistoryWriter::dropped);
        return new KeptHistory(writer, past, problems);
    }

    /** {@return what observes the decisions} */
    HistoryWriter writer() {
        return writer;
    }

    @Override
    public void close() {
        if (past != null) {
            past.close();
        }
        try {
            writer.close();
        } catch (IOException e) {
            problems.accept(ErrorText.of(e));
        }
    }
}
