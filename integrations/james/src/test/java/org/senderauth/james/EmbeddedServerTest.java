package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.SMTPResponse;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.DataLineFilter;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.peers.PeerProcess;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.StrippedAddress;
import org.senderauth.ses.Ses;
import org.senderauth.testkit.SmtpTestClient;

/** The hooks in a server of James Protocols, seen from its clients. */
class EmbeddedServerTest {

    private static final String GOOD = "192.0.2.1";
    private static final String STRANGER = "198.51.100.1";

    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** Notes the recipients that come to it, and knows alice and bob only, as a hook that validates recipients does. */
    private final RcptHook validation = new RcptHook() {
        @Override
        public HookResult doRcpt(
                SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
            seen.add(recipient.asString());
            return List.of("alice", "bob").contains(recipient.getLocalPart()) ? HookResult.DECLINED : HookResult.DENY;
        }
    };

    private EmbeddedServer start(SenderPolicy policy) throws Exception {
        return EmbeddedServer.with(
                new SenderPolicyHook(policy, SignatureStripper.of(Policies.BATV)),
                validation,
                new CalloutHook(policy),
                new AcceptedMessageFilter(policy));
    }

    // client | HELO | sender | recipient, T for a tagged one | command: reply
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1    | mail.example.net | bob@example.net      | alice@example.org  | done: 250
            2001:db8::1  | host.example.com | bob@example.net      | alice@example.org  | done: 250
            198.51.100.1 | not.example.net  | bob@example.com      | alice@example.org  | HELO: 550 Domain not
            198.51.100.1 | host.example.com | bob@example.net      | alice@example.org  | MAIL: 550 5.7.23 SPF check failed:
            198.51.100.1 | mail.example.net | bob@example.com      | alice@example.org  | MAIL: 550 5.7.23 SPF check failed:
            198.51.100.1 | mail.example.net | ''                   | T                  | MAIL: 550 5.7.23 SPF check failed:
            198.51.100.1 | host.example.com | bob@away.example.net | alice@example.org  | RCPT: 451 4.7.24
            198.51.100.1 | host.example.com | ''                   | alice@example.org  | RCPT: 550 5.7.1
            198.51.100.1 | host.example.com | ''                   | T                  | done: 250
            198.51.100.1 | host.example.com | nobody@example.com   | alice@example.org  | RCPT: 550 5.1.7
            198.51.100.1 | host.example.com | nobody@example.com   | carol@example.org  | RCPT: 554
            198.51.100.1 | host.example.com | bob@example.com      | T                  | done: 250
            """)
    void rejectsAtEachCommandWithItsReply(String client, String helo, String sender, String recipient, String expected)
            throws Exception {
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        try (EmbeddedServer server = start(policy);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), client)) {
            String to = recipient.equals("T") ? Policies.TAGGED : recipient;
            assertThat(outcome(talk, helo, sender, to)).startsWith(expected);
        }
    }

    private static String outcome(SmtpTestClient talk, String helo, String sender, String recipient) throws Exception {
        String reply = talk.say("EHLO " + helo);
        if (!reply.startsWith("250")) {
            return "HELO: " + reply;
        }
        reply = talk.say("MAIL FROM:<" + sender + ">");
        if (!reply.startsWith("250")) {
            return "MAIL: " + reply;
        }
        reply = talk.say("RCPT TO:<" + recipient + ">");
        return (reply.startsWith("250") ? "done: " : "RCPT: ") + reply;
    }

    @Test
    void passesStrippedRecipientToNextHook() throws Exception {
        try (EmbeddedServer server = start(Policies.over(Policies.ZONE).build());
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("", Policies.TAGGED, "bounce")).startsWith("250");
            assertThat(seen).containsExactly("alice@example.org");
            assertThat(server.taken()).hasSize(1);
            assertThat(server.taken().get(0).recipients()).containsExactly("alice@example.org");
        }
    }

    @Test
    void prependsHeadersToEachMessage() throws Exception {
        try (EmbeddedServer server = start(Policies.over(Policies.ZONE).build());
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), GOOD)) {
            talk.mail("bob@example.net", "alice@example.org", "first");
            talk.mail("bob@example.com", "alice@example.org", "second");
            assertThat(server.taken()).hasSize(2);
            List<String> first = server.taken().get(0).lines();
            assertThat(first.get(0))
                    .startsWith("Authentication-Results: mx.example.org; ")
                    .contains("spf=pass");
            assertThat(first.get(1)).startsWith("Received-SPF: pass ");
            assertThat(first.get(2)).startsWith("Received: from ");
            assertThat(first.subList(first.size() - 4, first.size()))
                    .containsExactly("From: someone@example.com", "Subject: first", "", "text");
            assertThat(server.taken().get(1).lines().get(1)).startsWith("Received-SPF: none ");
        }
    }

    @Test
    void returnsReplyOfNextFilter() throws Exception {
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        DataLineFilter full = new DataLineFilter() {
            @Override
            public Response onLine(SMTPSession session, byte[] line, LineHandler<SMTPSession> next) {
                if (new String(line, StandardCharsets.US_ASCII).startsWith("Received-SPF")) {
                    session.popLineHandler();
                    return new SMTPResponse("552", "The message is too large");
                }
                return next.onLine(session, line);
            }
        };
        try (EmbeddedServer server =
                        EmbeddedServer.with(new SenderPolicyHook(policy), full, new AcceptedMessageFilter(policy));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), GOOD)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "text"))
                    .isEqualTo("552 The message is too large");
            assertThat(server.taken()).isEmpty();
        }
    }

    @Test
    void countsAcceptedBounceAsUse() throws Exception {
        Ses ses = Policies.ses();
        SenderPolicy policy =
                Policies.over(Policies.ZONE).ses(ses, Set.of("example.org")).build();
        try (EmbeddedServer server = EmbeddedServer.with(
                        new SenderPolicyHook(policy, SignatureStripper.of(ses)),
                        validation,
                        new AcceptedMessageFilter(policy));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            String signed = ses.sign(Policies.ALICE).toString();
            for (int use = 0; use < Policies.SES_USES; use++) {
                assertThat(talk.mail("", signed, "bounce")).startsWith("250");
            }
            assertThat(talk.mail("", signed, "bounce")).startsWith("550 5.7.1 Bounce rejected: invalid SES signature");
            assertThat(server.taken())
                    .hasSize(Policies.SES_USES)
                    .allSatisfy(taken -> assertThat(taken.recipients()).containsExactly("alice@example.org"));
        }
    }

    @Test
    void writesHeadersOfCheckedRecipient() throws Exception {
        SenderPolicy policy = Policies.over(Policies.ZONE)
                .exemptions(Exemptions.builder().recipient("bob@example.org").build())
                .build();
        try (EmbeddedServer server = start(policy);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), GOOD)) {
            for (List<String> recipients : List.of(List.of("bob", "alice", "bob"), List.of("bob"))) {
                talk.say("MAIL FROM:<bob@example.net>");
                for (String recipient : recipients) {
                    assertThat(talk.say("RCPT TO:<" + recipient + "@example.org>"))
                            .startsWith("250");
                }
                talk.say("DATA");
                talk.say("Subject: text\r\n\r\ntext\r\n.");
            }
            assertThat(server.taken())
                    .extracting(taken -> taken.lines().get(0).split(":")[0])
                    .containsExactly("Authentication-Results", "Received");
        }
    }

    @Test
    void runsNoCalloutForUnknownRecipient() throws Exception {
        List<String> probed = new CopyOnWriteArrayList<>();
        SenderPolicy policy = Policies.over(Policies.ZONE, probed).build();
        try (EmbeddedServer server = start(policy);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("bob@example.com", "carol@example.org", "")).startsWith("554");
            assertThat(probed).isEmpty();
            assertThat(talk.mail("bob@example.com", "alice@example.org", "")).startsWith("250");
            assertThat(probed).containsExactly("bob@example.com");
        }
    }

    @Test
    void rejectsMalformedSendersOnly() throws Exception {
        try (EmbeddedServer server = start(Policies.over(Policies.ZONE).build());
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            talk.say("EHLO host.example.com");
            assertThat(talk.say("MAIL FROM:<bob@example.net> SIZE=100")).startsWith("550 5.7.23 SPF check failed:");
            assertThat(talk.say("MAIL FROM:<@relay.example:bob@example.net>")).matches("5[05][0-9] .*");
            assertThat(talk.say("MAIL FROM:<\"bob smith\"@example.net>")).startsWith("550 5.7.23 SPF check failed:");
            assertThat(talk.say("MAIL FROM:<bob@example.net ")).matches("5[05][0-9] .*");
        }
    }

    @Test
    void checksPostmasterLikeOthers() throws Exception {
        try (EmbeddedServer server = start(Policies.over(Policies.ZONE).build());
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("bob@away.example.net", "postmaster@example.org", ""))
                    .startsWith("451 4.7.24");
        }
    }

    @Test
    void delaysOverridableRejectionToRcpt() throws Exception {
        SenderPolicy exempting = Policies.over(Policies.ZONE)
                .exemptions(Exemptions.builder().recipient("bob@example.org").build())
                .build();
        SenderPolicy reporting = Policies.over(Policies.ZONE)
                .modes(StepModes.builder()
                        .recipientDomain("example.org", Step.SPF, StepMode.MONITOR)
                        .defaultMode(Step.CALLOUT, StepMode.OFF)
                        .build())
                .build();
        try (EmbeddedServer server = start(exempting);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("550 5.7.23");
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("250");
        }
        try (EmbeddedServer server = start(reporting);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "")).startsWith("250");
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.com>")).startsWith("550 5.7.23");
        }
    }

    @Test
    void delaysHeloRejectionIfAuthOffered() throws Exception {
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        MailHook login = new MailHook() {
            @Override
            public HookResult doMail(SMTPSession session, MaybeSender sender) {
                if (sender.asString().startsWith("alice@")) {
                    session.setUsername(Username.of("alice"));
                }
                return HookResult.DECLINED;
            }
        };
        try (EmbeddedServer server = EmbeddedServer.withAuth(login, new SenderPolicyHook(policy));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.say("EHLO not.example.net")).startsWith("250");
            assertThat(talk.say("MAIL FROM:<bob@example.com>")).startsWith("550 5.7.1 Domain not authorized");
            assertThat(talk.say("MAIL FROM:<alice@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<bob@example.com>")).startsWith("250");
        }
    }

    @Test
    void relayClientIsUncheckedButTagsStripped() throws Exception {
        MailHook relaying = new MailHook() {
            @Override
            public HookResult doMail(SMTPSession session, MaybeSender sender) {
                session.setRelayingAllowed(true);
                return HookResult.DECLINED;
            }
        };
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        try (EmbeddedServer server = EmbeddedServer.with(
                        relaying, new SenderPolicyHook(policy, SignatureStripper.of(Policies.BATV)), validation);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("bob@example.net", Policies.TAGGED, "")).startsWith("250");
            assertThat(seen).containsExactly("alice@example.org");
        }
    }

    @Test
    void throwingHookKeepsSessionAlive() throws Exception {
        RcptHook broken = new RcptHook() {
            @Override
            public HookResult doRcpt(
                    SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        SignatureStripper failing = address -> {
            throw new IllegalStateException("broken on purpose");
        };
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        try (LoggedLines logged = LoggedLines.of(TransactionMapper.class);
                EmbeddedServer server = EmbeddedServer.with(new SenderPolicyHook(policy, failing));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), GOOD)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "")).startsWith("451 4.3.0");
            assertThat(talk.say("NOOP")).startsWith("250");
            assertThat(logged.lines()).containsExactly("hook failed");
        }
        try (EmbeddedServer server = EmbeddedServer.with(new SenderPolicyHook(policy), broken);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), GOOD)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "")).startsWith("451");
            assertThat(talk.say("NOOP")).startsWith("250");
        }
    }

    @Test
    void defersRecipientWhenKeysUnavailable() throws Exception {
        SignatureStripper away = address -> new StrippedAddress.Unavailable("the keys cannot be had now");
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        try (EmbeddedServer server = EmbeddedServer.with(new SenderPolicyHook(policy, away));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), GOOD)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", ""))
                    .isEqualTo("451 4.3.0 Recipient check temporarily unavailable, try again later");
        }
    }

    @Test
    void deadDnsTakesNoLongerThanDeadline() throws Exception {
        SenderPolicy policy =
                Policies.over(Policies.DEAD).deadline(Duration.ofMillis(200)).build();
        try (EmbeddedServer server = start(policy);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "")).startsWith("451 4.4.3");
            assertThat(talk.mail("", "alice@example.org", "")).startsWith("550 5.7.1");
            assertThat(talk.say("QUIT")).startsWith("221");
        }
    }

    @Test
    void swaksGetsSameReplies(@TempDir Path folder) throws Exception {
        PeerProcess.program("swaks");
        SenderPolicy policy = Policies.over(Policies.ZONE).build();
        try (EmbeddedServer server = start(policy)) {
            assertThat(swaks(folder, server, "192.0.2.1", "bob@example.net", "alice@example.org"))
                    .contains("250 2.1.0 Sender <bob@example.net> OK", "250 Command accepted");
            assertThat(swaks(folder, server, "198.51.100.1", "bob@example.net", "alice@example.org"))
                    .contains("550 5.7.23 SPF check failed: ");
            assertThat(swaks(folder, server, "198.51.100.1", "<>", "alice@example.org"))
                    .contains("550 5.7.1 ");
            assertThat(swaks(folder, server, "198.51.100.1", "<>", Policies.TAGGED))
                    .contains("250 2.1.5 Recipient <alice@example.org> OK");
        }
    }

    private static String swaks(Path folder, EmbeddedServer server, String client, String from, String to)
            throws Exception {
        Path log = folder.resolve("swaks.txt");
        List<String> command = List.of(
                PeerProcess.program("swaks").toString(),
                "--server",
                "127.0.0.1:" + server.port(),
                "--proxy-version",
                "1",
                "--proxy-family",
                "TCP4",
                "--proxy-source",
                client,
                "--proxy-source-port",
                "40000",
                "--proxy-dest",
                "192.0.2.25",
                "--proxy-dest-port",
                "25",
                "--helo",
                "host.example.com",
                "--from",
                from,
                "--to",
                to);
        try (PeerProcess peer = PeerProcess.start(folder, log, command)) {
            assertThat(peer.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        return Files.readString(log);
    }
}
