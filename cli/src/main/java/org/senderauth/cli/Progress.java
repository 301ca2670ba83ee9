package org.senderauth.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Shows on standard error how far long work is: a line that is overwritten, from two seconds on and four times a second
 * at most. Only at a terminal: what a script reads has no trace of it. Thread-safe.
 */
final class Progress implements AutoCloseable {

    private static final long DELAY = Duration.ofSeconds(2).toNanos();
    private static final long INTERVAL = Duration.ofMillis(250).toNanos();
    private static final int BAR = 30;

    private final PrintWriter err;
    private final String unit;
    private final LongSupplier nanoTime;
    private final BooleanSupplier terminal;
    private final long start;
    private long next;
    private int shown;
    private boolean hidden;

    /**
     * Starts for work that prints its result at the end.
     *
     * @param unit what is counted, such as {@code DNS queries}
     */
    static Progress start(String unit) {
        return new Progress(standardError(), unit, System::nanoTime, () -> isTerminal("2"));
    }

    /**
     * Starts for work that prints while it runs: at a terminal that shows its output, nothing is shown.
     *
     * @param unit what is counted, such as {@code lines}
     */
    static Progress withOutput(String unit) {
        return new Progress(standardError(), unit, System::nanoTime, () -> isTerminal("2") && !isTerminal("1"));
    }

    private static PrintWriter standardError() {
        return new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8));
    }

    Progress(PrintWriter err, String unit, LongSupplier nanoTime, BooleanSupplier terminal) {
        this.err = err;
        this.unit = unit;
        this.nanoTime = nanoTime;
        this.terminal = terminal;
        this.start = nanoTime.getAsLong();
        this.next = start + DELAY;
    }

    /** Reports how much is done, of an unknown total. */
    void done(long count) {
        done(count, 0);
    }

    /** Reports how much is done of a total; a total of 0 is unknown. */
    synchronized void done(long count, long total) {
        long now = nanoTime.getAsLong();
        if (hidden || now - next < 0) {
            return;
        }
        if (shown == 0 && !terminal.getAsBoolean()) {
            hidden = true;
            return;
        }
        next = now + INTERVAL;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now - start);
        StringBuilder line = new StringBuilder();
        if (total > 0) {
            long part = Math.min(count, total);
            int full = (int) (BAR * part / total);
            line.append('[')
                    .append("#".repeat(full))
                    .append(" ".repeat(BAR - full))
                    .append("] ")
                    .append(100 * part / total)
                    .append(" %, ");
        }
        line.append(count).append(' ').append(unit);
        if (seconds > 0) {
            line.append(", ").append(count / seconds).append("/s");
        }
        print(line.toString());
    }

    private void print(String line) {
        err.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        err.flush();
        shown = line.length();
    }

    /** Removes the line, so that what follows begins where it began. */
    @Override
    public synchronized void close() {
        if (shown > 0) {
            print("");
            err.print("\r");
            err.flush();
            shown = 0;
        }
    }

    // System.console() does not know about standard error; this program of POSIX does.
    private static boolean isTerminal(String descriptor) {
        try {
            return new ProcessBuilder("test", "-t", descriptor)
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
