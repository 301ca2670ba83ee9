package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.ManualClock;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** The verification of recipients at the host with their mailboxes. */
class CallforwardTest {

    private static final InetAddress CLIENT = IpAddresses.parse("198.51.100.7").orElseThrow();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int RECIPIENTS = 200;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    private CalloutVerifier verifier(int port, UnaryOperator<CalloutVerifierBuilder> changes) {
        ProbeSettings settings =
                ProbeSettings.builder("gate.example.net").clock(clock).build();
        return changes.apply(CalloutVerifier.builder(
                                SmtpProber.of(ZoneDnsClient.builder().build(), settings))
                        .callforward("example.org", List.of(new InetSocketAddress(LOOPBACK, port)))
                        .clock(clock)
                        .monotonicClock(clock.monotonic())
                        .executor(Runnable::run))
                .build();
    }

    private static SmtpRules knowing(String... localParts) {
        SmtpRules rules = SmtpRules.mailServer("PIPELINING").answer("RCPT TO:<", "550 5.1.1 no such user");
        for (String localPart : localParts) {
            rules = rules.answer("RCPT TO:<" + localPart + "@", "250 2.1.5 ok");
        }
        return rules;
    }

    @Test
    void verifiesEveryRecipientOfDictionaryAttack() {
        try (ScriptedSmtpServer inside = ScriptedSmtpServer.start(knowing("bob"))) {
            CalloutVerifier verifier = verifier(inside.port(), UnaryOperator.identity());
            for (int i = 0; i < RECIPIENTS; i++) {
                CalloutResult result = verifier.verifyRecipient(MailAddress.of("user" + i + "@example.org"), CLIENT);
                assertThat(result.reason()).as("user%d", i).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
            }
            assertThat(verifier.verifyRecipient(MailAddress.of("bob@example.org"), CLIENT)
                            .reason())
                    .isEqualTo(CalloutReason.ACCEPTED);
        }
    }

    @Test
    void infersNoRecipientFromOthersLikeIt() {
        try (ScriptedSmtpServer inside =
                ScriptedSmtpServer.start(knowing("sales-10001", "sales-10002", "sales-10003", "sales-10004"))) {
            CalloutVerifier verifier = verifier(inside.port(), UnaryOperator.identity());
            for (int i = 1; i <= 4; i++) {
                assertThat(verifier.verifyRecipient(MailAddress.of("sales-1000" + i + "@example.org"), CLIENT)
                                .reason())
                        .isEqualTo(CalloutReason.ACCEPTED);
            }
            assertThat(verifier.verifyRecipient(MailAddress.of("sales-10005@example.org"), CLIENT)
                            .reason())
                    .isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        }
    }

    @Test
    void countsNoFailureAgainstSendersOfTheClient() {
        CalloutLimits one = CalloutLimits.builder().clientFailureLimit(1).build();
        try (ScriptedSmtpServer inside = ScriptedSmtpServer.start(knowing())) {
            CalloutVerifier verifier = verifier(inside.port(), builder -> builder.limits(one));
            verifier.verifyRecipient(MailAddress.of("a@example.org"), CLIENT);
            verifier.verifyRecipient(MailAddress.of("b@example.org"), CLIENT);
            assertThat(verifier.verify(CalloutRequest.sender("c@unknown.example")
                                    .client(CLIENT)
                                    .build())
                            .reason())
                    .isEqualTo(CalloutReason.NO_SUCH_DOMAIN);
        }
    }

    @Test
    void rejectsWithCodeOfRecipients() {
        try (ScriptedSmtpServer inside = ScriptedSmtpServer.start(knowing("bob"))) {
            CalloutVerifier verifier = verifier(inside.port(), UnaryOperator.identity());
            assertThat(verifier.verifyRecipient(MailAddress.of("a@example.org"), CLIENT)
                            .smtpReply()
                            .map(Object::toString))
                    .contains("550 5.1.1 Recipient address rejected: user unknown");
            CalloutVerifier lenient = verifier(inside.port(), builder -> builder.temporaryRejects(true));
            assertThat(lenient.verifyRecipient(MailAddress.of("a@example.org"), CLIENT)
                            .smtpReply()
                            .map(Object::toString))
                    .contains("450 4.1.1 Recipient address rejected: user unknown");
            assertThat(lenient.verifyRecipient(MailAddress.of("bob@example.org"), CLIENT)
                            .smtpReply())
                    .isEmpty();
        }
    }

    @Test
    void verifiesConfiguredDomainsOnly() {
        CalloutVerifier verifier = verifier(1, UnaryOperator.identity());
        assertThat(verifier.hasCallforward("Example.ORG")).isTrue();
        assertThat(verifier.hasCallforward("sub.example.org")).isFalse();
        assertThatThrownBy(() -> verifier.verifyRecipient(MailAddress.of("a@example.com"), CLIENT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
