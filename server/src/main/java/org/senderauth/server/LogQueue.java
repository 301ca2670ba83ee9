package org.senderauth.server;

import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.senderauth.server.queue.BatchQueue;

/**
 * The log of a service. Lines are queued and one thread writes them, since standard output may be an unread
 * pipe: {@link #line} never waits for the output. The queue is bounded in bytes; lines that do not fit are dropped and
 * counted, and a later line reports how many. Thread-safe.
 */
public final class LogQueue implements AutoCloseable {

    /** Maximum size of the lines that wait to be written, in bytes of memory: some thousands of decisions. */
    public static final long MAX_QUEUED_BYTES = 1 << 20;

    /** The time that {@link #close} waits for the lines that are queued. */
    public static final Duration FLUSH_TIME = Duration.ofSeconds(2);

    /** The name of the thread that writes. */
    static final String THREAD = "senderauth-log";

    // What a line costs besides its characters: the string, its array and its place in the queue.
    private static final int LINE_OVERHEAD = 64;

    private final Writer out;
    private final UnaryOperator<String> prefix;
    private final BatchQueue<String> lines;
    private final StringBuilder text = new StringBuilder();

    private LogQueue(Writer out, UnaryOperator<String> prefix) {
        this.out = out;
        this.prefix = prefix;
        this.lines = new BatchQueue<>(
                THREAD, Thread.NORM_PRIORITY, MAX_QUEUED_BYTES, LogQueue::bytes, Duration.ZERO, this::write);
    }

    /**
     * Starts a log.
     *
     * @param out where the lines are written, each batch flushed; used by the log's own thread only
     * @return the log
     */
    public static LogQueue start(Writer out) {
        return start(out, line -> "");
    }

    /** As {@link #start(Writer)}, with a prefix for each line. */
    static LogQueue start(Writer out, UnaryOperator<String> prefix) {
        LogQueue log = new LogQueue(out, prefix);
        log.lines.start();
        return log;
    }

    /**
     * Queues a line. Never waits for the output.
     *
     * @param text the line, without its newline
     */
    public void line(String text) {
        lines.add(text);
    }

    /**
     * The number of lines that were dropped because the output did not take them in time or failed.
     *
     * @return their number since the start
     */
    public long dropped() {
        return lines.dropped();
    }

    // Two bytes a character, which is the most that Java takes.
    private static long bytes(String line) {
        return LINE_OVERHEAD + 2L * line.length();
    }

    // On the queue's thread. Returns how many lines could not be written.
    private int write(List<String> batch, long dropped, long total) {
        text.setLength(0);
        batch.forEach(this::append);
        if (dropped > 0) {
            append("log dropped=" + dropped + " total=" + total);
        }
        if (text.length() == 0) {
            return 0;
        }
        try {
            out.append(text).flush();
            return 0;
        } catch (IOException e) {
            // The reader is gone, or the disk is full. Mail continues; the next line tries again.
            return batch.size() + (dropped > 0 ? 1 : 0);
        }
    }

    private void append(String line) {
        text.append(prefix.apply(line)).append(line).append(System.lineSeparator());
    }

    /** Writes what is queued, for at most {@link #FLUSH_TIME}; later lines are dropped. */
    @Override
    public void close() {
        lines.close();
        lines.join(FLUSH_TIME);
    }
}
