package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.senderauth.testkit.ManualClock;

class ProgressTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final StringWriter err = new StringWriter();

    private Progress progress(boolean terminal) {
        return new Progress(new PrintWriter(err, true), "domains", clock::nanoTime, () -> terminal);
    }

    @Test
    void showsNothingForShortWork() {
        try (Progress progress = progress(true)) {
            clock.advance(Duration.ofMillis(1999));
            progress.done(10, 100);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void showsALineFromTwoSecondsOnAndRemovesIt() {
        try (Progress progress = progress(true)) {
            clock.advance(Duration.ofSeconds(2));
            progress.done(50, 100);
            clock.advance(Duration.ofMillis(100));
            progress.done(60, 100);
            clock.advance(Duration.ofSeconds(8));
            progress.done(1000);
        }
        String bar = "[" + "#".repeat(15) + " ".repeat(15) + "] 50 %, 50 domains, 25/s";
        String count = "1000 domains, 100/s";
        assertThat(err.toString())
                .isEqualTo("\r" + bar + "\r" + count + " ".repeat(bar.length() - count.length()) + "\r"
                        + " ".repeat(count.length()) + "\r");
    }

    @Test
    void showsNothingInAPipe() {
        try (Progress progress = progress(false)) {
            clock.advance(Duration.ofSeconds(60));
            progress.done(50, 100);
            progress.done(60, 100);
        }
        assertThat(err.toString()).isEmpty();
    }
}
