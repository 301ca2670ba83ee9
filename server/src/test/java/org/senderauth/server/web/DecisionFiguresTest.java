package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;
import org.senderauth.server.history.HistoryRecord;
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

    @Test
    void countsPastDecisionsAsIfTheyHadBeenMadeNow() {
        decide("198.51.100.7", 3);
        DecisionFigures.Counts now = figures.counts();
        DecisionFigures restarted = new DecisionFigures(clock, PolicyObserver.NONE);
        restarted.count(past(clock.instant(), "reject", "550 5.7.23 SPF check failed", "spf", null, 3));
        restarted.includesPast();
        assertThat(restarted.counts())
                .usingRecursiveComparison()
                .ignoringFields("sinceStart")
                .isEqualTo(now);
        assertThat(now.sinceStart()).isTrue();
        assertThat(restarted.counts().sinceStart()).isFalse();
    }

    @Test
    void countsWithheldRepliesOfPastDecisions() {
        figures.count(past(clock.instant(), "continue", null, "spf", "550 5.7.23 SPF check failed", 1));
        figures.count(past(clock.instant(), "continue", null, "callout", "450 4.3.0 try again later", 1));
        assertThat(figures.counts().steps())
                .containsExactlyInAnyOrder(
                        new DecisionFigures.StepCount(Step.SPF, 0, 0, 1, 0),
                        new DecisionFigures.StepCount(Step.CALLOUT, 0, 0, 0, 1));
    }

    @Test
    void leavesOutPastDecisionsThatAreNotOfTheLastDay() {
        decide("198.51.100.7", 1);
        for (Instant time : new Instant[] {
            clock.instant().minus(Duration.ofHours(24)),
            clock.instant().plus(Duration.ofMinutes(15)),
            Instant.EPOCH,
            Instant.MAX,
            Instant.MIN
        }) {
            figures.count(past(time, "reject", "550 no", "spf", null, 1));
        }
        assertThat(figures.counts().total()).isEqualTo(1);
        figures.count(past(clock.instant().minus(Duration.ofHours(23)), "reject", "550 no", "spf", null, 1));
        assertThat(figures.counts().total()).isEqualTo(2);
    }

    @Test
    void countsPastDecisionsWithHostileFields() {
        for (String text : new String[] {"", "x", "<script>", "\u202e", "5".repeat(500)}) {
            figures.count(past(clock.instant(), text, text, text, text, Long.MAX_VALUE));
            figures.count(past(clock.instant(), "continue", text, text, text, Long.MAX_VALUE));
        }
        assertThat(figures.counts().total()).isEqualTo(5);
        assertThat(figures.counts().steps()).isEmpty();
    }

    private static HistoryRecord past(
            Instant time, String action, @Nullable String reply, String step, @Nullable String withheld, long millis) {
        return new HistoryRecord(
                "bcdfghjkmnp",
                time,
                action,
                reply,
                step,
                withheld,
                IpAddresses.parse("198.51.100.7").orElseThrow(),
                "mail.example.org",
                "alice@example.org",
                null,
                null,
                "-",
                millis,
                "");
    }
}
