package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.outcome.CalloutReason.*;
import static org.senderauth.callout.outcome.ProbeReport.TriState.NO;
import static org.senderauth.callout.outcome.ProbeReport.TriState.UNDECIDED;
import static org.senderauth.callout.outcome.ProbeReport.TriState.UNKNOWN;
import static org.senderauth.callout.outcome.ProbeReport.TriState.YES;
import static org.senderauth.callout.probe.ProbeTestSupport.ask;
import static org.senderauth.callout.probe.ProbeTestSupport.request;
import static org.senderauth.callout.probe.ProbeTestSupport.settings;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.IpAddresses;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/** Every row of the table of outcomes, against scripted peers. */
class RcptReplyClassificationTest {

    private static final String BOB = "bob@example.org";
    private static final String RCPT_BOB = "RCPT TO:<bob@";
    private static final String RCPT_RANDOM = "RCPT TO:<callout-probe-";
    private static final String RCPT_POSTMASTER = "RCPT TO:<postmaster@";

    private static ProbeReport probe(SmtpRules rules) {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules)) {
            return ask(settings(), BOB, server);
        }
    }

    private static ProbeReport probe(ProbeSettings.Builder settings, SmtpRules rules, String address) {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules)) {
            return ask(settings, address, server);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "250 2.1.5 OK | ACCEPTED",
                "250 | ACCEPTED",
                "251 2.1.5 will forward | ACCEPTED",
                "252 2.5.2 cannot verify | CANNOT_VERIFY",
                "235 2.7.0 what? | PROTOCOL_ERROR",
                "354 go ahead | PROTOCOL_ERROR",
                "150 what? | PROTOCOL_ERROR",
                "650 what? | PROTOCOL_ERROR",
                "550 5.1.1 user unknown | NO_SUCH_MAILBOX",
                "550 5.1.2 unknown host | NO_SUCH_MAILBOX",
                "501 5.1.3 bad syntax | NO_SUCH_MAILBOX",
                "550 5.1.0 address rejected | NO_SUCH_MAILBOX",
                "550 5.1.0 no | UNCLEAR_REJECTION",
                "556 5.1.10 null MX | NO_SUCH_MAILBOX",
                "550 5.1.6 moved | MOVED",
                "551 5.1.6 user not local | MOVED",
                "551 User not local; please try <bob@example.net> | MOVED",
                "551 try elsewhere | UNCLEAR_REJECTION",
                "550 5.2.1 mailbox disabled | DISABLED",
                "452 4.2.2 over quota | MAILBOX_FULL",
                "552 5.2.2 mailbox full | MAILBOX_FULL",
                "552 exceeded storage allocation | MAILBOX_FULL",
                "452 mailbox full | MAILBOX_FULL",
                "452 quota exceeded | MAILBOX_FULL",
                "452 insufficient system storage | TEMPFAIL",
                "552 too many recipients | TOO_MANY_RECIPIENTS",
                "452 4.5.3 too many recipients | TOO_MANY_RECIPIENTS",
                "452 too many recipients | TOO_MANY_RECIPIENTS",
                "450 4.2.1 mailbox busy | MAILBOX_BUSY",
                "450 mailbox busy | MAILBOX_BUSY",
                "451 4.7.1 try again later | GREYLISTED",
                "450 4.2.0 Greylisted for 300 seconds | GREYLISTED",
                "451 Gray-listing in action | GREYLISTED",
                "451 4.7.24 SPF validation error | POLICY_DEFERRED",
                "450 4.7.1 Client host rejected: cannot find your hostname | POLICY_DEFERRED",
                "451 local error | TEMPFAIL",
                "451 4.3.0 local problem | TEMPFAIL",
                "421 4.3.2 shutting down | TEMPFAIL",
                "550 5.7.1 Client host [192.0.2.1] blocked using list.example | POLICY_REFUSED",
                "550 5.7.23 SPF validation failed | POLICY_REFUSED",
                "550 5.7.606 access denied, banned sending IP | POLICY_REFUSED",
                "554 5.7.0 rejected by policy | POLICY_REFUSED",
                "550 5.7.1 no such user here | NO_SUCH_MAILBOX",
                "535 5.7.8 authentication failed | POLICY_REFUSED",
                "530 authentication required | POLICY_REFUSED",
                "530 must issue a STARTTLS command first | TLS_REQUIRED",
                "550 5.7.3 encryption needed | TLS_REQUIRED",
                "554 Service unavailable; client host blocked using zen.spamhaus.org | POLICY_REFUSED",
                "550 5.6.7 no internationalised addresses | SMTPUTF8_UNSUPPORTED",
                "550 5.1.8 sender domain | NULL_SENDER_REFUSED",
                "503 5.5.1 bad sequence | PROTOCOL_ERROR",
                "500 unknown | PROTOCOL_ERROR",
                "502 not implemented | PROTOCOL_ERROR",
                "501 parameters | PROTOCOL_ERROR",
                "550 no | UNCLEAR_REJECTION",
                "553 mailbox name not allowed | NO_SUCH_MAILBOX",
                "554 delivery error | UNCLEAR_REJECTION",
                "550 relay not permitted | RELAY_DENIED",
                "550 5.4.1 Recipient address rejected: Access denied | NO_SUCH_MAILBOX",
            })
    void classifiesReplyToRcpt(String reply, CalloutReason reason) {
        ProbeReport report = probe(mailServer("PIPELINING").answer(RCPT_BOB, reply));
        assertThat(report.reason()).isEqualTo(reason);
        assertThat(report.protocolViolation()).isFalse();
        assertThat(probe(mailServer().answer(RCPT_BOB, reply)).reason()).isEqualTo(reason);
    }

    @Test
    void leavesUnclearRejectionUndecided() {
        ProbeReport report = probe(mailServer("PIPELINING").answer(RCPT_BOB, "550 no"));
        assertThat(report.reason()).isEqualTo(UNCLEAR_REJECTION);
        assertThat(report.hosts().get(0).trouble()).isNull();
        assertThat(report.sent()).isEqualTo(new ProbeReport.Sent(1, 1, 0, 0));
    }

    @Test
    void acceptedPostmasterConfirmsGeneralRejection() {
        ProbeReport report = probe(mailServer("PIPELINING").answer(RCPT_BOB, "550 mailbox unavailable"));
        assertThat(report.reason()).isEqualTo(NO_SUCH_MAILBOX);
        assertThat(report.control()).isEqualTo(YES);
        assertThat(report.decidingReply()).contains(new TargetReply(550, "", "mailbox unavailable"));
        assertThat(report.sent()).isEqualTo(new ProbeReport.Sent(1, 1, 0, 1));
    }

    @Test
    void rejectedPostmasterVetoesGeneralRejection() {
        ProbeReport report = probe(mailServer("PIPELINING").answer("RCPT", "550 mailbox unavailable"));
        assertThat(report.reason()).isEqualTo(UNCLEAR_REJECTION);
        assertThat(report.control()).isEqualTo(NO);
        assertThat(report.sent()).isEqualTo(new ProbeReport.Sent(1, 1, 0, 1));
    }

    @Test
    void deferredPostmasterVetoesGeneralRejection() {
        SmtpRules putOff = mailServer("PIPELINING")
                .answer("RCPT", "550 mailbox unavailable")
                .answer(RCPT_POSTMASTER, "451 later");
        assertThat(probe(putOff).reason()).isEqualTo(TEMPFAIL);
        assertThat(probe(putOff).control()).isEqualTo(UNDECIDED);
        SmtpRules closed = mailServer("PIPELINING")
                .answer("RCPT", "550 mailbox unavailable")
                .answerAndClose(RCPT_POSTMASTER);
        assertThat(probe(closed).reason()).isEqualTo(TEMPFAIL);
    }

    @Test
    void acceptedPostmasterConfirmsNoRejectionOfUs() {
        for (String reply : List.of("550 Administrative prohibition", "550 Ip frequency limited [x IP: 192.0.2.22]")) {
            ProbeReport report = probe(mailServer("PIPELINING").answer(RCPT_BOB, reply));
            assertThat(report.reason()).isEqualTo(POLICY_REFUSED);
            assertThat(report.sent().controlRecipients()).isZero();
        }
    }

    @Test
    void probedPostmasterIsNotCheckedByItself() {
        ProbeReport report = probe(
                settings(),
                mailServer("PIPELINING").answer("RCPT", "550 mailbox unavailable"),
                "Postmaster@example.org");
        assertThat(report.reason()).isEqualTo(UNCLEAR_REJECTION);
        assertThat(report.sent().recipients()).isEqualTo(1);
    }

    @Test
    void replacesNullSenderOnce() {
        FallbackSender senders = FallbackSender.at("example.net", SecretKeys.of(new byte[32]));
        for (String command : List.of("MAIL", RCPT_BOB)) {
            ProbeReport report = probe(
                    settings().fallbackSender(senders),
                    mailServer("PIPELINING").answer(command, "550 5.1.8 sender refused"),
                    BOB);
            assertThat(report.reason()).isEqualTo(POLICY_REFUSED);
            assertThat(report.sent().targetRecipients()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user@[127.0.0.1] | ACCEPTED",
                "user@[127.0.0.7] | SELF_MX",
                "user@[127.0.0.9] | MX_NOT_PUBLIC",
                "user@[IPv6:2001:db8::9] | MX_NOT_PUBLIC",
            })
    void connectsToAddressLiteralItself(String address, CalloutReason reason) {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING"))) {
            ProbeSettings.Builder settings = settings()
                    .port(server.port())
                    .ownAddresses(List.of(IpAddresses.parse("127.0.0.7").orElseThrow()))
                    .addressFilter(ip -> ip.getHostAddress().equals("127.0.0.1"));
            ProbeRequest request =
                    new ProbeRequest(MailAddress.of(address), null, NO, List.of(), new ProbeTestSupport.OpenGate());
            ProbeReport report = ask(settings, request);
            assertThat(report.reason()).isEqualTo(reason);
            assertThat(server.connections()).isEqualTo(reason == ACCEPTED ? 1 : 0);
        }
    }

    @Test
    void sendsRandomLocalPartAfterAcceptanceOnly() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING"))) {
            ProbeReport report = ask(settings(), request(BOB, UNKNOWN, server));
            assertThat(report.reason()).isEqualTo(ACCEPTS_ALL);
            assertThat(report.catchAll()).isEqualTo(YES);
            assertThat(report.sent()).isEqualTo(new ProbeReport.Sent(1, 1, 1, 0));
        }
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(mailServer("PIPELINING").answer("RCPT", "550 5.1.1 no"))) {
            assertThat(ask(settings(), request(BOB, UNKNOWN, server)).sent().randomRecipients())
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"550 5.1.1 no, NO", "550 no, NO", "451 later, UNDECIDED", "354 what, UNDECIDED"})
    void randomLocalPartLeavesAcceptance(String reply, ProbeReport.TriState catchAll) {
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(mailServer("PIPELINING").answer(RCPT_RANDOM, reply))) {
            ProbeReport report = ask(settings(), request(BOB, UNKNOWN, server));
            assertThat(report.reason()).isEqualTo(ACCEPTED);
            assertThat(report.catchAll()).isEqualTo(catchAll);
        }
    }

    @Test
    void closeAtRandomLocalPartLeavesAcceptance() {
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(mailServer("PIPELINING").answerAndClose(RCPT_RANDOM))) {
            ProbeReport report = ask(settings(), request(BOB, UNKNOWN, server));
            assertThat(report.reason()).isEqualTo(ACCEPTED);
            assertThat(report.catchAll()).isEqualTo(UNDECIDED);
            assertThat(report.protocolViolation()).isFalse();
        }
    }

    @Test
    void sendsNoRandomLocalPartToKnownCatchAll() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING"))) {
            ProbeReport report = ask(settings(), request(BOB, YES, server));
            assertThat(report.reason()).isEqualTo(ACCEPTS_ALL);
            assertThat(report.sent().recipients()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "421 4.3.2 busy | HOST_BUSY",
                "450 later | HOST_BUSY",
                "554 5.7.1 refused | POLICY_REFUSED",
                "521 no mail here | HOST_ACCEPTS_NO_MAIL",
                "421 too many connections from your host | POLICY_DEFERRED",
                "HTTP/1.1 400 Bad Request | POLICY_REFUSED",
                "220 probe.example.net ESMTP | LOOP",
                "220 Probe.Example.NET | LOOP",
                "220 probe.example.net. ESMTP | LOOP",
            })
    void bannerMayEndProbe(String greeting, CalloutReason reason) {
        ProbeReport report = probe(mailServer("PIPELINING").greeting(greeting));
        assertThat(report.reason()).isEqualTo(reason);
        assertThat(report.stage()).isEqualTo(ProbeStage.GREETING);
        assertThat(report.sent().recipients()).isZero();
        assertThat(report.hosts())
                .singleElement()
                .extracting(HostReport::trouble)
                .isEqualTo(reason);
    }

    @Test
    void detectsOwnNameInReplyToEhloAsLoop() {
        assertThat(probe(mailServer().answer("EHLO", "250 probe.example.net")).reason())
                .isEqualTo(LOOP);
    }

    @Test
    void triesHeloOnceAfterRejectedEhlo() {
        SmtpRules rules = mailServer().answer("EHLO", "502 5.5.1 what?");
        assertThat(probe(rules).reason()).isEqualTo(ACCEPTED);
        assertThat(probe(rules).transcript()).contains("> HELO probe.example.net");
        assertThat(probe(rules.answer("HELO", "550 5.7.1 no")).reason()).isEqualTo(POLICY_REFUSED);
        assertThat(probe(mailServer().answer("EHLO", "421 later")).reason()).isEqualTo(HOST_BUSY);
        assertThat(probe(mailServer().answer("EHLO", "354 what")).reason()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void reportsHostWithoutConnectionAsUnreachable() throws IOException {
        // Its port is taken, so no other program listens there.
        try (Socket mute = new Socket()) {
            mute.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ProbeReport report = ask(
                    settings(),
                    new ProbeRequest(
                            MailAddress.of(BOB),
                            null,
                            NO,
                            List.of((InetSocketAddress) mute.getLocalSocketAddress()),
                            new ProbeTestSupport.OpenGate()));
            assertThat(report.reason()).isEqualTo(UNREACHABLE);
            assertThat(report.stage()).isEqualTo(ProbeStage.CONNECT);
            assertThat(report.sent()).isEqualTo(new ProbeReport.Sent(1, 0, 0, 0));
        }
        try (ScriptedSmtpServer closing = ScriptedSmtpServer.start(SmtpPeer::close);
                ScriptedSmtpServer resetting = ScriptedSmtpServer.start(SmtpPeer::reset)) {
            assertThat(ask(settings(), BOB, closing).reason()).isEqualTo(UNREACHABLE);
            assertThat(ask(settings(), BOB, resetting).reason()).isEqualTo(UNREACHABLE);
        }
    }

    @Test
    void reportsCloseBeforeReplyAsConnectionLost() {
        for (String command : List.of("EHLO", "MAIL", "RCPT")) {
            assertThat(probe(mailServer("PIPELINING").answerAndClose(command)).reason())
                    .as(command)
                    .isEqualTo(CONNECTION_LOST);
        }
    }

    @Test
    void closeAfterReplyLeavesVerdict() {
        assertThat(probe(mailServer("PIPELINING").answerAndClose(RCPT_BOB, "550 5.1.1 no such user"))
                        .reason())
                .isEqualTo(NO_SUCH_MAILBOX);
        assertThat(probe(mailServer("PIPELINING").answerAndClose(RCPT_BOB, "250 yes"))
                        .reason())
                .isEqualTo(ACCEPTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 5.7.1 null sender refused | NULL_SENDER_REFUSED",
                "501 5.1.7 bad sender | NULL_SENDER_REFUSED",
                "554 5.7.1 Client host blocked using list.example | POLICY_REFUSED",
                "451 4.7.1 later | TEMPFAIL",
                "421 4.3.2 shutting down | TEMPFAIL",
                "354 what? | PROTOCOL_ERROR",
            })
    void replyToMailMayEndProbe(String reply, CalloutReason reason) {
        for (SmtpRules rules : List.of(mailServer("PIPELINING"), mailServer())) {
            ProbeReport report = probe(rules.answer("MAIL", reply).answer("RCPT", "503 5.5.1 MAIL first"));
            assertThat(report.reason()).isEqualTo(reason);
            assertThat(report.stage()).isEqualTo(ProbeStage.MAIL);
            assertThat(report.hosts().get(0).refusesNullSender()).isEqualTo(reason == NULL_SENDER_REFUSED);
        }
    }

    @Test
    void usesFallbackIfNullSenderIsRejected() {
        FallbackSender senders = FallbackSender.at("example.net", SecretKeys.of(new byte[32]));
        MailAddress sender = senders.sender(ProbeTestSupport.NOW);
        SmtpRules rules = mailServer("PIPELINING").answer("MAIL FROM:<>", "550 5.7.1 no bounces");
        ProbeReport report = probe(settings().fallbackSender(senders), rules, BOB);
        assertThat(report.reason()).isEqualTo(ACCEPTED);
        assertThat(report.transcript()).contains("> MAIL FROM:<" + sender + ">");
        assertThat(report.hosts().get(0).refusesNullSender()).isTrue();
        assertThat(probe(settings().fallbackSender(senders), rules.answer("MAIL", "550 no"), BOB)
                        .reason())
                .isEqualTo(POLICY_REFUSED);
    }

    @Test
    void usesFallbackAtOnceIfHostIsKnown() {
        FallbackSender senders = FallbackSender.at("example.net", SecretKeys.of(new byte[32]));
        HostLimiter knowing = new HostLimiter() {
            @Override
            public Leave enter(String name, java.net.InetAddress address) {
                return new Entered(false, true);
            }

            @Override
            public void leave(java.net.InetAddress address) {}
        };
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer())) {
            ProbeRequest request = new ProbeRequest(MailAddress.of(BOB), null, NO, List.of(server.address()), knowing);
            ProbeReport without = ask(settings(), request);
            assertThat(without.reason()).isEqualTo(NULL_SENDER_REFUSED);
            assertThat(without.sent()).isEqualTo(ProbeReport.Sent.NOTHING);
            assertThat(ask(settings().fallbackSender(senders), request).transcript())
                    .doesNotContain("> MAIL FROM:<>");
        }
    }

    @Test
    void repeatsRecipientRejectedInGroupOnce() {
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(mailServer("PIPELINING").act(RCPT_BOB, peer -> {
                    boolean alone = peer.writes().get(peer.writes().size() - 1).startsWith("RCPT");
                    peer.say(alone ? "250 OK" : "503 5.5.1 bad sequence");
                }))) {
            ProbeReport report = ask(settings(), BOB, server);
            assertThat(report.reason()).isEqualTo(ACCEPTED);
            assertThat(report.sent().targetRecipients()).isEqualTo(2);
        }
    }

    /** The server requires TLS first, and then one command at a time: no recipient is left for the catch-all check. */
    @Test
    void limitsSessionToThreeRecipients() {
        SmtpRules difficult = mailServer("PIPELINING", "STARTTLS").act("RCPT", peer -> {
            boolean alone = peer.writes().get(peer.writes().size() - 1).startsWith("RCPT");
            peer.say(
                    !peer.isEncrypted()
                            ? "530 5.7.0 Must issue a STARTTLS command first"
                            : alone ? "250 OK" : "503 5.5.1 bad sequence");
        });
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(difficult)) {
            ProbeReport report = ask(settings(), request(BOB, UNKNOWN, server));
            assertThat(report.reason()).isEqualTo(ACCEPTED);
            assertThat(report.sent()).isEqualTo(new ProbeReport.Sent(1, 3, 0, 0));
            assertThat(report.catchAll()).isEqualTo(UNDECIDED);
        }
    }

    @Test
    void usesSmtpUtf8ForNonAsciiLocalParts() {
        String address = "søren@example.org";
        assertThat(probe(settings(), mailServer("PIPELINING", "SMTPUTF8"), address)
                        .transcript())
                .contains("> MAIL FROM:<> SMTPUTF8", "> RCPT TO:<søren@example.org>");
        assertThat(probe(settings(), mailServer("PIPELINING"), address).reason())
                .isEqualTo(SMTPUTF8_UNSUPPORTED);
        assertThat(probe(settings(), mailServer("SMTPUTF8").answer("MAIL", "555 5.5.4 unknown"), address)
                        .reason())
                .isEqualTo(SMTPUTF8_UNSUPPORTED);
        assertThat(probe(settings(), mailServer("PIPELINING"), "bob@bücher.example")
                        .transcript())
                .contains("> MAIL FROM:<>", "> RCPT TO:<bob@xn--bcher-kva.example>");
    }

    @Test
    void sendsNoInvalidAddress() {
        for (String local : List.of("a..b", ".a", "x".repeat(65))) {
            ProbeRequest request = new ProbeRequest(
                    new MailAddress(local, "example.org"), null, NO, List.of(), new ProbeTestSupport.OpenGate());
            ProbeReport report = ask(settings(), request);
            assertThat(report.reason()).isEqualTo(BAD_SYNTAX);
            assertThat(report.sent()).isEqualTo(ProbeReport.Sent.NOTHING);
        }
    }

    @Test
    void sendsVrfyFirstOrAlone() {
        ProbeSettings.Builder first = settings().method(ProbeSettings.Method.VRFY_FIRST);
        ProbeSettings.Builder only = settings().method(ProbeSettings.Method.VRFY_ONLY);
        SmtpRules yes = mailServer().answer("RCPT", "550 5.1.1 no").answer("VRFY bob@example.org", "250 bob");
        assertThat(probe(first, yes, BOB).reason()).isEqualTo(ACCEPTED);
        SmtpRules no = mailServer().answer("VRFY", "550 5.1.1 unknown");
        assertThat(probe(only, no, BOB).reason()).isEqualTo(NO_SUCH_MAILBOX);
        for (String vague : List.of("252 2.1.5 cannot verify", "502 5.5.1 disabled", "550 no VRFY here")) {
            SmtpRules rules = mailServer().answer("VRFY", vague);
            assertThat(probe(first, rules, BOB).transcript()).contains("> RCPT TO:<bob@example.org>");
            assertThat(probe(only, rules, BOB).reason()).as(vague).isEqualTo(CANNOT_VERIFY);
        }
        assertThat(probe(only, mailServer().answer("VRFY", "451 later"), BOB).reason())
                .isEqualTo(TEMPFAIL);
        SmtpRules utf8 = mailServer("SMTPUTF8").answer("VRFY", "250 yes");
        ProbeReport report = probe(only, utf8, "søren@example.org");
        assertThat(report.transcript()).contains("> VRFY søren@example.org SMTPUTF8");
        assertThat(report.sent().targetRecipients()).isEqualTo(1);
        assertThat(probe(only, mailServer(), "søren@example.org").reason()).isEqualTo(SMTPUTF8_UNSUPPORTED);
    }
}
