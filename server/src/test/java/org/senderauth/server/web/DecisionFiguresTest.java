package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;
import org.senderauth.testkit.ManualClock;

class DecisionFiguresTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:07:00Z"));
    private final TestSource source = new TestSource(clock);
    private final DecisionFigures figures = source.figures;

    private void decide(String client, int millis) {
        Transaction mail =
                Transaction.of(IpAddresses.parse(client).orElseThrow(), "mail.example.org", "alice@example.org");
        figures.decided(mail, source.decide(mail), Duration.ofMillis(millis));
    }

    @Test
    void countsByActionAndStep() {
        decide("192.0.2.1", 1);
        decide("198.51.100.7", 3);
        decide("198.51.100.7", 30);
        DecisionFigures.Counts counts = figures.counts();
        assertThat(counts.total()).isEqualTo(3);
        assertThat(counts.actions())
                .containsEntry(Decision.Action.CONTINUE, 1L)
                .containsEntry(Decision.Action.REJECT, 2L);
        assertThat(counts.steps()).containsExactly(new DecisionFigures.StepCount(Step.SPF, 2, 0, 0, 0));
        assertThat(counts.quantile(0.5)).isEqualTo("at most 5 ms");
        assertThat(counts.quantile(0.99)).isEqualTo("at most 50 ms");
        assertThat(counts.slots()).hasSize(DecisionFigures.SLOTS);
        assertThat(counts.slots().get(DecisionFigures.SLOTS - 1).start())
                .isEqualTo(Instant.parse("2026-11-23T12:00:00Z"));
    }

    @Test
    void forgetsAfterADay() {
        decide("198.51.100.7", 1);
        clock.advance(Duration.ofHours(23));
        decide("198.51.100.7", 60_000);
        assertThat(figures.counts().total()).isEqualTo(2);
        clock.advance(Duration.ofMinutes(53));
        assertThat(figures.counts().total()).isEqualTo(1);
        assertThat(figures.counts().quantile(0.5)).isEqualTo("more than 20000 ms");
        clock.advance(Duration.ofDays(40));
        assertThat(figures.counts().total()).isZero();
        assertThat(figures.counts().quantile(0.5)).isEqualTo("-");
    }

    @Test
    void changesNothingElseWhenClockIsSetBack() {
        decide("198.51.100.7", 1);
        clock.set(Instant.parse("1969-01-01T00:00:00Z"));
        decide("198.51.100.7", 1);
        assertThat(figures.counts().total()).isEqualTo(1);
    }
}
