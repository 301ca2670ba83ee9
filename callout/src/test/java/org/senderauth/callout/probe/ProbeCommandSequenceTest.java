package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.senderauth.callout.outcome.CalloutReason.*;
import static org.senderauth.callout.outcome.ProbeReport.TriState.NO;
import static org.senderauth.callout.outcome.ProbeReport.TriState.UNKNOWN;
import static org.senderauth.callout.probe.ProbeTestSupport.ask;
import static org.senderauth.callout.probe.ProbeTestSupport.request;
import static org.senderauth.callout.probe.ProbeTestSupport.settings;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/** What goes out when, and how a session is left. */
class ProbeCommandSequenceTest {

    private static final String BOB = "bob@example.org";

    @Test
    void writesMailAndRcptTogetherAndQuitAlone() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING"))) {
            ask(settings(), BOB, server);
            SmtpPeer session = server.nextEnded();
            assertThat(session.writes())
                    .containsExactly(
                            "EHLO probe.example.net\r\n",
                            "MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\n",
                            "RSET\r\nQUIT\r\n");
            assertThat(session.ending()).isEqualTo(SmtpPeer.Ending.QUIT);
        }
    }

    @Test
    void sendsNoRandomLocalPartIfCheckIsOff() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING"))) {
            ProbeReport report = ask(settings().catchAllCheck(false), request(BOB, UNKNOWN, server));
            assertThat(report.reason()).isEqualTo(ACCEPTED);
            assertThat(report.catchAll()).isEqualTo(UNKNOWN);
            assertThat(server.nextEnded().heard())
                    .containsExactly(
                            "EHLO probe.example.net", "MAIL FROM:<>", "RCPT TO:<bob@example.org>", "RSET", "QUIT");
        }
    }

    @Test
    void sendsSingleCommandsWithoutPipelining() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer())) {
            ask(settings(), request(BOB, UNKNOWN, server));
            SmtpPeer session = server.nextEnded();
            assertThat(session.writes()).allMatch(write -> write.indexOf("\r\n") == write.length() - 2);
            assertThat(session.heard())
                    .containsExactly(
                            "EHLO probe.example.net",
                            "MAIL FROM:<>",
                            "RCPT TO:<bob@example.org>",
                            "RSET",
                            "MAIL FROM:<>",
                            session.heard().get(5),
                            "RSET",
                            "QUIT");
            assertThat(session.heard().get(5)).matches("RCPT TO:<callout-probe-[a-z2-7]{10}@example\\.org>");
        }
    }

    @Test
    void returnsVerdictBeforeRsetAndQuit() throws InterruptedException {
        CountDownLatch verdictHeard = new CountDownLatch(1);
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(mailServer("PIPELINING").act("RSET", peer -> {
                    awaitQuietly(verdictHeard);
                    peer.say("250 OK");
                }))) {
            ProbeTestSupport.Heard heard = new ProbeTestSupport.Heard() {
                @Override
                public void verdict(ProbeReport report) {
                    super.verdict(report);
                    verdictHeard.countDown();
                }
            };
            SmtpProber.of(ProbeTestSupport.NO_DNS, settings().build()).probe(request(BOB, NO, server), heard);
            assertThat(heard.verdict.transcript()).doesNotContain("> RSET");
            assertThat(heard.report().transcript()).endsWith("> RSET", "> QUIT", "< 250 OK", "< 221 2.0.0 bye");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void sendsQuitAfterRejectedBanner() {
        for (String greeting : List.of("554 no", "421 busy")) {
            try (ScriptedSmtpServer server =
                    ScriptedSmtpServer.start(mailServer().greeting(greeting))) {
                ask(settings(), BOB, server);
                assertThat(server.nextEnded().heard()).containsExactly("QUIT");
            }
        }
    }

    @Test
    void probesNextHostIfFirstDecidesNothing() {
        for (SmtpRules first : List.of(
                mailServer().greeting("421 busy"),
                mailServer().greeting("554 no"),
                mailServer().answer("EHLO", "550 no").answer("HELO", "550 no"),
                mailServer().answer("MAIL", "451 later"),
                mailServer("PIPELINING").answer("RCPT", "421 4.3.2 going down"),
                mailServer("PIPELINING").answerAndClose("RCPT"))) {
            try (ScriptedSmtpServer one = ScriptedSmtpServer.start(first);
                    ScriptedSmtpServer two = ScriptedSmtpServer.start(mailServer())) {
                ProbeReport report = ask(settings(), BOB, one, two);
                assertThat(report.reason()).isEqualTo(ACCEPTED);
                assertThat(report.hosts()).hasSize(2);
                assertThat(report.hosts().get(0).trouble()).isNotNull();
                assertThat(report.hosts().get(1).trouble()).isNull();
                assertThat(one.nextEnded().ending()).isNotEqualTo(SmtpPeer.Ending.OPEN);
            }
        }
    }

    @Test
    void stopsAtFirstHostThatDecides() {
        for (String reply : List.of("550 5.1.1 no", "451 4.7.1 later", "550 5.7.1 blocked", "450 busy", "252 maybe")) {
            try (ScriptedSmtpServer one =
                            ScriptedSmtpServer.start(mailServer("PIPELINING").answer("RCPT", reply));
                    ScriptedSmtpServer two = ScriptedSmtpServer.start(mailServer())) {
                ask(settings(), BOB, one, two);
                assertThat(two.connections()).isZero();
            }
        }
    }

    @Test
    void reportsFurthestOfThreeHosts() {
        try (ScriptedSmtpServer busy = ScriptedSmtpServer.start(mailServer().greeting("421 busy"));
                ScriptedSmtpServer putsOff =
                        ScriptedSmtpServer.start(mailServer().answer("MAIL", "451 later"));
                ScriptedSmtpServer refusing =
                        ScriptedSmtpServer.start(mailServer().greeting("554 no"));
                ScriptedSmtpServer fourth = ScriptedSmtpServer.start(mailServer())) {
            ProbeReport report = ask(settings(), BOB, busy, putsOff, refusing, fourth);
            assertThat(report.reason()).isEqualTo(TEMPFAIL);
            assertThat(report.hosts())
                    .extracting(HostReport::trouble)
                    .containsExactly(HOST_BUSY, TEMPFAIL, POLICY_REFUSED);
            assertThat(report.hostAddress()).isEqualTo(putsOff.address().getAddress());
            assertThat(fourth.connections()).isZero();
        }
    }

    @Test
    void doesNotConnectToRateLimitedHost() {
        HostLimiter closed = new HostLimiter() {
            @Override
            public Leave enter(String name, InetAddress address) {
                return new Refused(RATE_LIMITED);
            }

            @Override
            public void leave(InetAddress address) {
                throw new AssertionError("nobody entered");
            }
        };
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer())) {
            ProbeReport report =
                    ask(settings(), new ProbeRequest(MailAddress.of(BOB), null, NO, List.of(server.address()), closed));
            assertThat(report.reason()).isEqualTo(RATE_LIMITED);
            assertThat(report.hosts()).isEmpty();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void neverSendsLineBreakInsideCommand() throws Exception {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(SmtpPeer::silence);
                SmtpWire wire = SmtpWire.connect(server.address(), null, Await.LIMIT, Deadline.in(Await.LIMIT))) {
            for (String line : List.of("RCPT TO:<a\r\nDATA>", "a\nb", "a\rb", "a\0b")) {
                assertThatIllegalArgumentException().isThrownBy(() -> wire.send("NOOP", line));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> ProbeSettings.builder("a\r\nb"));
            assertThatIllegalArgumentException().isThrownBy(() -> ProbeSettings.builder("bücher.example"));
        }
    }

    @Test
    void usesTlsOnlyWhereRequired() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING", "STARTTLS"))) {
            ask(settings(), BOB, server);
            assertThat(server.nextEnded().isEncrypted()).isFalse();
            ask(settings().tls(ProbeSettings.Tls.WHEN_OFFERED), BOB, server);
            assertThat(server.nextEnded().isEncrypted()).isTrue();
        }
        for (String command : List.of("MAIL", "RCPT")) {
            SmtpRules demanding = mailServer("PIPELINING", "STARTTLS")
                    .act(
                            command,
                            peer -> peer.say(
                                    peer.isEncrypted() ? "250 OK" : "530 5.7.0 Must issue a STARTTLS command first"));
            try (ScriptedSmtpServer server = ScriptedSmtpServer.start(demanding)) {
                ProbeReport report = ask(settings(), BOB, server);
                assertThat(report.reason()).isEqualTo(ACCEPTED);
                assertThat(report.hosts().get(0).needsTls()).isTrue();
                assertThat(report.transcript()).contains("> STARTTLS", "* TLS started");
            }
        }
    }

    /** What was said in plain text is over before TLS begins, and nothing of it counts afterwards (RFC 3207 section 4.2). */
    @Test
    void startsTlsAfterResetAndRepeatsEhlo() {
        for (String extension : List.of("PIPELINING", "X-NONE")) {
            SmtpRules demanding = mailServer(extension, "STARTTLS")
                    .act(
                            "RCPT",
                            peer -> peer.say(
                                    peer.isEncrypted() ? "250 OK" : "530 5.7.0 Must issue a STARTTLS command first"));
            try (ScriptedSmtpServer server = ScriptedSmtpServer.start(demanding)) {
                ask(settings(), BOB, server);
                assertThat(server.nextEnded().heard())
                        .containsExactly(
                                "EHLO probe.example.net",
                                "MAIL FROM:<>",
                                "RCPT TO:<bob@example.org>",
                                "RSET",
                                "STARTTLS",
                                "EHLO probe.example.net",
                                "MAIL FROM:<>",
                                "RCPT TO:<bob@example.org>",
                                "RSET",
                                "QUIT");
            }
        }
    }

    @Test
    void startsTlsOnlyAtServersRequest() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING", "STARTTLS"))) {
            for (ProbeSettings.Tls tls : ProbeSettings.Tls.values()) {
                HostReport host = ask(settings().tls(tls), BOB, server).hosts().get(0);
                assertThat(host.needsTls()).isFalse();
                assertThat(host.encrypted()).isEqualTo(tls == ProbeSettings.Tls.WHEN_OFFERED);
            }
        }
    }

    @Test
    void reportsFirstOfEquallyFarHosts() {
        try (ScriptedSmtpServer busy = ScriptedSmtpServer.start(mailServer().greeting("421 busy"));
                ScriptedSmtpServer refusing =
                        ScriptedSmtpServer.start(mailServer().greeting("554 no"))) {
            assertThat(ask(settings(), BOB, busy, refusing).reason()).isEqualTo(HOST_BUSY);
            assertThat(ask(settings(), BOB, refusing, busy).reason()).isEqualTo(POLICY_REFUSED);
        }
    }

    @Test
    void leavesUndecidedIfRequiredTlsFails() {
        SmtpRules demanding = mailServer("PIPELINING").answer("RCPT", "550 5.7.10 not like this");
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(demanding)) {
            assertThat(ask(settings(), BOB, server).reason()).isEqualTo(TLS_REQUIRED);
        }
        for (SmtpRules failing : List.of(
                mailServer("STARTTLS").answer("STARTTLS", "454 4.7.0 not now"),
                mailServer("STARTTLS").answerAndClose("STARTTLS", "220 go ahead"))) {
            try (ScriptedSmtpServer server =
                    ScriptedSmtpServer.start(failing.answer("MAIL", "530 5.7.0 STARTTLS first"))) {
                assertThat(ask(settings(), BOB, server).reason()).isEqualTo(TLS_REQUIRED);
            }
        }
    }
}
