package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.testkit.SmtpTestClient;

/** Untagged bounces are decided on by their content, as the table of docs/batv.md says. */
class ContentStageTest {

    private static final String STRANGER = "198.51.100.1";

    private static EmbeddedServer start() throws Exception {
        SenderPolicy policy = Policies.over(Policies.ZONE)
                .batv(new BounceFilter(Policies.BATV, BounceRules.defaults(), Policies.CLOCK), true)
                .build();
        return EmbeddedServer.with(
                new SenderPolicyHook(policy, SignatureStripper.of(Policies.BATV)),
                new CalloutHook(policy),
                new AcceptedMessageFilter(policy));
    }

    private static String bounce(SmtpTestClient talk, String header, String... recipients) throws Exception {
        assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
        for (String recipient : recipients) {
            assertThat(talk.say("RCPT TO:<" + recipient + ">")).startsWith("250");
        }
        assertThat(talk.say("DATA")).startsWith("354");
        return talk.say(header + "\r\n\r\ntext\r\n..dot\r\n.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Type: multipart/report; report-type=delivery-status; boundary=b          | 550 5.7.1 Bounce rejected
            Content-Type: multipart/report; report-type=disposition-notification; boundary=b | 250
            Auto-Submitted: auto-replied                                                      | 250
            Subject: an abuse report                                                          | 250
            """)
    void decidesOnUntaggedBounceByContent(String header, String reply) throws Exception {
        try (EmbeddedServer server = start();
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(bounce(talk, header, "alice@example.org")).startsWith(reply);
            assertThat(server.taken()).hasSize(reply.equals("250") ? 1 : 0);
            // The session continues, and the next message is not decided on by the content of this one.
            assertThat(talk.mail("bob@example.com", "alice@example.org", "text"))
                    .startsWith("250");
        }
    }

    @Test
    void deliversBounceToRecipientsWithValidTagOnly() throws Exception {
        String dsn = "Content-Type: multipart/report; report-type=delivery-status; boundary=b";
        try (EmbeddedServer server = start();
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(bounce(talk, dsn, "bob@example.org", Policies.TAGGED)).startsWith("250");
            assertThat(server.taken().get(0).recipients()).containsExactly("alice@example.org");
            assertThat(server.taken().get(0).lines()).contains(".dot");
        }
    }

    @Test
    void findsContentOfLongMessage() throws Exception {
        String line = "x".repeat(900) + "\r\n";
        String dsn =
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" + line.repeat(200);
        try (EmbeddedServer server = start();
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(bounce(talk, dsn, "alice@example.org")).startsWith("550 5.7.1");
            assertThat(server.taken()).isEmpty();
        }
    }

    @Test
    void acceptsUntaggedBounceOfMessageThatWeSigned() throws Exception {
        KeyPair pair = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
        Dkim2Bounces bounces = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.builder()
                        .key("mail", "example.org", pair.getPublic())
                        .build())
                .domains(List.of("example.org"))
                .clock(Policies.CLOCK)
                .dns(Policies.ZONE)
                .build();
        SenderPolicy policy = Policies.over(Policies.ZONE)
                .batv(new BounceFilter(Policies.BATV, BounceRules.defaults(), Policies.CLOCK), true)
                .dkim2(bounces)
                .build();
        String mail = "From: alice@example.org\r\nTo: bob@example.net\r\nSubject: lunch\r\n\r\nHello Bob\r\n";
        String signed = Dkim2Signer.builder()
                        .key(Dkim2SigningKey.of("mail", "example.org", pair.getPrivate()))
                        .clock(Policies.CLOCK)
                        .build()
                        .trySign(
                                mail.getBytes(StandardCharsets.US_ASCII),
                                "<alice@example.org>",
                                List.of("<bob@example.net>"))
                        .header()
                        .orElseThrow()
                + mail;
        try (EmbeddedServer server = EmbeddedServer.with(
                        new SenderPolicyHook(policy, SignatureStripper.of(Policies.BATV)),
                        new CalloutHook(policy),
                        new AcceptedMessageFilter(policy));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(bounce(talk, report(signed), "alice@example.org")).startsWith("250");
            assertThat(bounce(talk, report(signed.replace("lunch", "dinner")), "alice@example.org"))
                    .startsWith("550 5.7.1");
            assertThat(bounce(talk, report(mail), "alice@example.org")).startsWith("550 5.7.1");
            assertThat(bounce(talk, report(signed), "carol@example.org")).startsWith("550 5.7.1");
            assertThat(server.taken()).hasSize(1);
        }
    }

    private static String report(String returned) {
        return "From: MAILER-DAEMON@example.net\r\nSubject: Undeliverable\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: text/plain\r\n\r\nUser unknown\r\n"
                + "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                + "Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                + "--b\r\nContent-Type: message/rfc822\r\n\r\n" + returned + "\r\n--b--";
    }
}
