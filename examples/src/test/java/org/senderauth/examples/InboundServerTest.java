package org.senderauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.SmtpTestClient;
import org.subethamail.smtp.internal.proxy.ProxyProtocolV1Handler;
import org.subethamail.smtp.server.SMTPServer;

class InboundServerTest {

    private static final Path SOURCES = Path.of("src/main/java/org/senderauth/examples");
    private static final MailAddress ALICE = MailAddress.of("alice@example.org");
    private static final String OTHER_CLIENT = "198.51.100.1";
    private static final Set<String> DOMAINS = Set.of("example.org");

    private final ZoneDnsClient dns = ZoneDnsClient.builder().text("""
                    example.net.                    300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                    _client._smtp.not.example.net.  300 IN SRV 1 1 1 not.example.net.
                    """).build();
    private final Batv batv =
            Batv.builder().keyring(BatvKeyring.of(SecretKeys.of(new byte[20]))).build();
    private final Ses ses = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .build();
    private final List<String> probed = new CopyOnWriteArrayList<>();
    private final List<InboundServer.Mail> inbox = new CopyOnWriteArrayList<>();
    private final CalloutVerifier callout = CalloutVerifier.builder((request, listener) -> {
                probed.add(request.address().toString());
                ProbeReport report = ProbeReport.ofNothingSent(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT, null);
                listener.verdict(report);
                listener.finished(report);
            })
            .ownDomains(DOMAINS)
            .build();
    private SMTPServer server = start(InboundServer.fiveDefenses("mx.example.org", DOMAINS, dns, batv, ses, callout));

    private SMTPServer start(SenderPolicy policy) {
        InboundServer inbound = new InboundServer(
                policy,
                SignatureStripper.of(batv).or(SignatureStripper.of(ses)),
                "alice@example.org"::equals,
                inbox::add);
        return inbound.on(SMTPServer.port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .proxyHandler(ProxyProtocolV1Handler.INSTANCE))
                .build();
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private SmtpTestClient from(String client) throws IOException {
        return SmtpTestClient.proxied(server.getPortAllocated(), client);
    }

    @Test
    void rejectsByEachOfFiveDefenses() throws Exception {
        try (SmtpTestClient client = from(OTHER_CLIENT)) {
            assertThat(client.mail("bob@example.net", "alice@example.org", ""))
                    .startsWith("550 5.7.23 SPF check failed: ");
            assertThat(client.mail("", "prvs=1000123456=alice@example.org", "")).startsWith("550 5.7.1 ");
            assertThat(client.mail("", "SES=BBBB=alice@example.org", "")).startsWith("550 5.7.1 ");
            assertThat(client.mail("bob@example.com", "carol@example.org", ""))
                    .isEqualTo("550 5.1.1 Recipient address rejected: user unknown");
            assertThat(probed).isEmpty();
            assertThat(client.mail("bob@example.com", "alice@example.org", "")).startsWith("250");
            assertThat(probed).containsExactly("bob@example.com");
            client.say("EHLO not.example.net");
            assertThat(client.mail("bob@example.com", "alice@example.org", "")).startsWith("550 5.7.1 Domain not");
        }
    }

    @Test
    void deliversBouncesToSignedAddresses() throws Exception {
        try (SmtpTestClient client = from(OTHER_CLIENT)) {
            assertThat(client.mail("", batv.sign(ALICE).toString(), "batv")).startsWith("250");
            assertThat(client.mail("", ses.sign(ALICE).toString(), "ses")).startsWith("250");
        }
        assertThat(inbox)
                .hasSize(2)
                .allSatisfy(mail -> assertThat(mail.recipients()).containsExactly("alice@example.org"));
    }

    private static String bounce(SmtpTestClient client, String sender, String header) throws IOException {
        client.say("MAIL FROM:<" + sender + ">");
        assertThat(client.say("RCPT TO:<alice@example.org>")).startsWith("250");
        client.say("DATA");
        return client.say(header + "\r\n\r\ntext\r\n.");
    }

    @Test
    void rejectsUntaggedReportsByContent() throws Exception {
        try (SmtpTestClient client = from(OTHER_CLIENT)) {
            for (String sender : List.of("", "mailer-daemon@example.com")) {
                assertThat(bounce(
                                client,
                                sender,
                                "Content-Type: multipart/report; report-type=delivery-status; boundary=b"))
                        .startsWith("550 5.7.1 ");
            }
            assertThat(client.mail("", "postmaster@example.org", ""))
                    .isEqualTo("550 5.1.1 Recipient address rejected: user unknown");
            assertThat(client.mail("", "Abuse@Example.ORG", ""))
                    .isEqualTo("550 5.1.1 Recipient address rejected: user unknown");
        }
        assertThat(inbox).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"
            })
    void acceptsUntaggedMailThatIsNoDeliveryReport(String header) throws Exception {
        try (SmtpTestClient client = from(OTHER_CLIENT)) {
            assertThat(bounce(client, "", header)).startsWith("250");
        }
        assertThat(inbox).hasSize(1);
    }

    @Test
    void prependsHeadersOfDecision() throws Exception {
        try (SmtpTestClient client = from("192.0.2.1")) {
            assertThat(client.mail("bob@example.net", "alice@example.org", "hello"))
                    .startsWith("250");
        }
        List<String> lines = new String(inbox.get(0).content(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(lines.get(0)).startsWith("Authentication-Results: mx.example.org; ");
        assertThat(lines.get(1)).startsWith("Received-SPF: pass ");
        assertThat(lines.get(2)).startsWith("Received: ");
        assertThat(lines).endsWith("From: someone@example.com", "Subject: hello", "", "text");
    }

    @Test
    void deadDnsBlocksNoSession() throws Exception {
        server.stop();
        server = start(SenderPolicy.builder("mx.example.org")
                .spf(
                        SpfVerifier.builder()
                                .dns((name, type) -> new CompletableFuture<>())
                                .build(),
                        SpfStrictness.FAIL_ONLY)
                .deadline(Duration.ofMillis(100))
                .build());
        server.start();
        try (SmtpTestClient client = from(OTHER_CLIENT)) {
            assertThat(client.mail("bob@example.net", "alice@example.org", "")).startsWith("250");
        }
    }

    @Test
    void guideShowsThisShortProgram() throws IOException {
        String source = Files.readString(SOURCES.resolve("InboundServer.java"));
        assertThat(source.lines().count()).isLessThan(190);
        String guide = Files.readString(Path.of("../docs/subethasmtp.md"));
        assertThat(guide).contains("```java\n" + source + "```\n");
        String start = Files.readString(SOURCES.resolve("StartInboundServer.java"));
        assertThat(guide).contains("```java\n" + start + "```\n");
    }
}
