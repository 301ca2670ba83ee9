package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.outcome.CalloutReason.*;
import static org.senderauth.callout.outcome.ProbeReport.TriState.NO;
import static org.senderauth.callout.probe.ProbeTestSupport.ask;
import static org.senderauth.callout.probe.ProbeTestSupport.hastyAt;
import static org.senderauth.callout.probe.ProbeTestSupport.request;
import static org.senderauth.callout.probe.ProbeTestSupport.settings;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.ScriptedSmtpServer.Script;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/** Servers that mean ill: the probe ends in time, with an answer that spares the address. */
class HostileTargetsTest {

    private static final String BOB = "bob@example.org";

    // Far longer than a deadline below: a wait that starts anew with every byte would exceed the limit of the test.
    private static final String MANY = "x".repeat(1000);
    private static final Duration DRIP = Duration.ofMillis(20);

    private static ProbeReport probe(Script script) {
        return probe(settings(), script);
    }

    private static ProbeReport probe(ProbeSettings.Builder settings, Script script) {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(script)) {
            ProbeReport report = ask(settings, request(BOB, NO, server));
            assertThat(report.transcript()).allMatch(line -> line.matches("[ -~]+"));
            return report;
        }
    }

    private static void isViolation(ProbeReport report, CalloutReason reason) {
        assertThat(report.reason()).isEqualTo(reason);
        assertThat(report.protocolViolation()).isTrue();
    }

    @Test
    void endsEndlessLineAtLimit() {
        isViolation(probe(peer -> peer.flood("x")), PROTOCOL_ERROR);
        isViolation(probe(mailServer("PIPELINING").act("RCPT", peer -> peer.flood("2"))), PROTOCOL_ERROR);
    }

    @Test
    void endsEndlessReplyAtLimit() {
        isViolation(probe(peer -> peer.flood("220-more\r\n")), PROTOCOL_ERROR);
        isViolation(probe(mailServer().act("EHLO", peer -> peer.flood("250-X-MORE\r\n"))), PROTOCOL_ERROR);
        isViolation(probe(mailServer().act("RCPT", peer -> peer.flood("550-5.1.1 " + MANY + "\r\n"))), PROTOCOL_ERROR);
    }

    @Test
    void endsSlowReplyAtItsDeadline() {
        assertThat(probe(hastyAt(ProbeStage.GREETING), peer -> peer.drip("220 " + MANY, DRIP))
                        .reason())
                .isEqualTo(UNREACHABLE);
        assertThat(probe(hastyAt(ProbeStage.EHLO), mailServer().act("EHLO", peer -> peer.drip("250-" + MANY, DRIP)))
                        .reason())
                .isEqualTo(TIMEOUT);
        assertThat(probe(
                                hastyAt(ProbeStage.RCPT),
                                mailServer("PIPELINING").act("RCPT", peer -> peer.drip("550 " + MANY, DRIP)))
                        .reason())
                .isEqualTo(TIMEOUT);
    }

    @Test
    void endsManySlowLinesAtDeadlineOfReply() {
        String lines = "250-x\r\n".repeat(60);
        assertThat(probe(hastyAt(ProbeStage.RCPT), mailServer("PIPELINING").act("RCPT", peer -> peer.drip(lines, DRIP)))
                        .reason())
                .isEqualTo(TIMEOUT);
    }

    @Test
    void silenceEndsAtTheDeadline() {
        assertThat(probe(hastyAt(ProbeStage.GREETING), SmtpPeer::silence).reason())
                .isEqualTo(UNREACHABLE);
        assertThat(probe(hastyAt(ProbeStage.EHLO), mailServer().act("EHLO", SmtpPeer::silence))
                        .reason())
                .isEqualTo(TIMEOUT);
        assertThat(probe(hastyAt(ProbeStage.MAIL), mailServer().act("MAIL", SmtpPeer::silence))
                        .reason())
                .isEqualTo(TIMEOUT);
        for (SmtpRules rules : List.of(mailServer(), mailServer("PIPELINING"))) {
            ProbeReport report = probe(hastyAt(ProbeStage.RCPT), rules.act("RCPT", SmtpPeer::silence));
            assertThat(report.reason()).isEqualTo(TIMEOUT);
            assertThat(report.stage()).isEqualTo(ProbeStage.RCPT);
        }
        assertThat(probe(hastyAt(ProbeStage.NONE), mailServer("PIPELINING").act("QUIT", SmtpPeer::silence))
                        .reason())
                .isEqualTo(ACCEPTED);
    }

    @Test
    void endsProbeAtTotalDeadline() {
        ProbeSettings.Builder settings =
                settings().timeouts(ProbeTimeouts.of(Duration.ofSeconds(30), Duration.ofMillis(300)));
        assertThat(probe(settings, peer -> peer.drip("220 " + MANY, DRIP)).reason())
                .isEqualTo(UNREACHABLE);
    }

    @Test
    void assignsNoLateReplyToNextCommand() {
        SmtpRules late = mailServer("PIPELINING").act("RCPT", peer -> {
            peer.hear("QUIT");
            peer.say("550 5.1.1 too late", "221 2.0.0 bye");
        });
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(late)) {
            assertThat(ask(hastyAt(ProbeStage.RCPT), BOB, server).reason()).isEqualTo(TIMEOUT);
            assertThat(server.nextEnded().heard()).last().isEqualTo("QUIT");
        }
    }

    @Test
    void sendsNothingAfterMissingReplyInLockStep() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer().act("RCPT", SmtpPeer::silence))) {
            assertThat(ask(hastyAt(ProbeStage.RCPT), BOB, server).reason()).isEqualTo(TIMEOUT);
            assertThat(server.nextEnded().heard()).last().isEqualTo("RCPT TO:<bob@example.org>");
        }
    }

    @Test
    void reportsReplyBeforeCommandAsViolation() {
        isViolation(
                probe(peer -> {
                    peer.say("220 mx.example.org", "250 mx.example.org", "250 OK", "250 OK");
                    peer.silence();
                }),
                PROTOCOL_ERROR);
        isViolation(
                probe(mailServer("PIPELINING")
                        .answer("EHLO", "250-mx.example.org", "250 PIPELINING", "250 OK", "550 5.1.1 no")),
                PROTOCOL_ERROR);
    }

    @Test
    void mixedCodesDecideNothingAndAreMarked() {
        isViolation(probe(mailServer("PIPELINING").answer("RCPT", "250-yes", "550 5.1.1 no")), PROTOCOL_ERROR);
    }

    @Test
    void reportsOtherProtocolAsViolation() {
        isViolation(probe(mailServer("PIPELINING").answer("RCPT", "<html>")), PROTOCOL_ERROR);
        isViolation(probe(peer -> peer.say("SSH-2.0-OpenSSH_9.2")), POLICY_REFUSED);
    }

    @Test
    void terminalSequencesDoNotReachTheTranscript() {
        ProbeReport report = probe(mailServer("PIPELINING").answer("RCPT", "550 5.1.1 \u001b[2J\u0007\u009b\u00e9 no"));
        assertThat(report.decidingReply()).contains(new TargetReply(550, "5.1.1", "?[2J??? no"));
    }

    @Test
    void leavesUndecidedIfTlsIsGarbage() {
        for (Script garbage : List.<Script>of(
                peer -> peer.sayRaw("\u0016\u0003\u0003\u00ff\u00ff" + MANY),
                peer -> peer.flood("garbage"),
                peer -> peer.drip("\u0016\u0003\u0003\u0040\u0000" + MANY, DRIP),
                SmtpPeer::silence,
                SmtpPeer::close)) {
            SmtpRules rules = mailServer("STARTTLS")
                    .answer("MAIL", "530 5.7.0 Must issue a STARTTLS command first")
                    .act("STARTTLS", peer -> {
                        peer.say("220 go ahead");
                        peer.hearOctets();
                        garbage.play(peer);
                    });
            ProbeReport report = probe(hastyAt(ProbeStage.TLS), rules);
            assertThat(report.reason()).isEqualTo(TLS_REQUIRED);
            assertThat(report.protocolViolation()).isFalse();
        }
    }

    @Test
    void rejectsPlainTextAfterReplyToStartTls() {
        SmtpRules rules = mailServer("STARTTLS")
                .answer("MAIL", "530 5.7.0 Must issue a STARTTLS command first")
                .act("STARTTLS", peer -> {
                    peer.say("220 go ahead", "250 mx.example.org", "250 OK", "250 OK");
                    peer.silence();
                });
        isViolation(probe(rules), PROTOCOL_ERROR);
    }

    @Test
    void discardsExtensionsOfPlainTextUnderTls() {
        SmtpRules rules = mailServer("STARTTLS", "PIPELINING").act("EHLO", peer -> {
            if (peer.isEncrypted()) {
                peer.say("250 mx.example.org");
            } else {
                peer.say("250-mx.example.org", "250-PIPELINING", "250 STARTTLS");
            }
        });
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules)) {
            ask(settings().tls(ProbeSettings.Tls.WHEN_OFFERED), BOB, server);
            assertThat(server.nextEnded().writes()).contains("MAIL FROM:<>\r\n", "RCPT TO:<bob@example.org>\r\n");
        }
    }
}
