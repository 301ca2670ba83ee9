package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.callout.CalloutRequest.Spf;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.dns.IpAddresses;

/** A mail server that blocks, rate-limits or defers us takes nothing from senders that were deliverable before. */
class BlockedByServerTest {

    private static final InetAddress CLIENT = IpAddresses.parse("198.51.100.7").orElseThrow();

    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-01T12:00:00Z"));
    private final ScriptedProber prober = new ScriptedProber(time);
    private final CalloutVerifier verifier = CalloutVerifier.builder(prober)
            .clock(time)
            .monotonicClock(time.monotonic())
            .timer(time)
            .executor(Runnable::run)
            .random(new SplittableRandom(1))
            .build();

    /** The seven-day case: blocked from the second day on, mail every hour for two weeks. */
    @ParameterizedTest
    @EnumSource(
            value = CalloutReason.class,
            names = {
                "POLICY_REFUSED",
                "POLICY_DEFERRED",
                "HOST_BUSY",
                "HOST_ACCEPTS_NO_MAIL",
                "UNREACHABLE",
                "TOO_MANY_RECIPIENTS",
                "RELAY_DENIED",
                "UNCLEAR_REJECTION",
                "TEMPFAIL",
                "GREYLISTED",
                "TIMEOUT",
                "CONNECTION_LOST",
                "PROTOCOL_ERROR",
                "NULL_SENDER_REFUSED",
                "RATE_LIMITED",
                "HOST_UNDER_ATTACK"
            })
    void keepsGoodSenderForSevenDaysAndRejectsNever(CalloutReason block) {
        assertThat(ask("good@example.com").reason()).isEqualTo(CalloutReason.ACCEPTED);
        Instant last = time.instant();
        prober.answerAll(block);
        int deferred = 0;
        for (int hour = 1; hour <= 14 * 24; hour++) {
            time.goOn(Duration.ofHours(1));
            CalloutResult result = ask("good@example.com");
            boolean known =
                    time.instant().isBefore(last.plus(Duration.ofDays(7)).minus(Duration.ofHours(1)));
            if (known) {
                assertThat(result.verdict()).as("hour " + hour).isEqualTo(CalloutVerdict.DELIVERABLE);
            }
            assertThat(result.verdict()).isIn(CalloutVerdict.DELIVERABLE, CalloutVerdict.UNDECIDED);
            if (result.smtpReply().isPresent()) {
                assertThat(result.smtpReply().get().isPermanent()).isFalse();
                deferred++;
            }
        }
        assertThat(deferred).isLessThanOrEqualTo(25);
    }

    /** 120 deferrals in five days was the mistake: one for each try of the MTA. */
    @Test
    void defersUnknownSenderForOneDayAtMost() {
        prober.answerAll(CalloutReason.GREYLISTED);
        int deferred = 0;
        for (int hour = 0; hour < 5 * 24; hour++) {
            deferred += ask("new@example.com").smtpReply().isEmpty() ? 0 : 1;
            time.goOn(Duration.ofHours(1));
        }
        assertThat(deferred).isBetween(20, 25);
    }

    @Test
    void acceptsSenderAgainWhenServerAnswersAgain() {
        ask("good@example.com");
        prober.answerAll(CalloutReason.POLICY_REFUSED);
        for (int day = 0; day < 10; day++) {
            time.goOn(Duration.ofDays(1));
            ask("good@example.com");
        }
        prober.answerAll(CalloutReason.ACCEPTED);
        time.goOn(Duration.ofDays(1));
        assertThat(ask("good@example.com").verdict()).isEqualTo(CalloutVerdict.DELIVERABLE);
    }

    private CalloutResult ask(String sender) {
        CompletableFuture<CalloutResult> answer = verifier.verifyAsync(
                CalloutRequest.sender(sender).client(CLIENT).spf(Spf.PASS).build());
        time.goOn(Duration.ofSeconds(10));
        return answer.join();
    }
}
