package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.MilterService.tagged;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/** A real Sendmail with the lines of docs/milter.md. Its clients are addresses of loopback, since it has no XCLIENT. */
@Timeout(180)
class SendmailMilterTest {

    private static final String STRANGER = "127.0.0.7";
    private static final String PERMITTED = "127.0.0.10";

    @TempDir
    static Path folder;

    private static final int SMTP = PeerProcess.freePort();
    private static final int SUBMISSION = PeerProcess.freePort();
    private static MilterService service;
    private static PeerProcess sendmail;
    private static MailSink sink;

    @BeforeAll
    static void startAll() throws Exception {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        Path root = Path.of(peers, "sendmail");
        PeerProcess.program(root + "/usr/libexec/sendmail/sendmail");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("a Sendmail of its own needs root");
        }
        service = new MilterService(folder, "ip4:" + PERMITTED);
        sink = service.sink();
        Path home = Files.createDirectories(folder.resolve("sendmail"));
        String guide = DocumentedConfig.of("milter.md")
                .block("INPUT_MAIL_FILTER")
                .replace("inet:10033@127.0.0.1", "inet:" + service.proxyPort() + "@127.0.0.1")
                // The test's user does not log in: M=a asks for that.
                .replace("M=Ea", "M=E")
                .replace("Port=587", "Port=" + SUBMISSION + ", Addr=127.0.0.1");
        Files.writeString(
                home.resolve("sendmail.mc"),
                resource("sendmail.mc")
                        .replace("@FOLDER@", home.toString())
                        .replace("@SINK@", Integer.toString(sink.port()))
                        .replace("@SMTP@", Integer.toString(SMTP))
                        .replace("@GUIDE@", guide));
        Path start = folder.resolve("sendmail.sh");
        Files.writeString(start, resource("sendmail.sh"));
        sendmail = PeerProcess.start(
                        folder,
                        folder.resolve("sendmail.out"),
                        List.of("/bin/bash", start.toString(), root.toString(), home.toString()))
                .awaitTcp(SMTP, Await.LIMIT)
                .awaitTcp(SUBMISSION, Await.LIMIT);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SendmailMilterTest.class.getResourceAsStream("/milter/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stopAll() {
        if (sendmail != null) {
            sendmail.close();
        }
        if (service != null) {
            service.close();
        }
    }

    private static SmtpTestClient outside(String client) throws IOException {
        return SmtpTestClient.from(client, SMTP);
    }

    private static String body(SmtpTestClient talk, String message) throws IOException {
        assertThat(talk.say("DATA")).startsWith("354");
        return talk.say(message.replaceAll("(?m)^\\.", "..") + "\r\n.");
    }

    @Test
    void signsOutboundMailAndDeliversBounceUntagged() throws Exception {
        try (SmtpTestClient talk = SmtpTestClient.with(SUBMISSION)) {
            assertThat(talk.mail("alice@example.org", "bob@example.com", "outbound"))
                    .startsWith("250");
        }
        MailSink.Mail out = sink.next("outbound");
        assertThat(out.from()).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");
        try (SmtpTestClient talk = outside(STRANGER)) {
            assertThat(talk.mail("", out.from(), "genuine bounce")).startsWith("250");
        }
        assertThat(sink.next("genuine bounce").to()).containsExactly("alice@inner.example");
    }

    @Test
    void mailThatStaysHereIsNotSigned() throws Exception {
        try (SmtpTestClient talk = SmtpTestClient.with(SUBMISSION)) {
            assertThat(talk.mail("alice@example.org", "bob@example.org", "stays here"))
                    .startsWith("250");
        }
        assertThat(sink.next("stays here").from()).isEqualTo("alice@example.org");
    }

    @Test
    void forgedAndExpiredTagsAreRejectedAtRcpt() throws Exception {
        try (SmtpTestClient talk = outside(STRANGER)) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            for (String recipient :
                    List.of("prvs=0123abcdef=alice@example.org", tagged("alice@example.org", Duration.ofDays(20)))) {
                // Sendmail puts the address in front.
                assertThat(talk.say("RCPT TO:<" + recipient + ">"))
                        .startsWith("550 5.7.1 ")
                        .contains("Bounce rejected: recipient sent no such message (no valid BATV tag) [");
            }
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("250");
        }
    }

    // docs/batv.md: the table of contents
    @ParameterizedTest
    @CsvSource({
        "dsn-rfc3464, true",
        "bounce-in-plain-text, true",
        "bounce-failed-recipients, true",
        "mdn-rfc8098, false",
        "out-of-office-rfc3834, false",
        "list-with-null-sender, false"
    })
    void untaggedBounceIsDecidedOnByItsContent(String file, boolean rejected) throws Exception {
        String message = Files.readString(
                        Path.of("../batv/src/test/resources/org/senderauth/batv/messages", file + ".eml"),
                        StandardCharsets.ISO_8859_1)
                .replaceAll("\r?\n", "\r\n");
        try (SmtpTestClient talk = outside(STRANGER)) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            String reply = body(talk, "X-Case: " + file + "\r\n" + message.stripTrailing());
            if (rejected) {
                assertThat(reply)
                        .startsWith("550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag) [");
            } else {
                assertThat(reply).startsWith("250");
            }
        }
    }

    @Test
    void prependsSpfResultAndDeletesForgedFields() throws Exception {
        try (SmtpTestClient talk = outside(PERMITTED)) {
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("250");
            assertThat(body(talk, """
                    Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=evil.example
                    Authentication-Results: first.example; dkim=pass
                    Authentication-Results: (c) "MX.example.org"; spf=pass
                    X-Senderauth-Decision: forged
                    Authentication-Results: second.example; dkim=pass
                    Subject: spf pass

                    text""".replace("\n", "\r\n"))).startsWith("250");
        }
        List<String> lines = sink.next("spf pass").lines();
        assertThat(lines.get(0)).startsWith("Authentication-Results: mx.example.org; ");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("Authentication-Results: "))
                .hasSize(3)
                .contains(
                        "Authentication-Results: first.example; dkim=pass",
                        "Authentication-Results: second.example; dkim=pass");
        assertThat(lines).doesNotContain("X-Senderauth-Decision: forged");
        assertThat(lines.stream().filter(line -> line.startsWith("Received-SPF: pass")))
                .hasSize(1);
    }

    @Test
    void spfFailIsRejectedAndTemperrorIsDeferred() throws Exception {
        try (SmtpTestClient talk = outside(STRANGER)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "spf fail"))
                    .startsWith("550 5.7.23 ");
            assertThat(talk.mail("bob@away.example.net", "alice@example.org", "spf temperror"))
                    .startsWith("451 4.7.24 ");
        }
    }

    @Test
    void bounceToSeveralIsDeliveredToThoseWithAValidTag() throws Exception {
        try (SmtpTestClient talk = outside(STRANGER)) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<" + tagged("bob@example.org", Duration.ZERO) + ">"))
                    .startsWith("250");
            assertThat(body(
                            talk,
                            "Content-Type: multipart/report; report-type=delivery-status\r\n"
                                    + "Subject: to two\r\n\r\ntext"))
                    .startsWith("250");
        }
        assertThat(sink.next("to two").to()).containsExactly("bob@inner.example");
    }

    @Test
    void acceptsMailOfRelayMarkedByItsClient() throws Exception {
        assertThat(service.reload(settings -> settings + "relays: [127.0.0.12]\n"))
                .isTrue();
        try (SmtpTestClient talk = outside("127.0.0.12")) {
            assertThat(talk.say("HELO mx2.example.org")).startsWith("250");
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(
                            talk,
                            "Received: from h.example.com (h.example.com [198.51.100.7])\r\n"
                                    + "\tby mx2.example.org (Postfix) with ESMTP id 4F1;"
                                    + " Sun, 29 Nov 2026 10:00:00 +0000\r\nSubject: relayed\r\n\r\ntext"))
                    .startsWith("250");
        } finally {
            assertThat(service.reload(settings -> settings)).isTrue();
        }
        List<String> lines = sink.next("relayed").lines();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("Authentication-Results: mx.example.org; ")
                        && line.contains("spf=fail smtp.mailfrom=bob@example.net"))
                .anyMatch(line -> line.startsWith("X-Senderauth-Decision: ")
                        && line.endsWith("(relayed, client 198.51.100.7 by Received)"));
    }

    @Test
    void passesMessageOf25MiB() throws Exception {
        String line = "x".repeat(898) + "\r\n";
        try (SmtpTestClient talk = outside(PERMITTED)) {
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(talk, "Subject: large\r\n\r\n" + line.repeat(25 * 1024 * 1024 / 900)))
                    .startsWith("250");
        }
        assertThat(sink.next("large").lines()).hasSizeGreaterThan(29_000);
    }

    @Test
    void defersManyMessagesWhileServiceIsUnavailable() throws Exception {
        try (SmtpTestClient talk = outside(PERMITTED)) {
            for (int i = 0; i < 500; i++) {
                assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
                assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
                if (i % 10 == 9) {
                    assertThat(talk.say("RSET")).startsWith("250");
                } else {
                    assertThat(body(talk, "Subject: many " + i + "\r\n\r\ntext"))
                            .startsWith("250");
                }
            }
            assertThat(service.log()).doesNotContain("milter broken").doesNotContain("milter failed");
            service.proxy().cut();
            assertThat(talk.mail("bob@example.net", "alice@example.org", "cut")).startsWith("451 4.3.2 ");
        } finally {
            service.proxy().mend();
        }
    }
}
