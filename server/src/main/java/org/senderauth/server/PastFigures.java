package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;
import org.senderauth.server.history.HistoryDirectory;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.web.DecisionFigures;

/**
 * Counts the decisions of before the start for the overview, from the files of the history. A thread of its own reads them,
 * one line at a time, so no decision waits for it; it reads no more than {@link #MAX_BYTES}. Thread-safe.
 */
final class PastFigures implements AutoCloseable {

    /** The maximum size of the files that are read, in bytes: some 800,000 decisions. */
    static final long MAX_BYTES = 256L << 20;

    private static final Duration TIME = Duration.ofDays(1);

    private final HistoryDirectory files;
    private final HistoryFilter filter;
    private final DecisionFigures figures;
    private final Consumer<String> problems;
    private final Thread thread;
    private volatile boolean stopped;

    private PastFigures(Path directory, DecisionFigures figures, InstantSource clock, Consumer<String> problems) {
        // Later decisions are counted as they are made. The history dates in milliseconds.
        Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        this.files = new HistoryDirectory(directory);
        this.filter = HistoryFilter.of(
                Map.of("since", start.minus(TIME).toString(), "until", start.toString()), InstantSource.fixed(start));
        this.figures = figures;
        this.problems = problems;
        this.thread = new Thread(this::read, "senderauth-overview");
        this.thread.setDaemon(true);
        this.thread.setPriority(Thread.MIN_PRIORITY);
    }

    /**
     * Starts to count. Call it before the first decision.
     *
     * @param directory the directory of the history
     * @param figures takes the decisions
     * @param clock the time
     * @param problems takes a line if some are missing
     */
    static PastFigures start(Path directory, DecisionFigures figures, InstantSource clock, Consumer<String> problems) {
        PastFigures past = new PastFigures(directory, figures, clock, problems);
        past.thread.start();
        return past;
    }

    private void read() {
        try {
            boolean all = files.newest(filter, MAX_BYTES, decision -> {
                if (stopped) {
                    throw new IOException("stopped");
                }
                figures.count(decision);
            });
            if (all) {
                figures.includesPast();
            } else {
                problems.accept("the overview lacks the oldest decisions of the last 24 hours: there are too many");
            }
        } catch (IOException | RuntimeException e) {
            if (!stopped) {
                problems.accept("the overview lacks decisions of before the start: " + ErrorText.of(e));
            }
        }
    }

    /** Stops, if it still reads. */
    @Override
    public void close() {
        stopped = true;
    }
}
