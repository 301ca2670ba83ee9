package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.testkit.Await;

@Timeout(120)
class LogQueueTest {

    private static final int LINES = 20_000;

    /** An output that takes nothing until it is read, as a full pipe does. */
    private static final class Pipe extends Writer {

        private final CountDownLatch offered = new CountDownLatch(1);
        private final CountDownLatch read = new CountDownLatch(1);
        private final StringWriter text = new StringWriter();

        @Override
        public void write(char[] buffer, int offset, int length) throws IOException {
            offered.countDown();
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            text.write(buffer, offset, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static String line(int number) {
        return "decision number=" + number + " " + "x".repeat(200);
    }

    @Test
    void writesLinesInOrder() {
        StringWriter out = new StringWriter();
        try (LogQueue log = LogQueue.start(out)) {
            for (int i = 0; i < 1000; i++) {
                log.line(Integer.toString(i));
            }
        }
        assertThat(out.toString().lines().map(Integer::valueOf)).hasSize(1000).isSorted();
    }

    @Test
    void neverWaitsForUnreadOutputAndReportsDrops() throws Exception {
        Pipe pipe = new Pipe();
        LogQueue log = LogQueue.start(pipe);
        log.line(line(0));
        // The writer waits for the pipe before anything is dropped, so that one report has all that is dropped.
        pipe.offered.await();
        for (int i = 1; i < LINES; i++) {
            log.line(line(i));
        }
        long dropped = log.dropped();
        assertThat(dropped).isPositive();
        long kept = LINES - dropped;
        assertThat(kept * line(LINES).length() * 2).isLessThanOrEqualTo(LogQueue.MAX_QUEUED_BYTES + 128 * 1024);

        pipe.read.countDown();
        // Only now is there room for another line.
        Await.until("the report", () -> pipe.text.toString().contains("log dropped="));
        log.line("after");
        Await.until("the line", () -> pipe.text.toString().contains("after"));
        log.close();
        assertThat(pipe.text.toString())
                .startsWith(line(0) + System.lineSeparator())
                .contains("log dropped=" + dropped + " total=" + dropped + System.lineSeparator())
                .contains("after" + System.lineSeparator());
        assertThat(pipe.text.toString().lines().filter(line -> line.startsWith("decision ")))
                .hasSize((int) kept);
    }

    @Test
    void closesWithoutWaitingForUnreadOutput() {
        Pipe pipe = new Pipe();
        LogQueue log = LogQueue.start(pipe);
        log.line("one");
        log.close();
        log.line("late");
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(pipe.text.toString()).isEmpty();
        pipe.read.countDown();
    }

    @Test
    void continuesAfterAnOutputThatFailed() {
        AtomicBoolean full = new AtomicBoolean(true);
        StringWriter text = new StringWriter();
        Writer disk = new Writer() {
            @Override
            public void write(char[] buffer, int offset, int length) throws IOException {
                if (full.get()) {
                    throw new IOException("no space left on device");
                }
                text.write(buffer, offset, length);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        try (LogQueue log = LogQueue.start(disk)) {
            log.line("lost");
            Await.until("the loss", () -> log.dropped() == 1);
            full.set(false);
            log.line("kept");
        }
        assertThat(text.toString()).isEqualTo("kept" + System.lineSeparator());
    }
}
