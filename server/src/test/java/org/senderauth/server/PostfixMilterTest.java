package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.MilterService.tagged;

import java.io.IOException;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix with the configuration of docs/milter.md. */
@Timeout(180)
class PostfixMilterTest {

    private static final String STRANGER = "198.51.100.7";
    private static final String REJECTED =
            "550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag)";

    @TempDir
    static Path folder;

    private static MilterPostfix postfix;
    private static MailSink sink;

    @BeforeAll
    static void startAll() throws Exception {
        postfix = MilterPostfix.start(folder, mainCf -> mainCf);
        sink = postfix.sink();
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
    }

    private static String outside(String client, String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = postfix.outside(client)) {
            return talk.mail(from, to, subject);
        }
    }

    private static String inside(String to, String subject) throws IOException {
        try (SmtpTestClient talk = postfix.inside()) {
            return talk.mail("alice@example.org", to, subject);
        }
    }

    private static String body(SmtpTestClient talk, String message) throws IOException {
        assertThat(talk.say("DATA")).startsWith("354");
        return talk.say(message.replaceAll("(?m)^\\.", "..") + "\r\n.");
    }

    @Test
    void signsOutboundMailAndDeliversBounceUntagged() throws Exception {
        assertThat(inside("bob@example.com", "outbound")).startsWith("250");
        MailSink.Mail out = sink.next("outbound");
        assertThat(out.from()).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");

        assertThat(outside(STRANGER, "", out.from(), "genuine bounce")).startsWith("250");
        MailSink.Mail back = sink.next("genuine bounce");
        assertThat(back.from()).isEmpty();
        assertThat(back.to()).containsExactly("alice@example.org");
    }

    @Test
    void mailThatStaysHereIsNotSigned() throws Exception {
        assertThat(inside("bob@example.org", "stays here")).startsWith("250");
        assertThat(sink.next("stays here").from()).isEqualTo("alice@example.org");
    }

    @Test
    void mailFromOutsideInOurNameIsNotSigned() throws Exception {
        assertThat(outside(STRANGER, "alice@example.org", "bob@example.org", "forged sender"))
                .startsWith("250");
        assertThat(sink.next("forged sender").from()).isEqualTo("alice@example.org");
    }

    @Test
    void bounceOfThisHostIsDeliveredWithoutTheTag() throws Exception {
        assertThat(inside("nobody@example.com", "to nobody")).startsWith("250");
        MailSink.Mail bounce = sink.next("Undelivered Mail Returned to Sender");
        assertThat(bounce.from()).isEmpty();
        assertThat(bounce.to()).containsExactly("alice@example.org");
    }

    @Test
    void forgedAndExpiredTagsAreRejectedAtRcpt() throws Exception {
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<" + tagged("alice@example.org", Duration.ofDays(20)) + ">"))
                    .startsWith(REJECTED + " [");
            // Where the map does not strip a forged tag, Postfix does not know the recipient.
            assertThat(talk.say("RCPT TO:<prvs=0123abcdef=alice@example.org>")).matches("550 5\\.[17]\\.1 .*");
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("250");
        }
    }

    // docs/batv.md: the table of contents
    @ParameterizedTest
    @CsvSource({
        "dsn-rfc3464, true",
        "dsn-in-multipart-mixed, true",
        "dsn-global-utf8, true",
        "bounce-in-plain-text, true",
        "bounce-failed-recipients, true",
        "virus-notice, true",
        "mdn-rfc8098, false",
        "out-of-office-rfc3834, false",
        "out-of-office-old, false",
        "list-with-null-sender, false"
    })
    void untaggedBounceIsDecidedOnByItsContent(String file, boolean rejected) throws Exception {
        String message = Files.readString(
                        Path.of("../batv/src/test/resources/org/senderauth/batv/messages", file + ".eml"),
                        StandardCharsets.ISO_8859_1)
                .replaceAll("\r?\n", "\r\n");
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            String reply = body(talk, "X-Case: " + file + "\r\n" + message.stripTrailing());
            if (rejected) {
                assertThat(reply).startsWith(REJECTED + " [");
            } else {
                assertThat(reply).startsWith("250");
                MailSink.Mail mail = sink.next();
                while (!mail.has("X-Case: " + file)) {
                    mail = sink.next();
                }
                assertThat(mail.to()).containsExactly("alice@example.org");
            }
        }
    }

    @Test
    void bounceToSeveralIsDeliveredToThoseWithAValidTag() throws Exception {
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
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
        assertThat(sink.next("to two").to()).containsExactly("bob@example.org");
    }

    @Test
    void prependsSpfResultAndDeletesForgedFields() throws Exception {
        try (SmtpTestClient talk = postfix.outside("192.0.2.10")) {
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(talk, """
                    Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=evil.example
                    Authentication-Results: first.example; dkim=pass
                    Authentication-Results: (c) "MX.example.org"; spf=pass
                    X-Senderauth-Decision: forged
                    Authentication-Results: second.example; dkim=pass
                    Subject: spf pass

                    text""".replace("\n", "\r\n"))).startsWith("250");
        }
        MailSink.Mail mail = sink.next("spf pass");
        List<String> lines = mail.lines();
        assertThat(lines.get(0))
                .startsWith("Authentication-Results: mx.example.org; ")
                .contains("spf=pass smtp.mailfrom=bob@example.net");
        assertThat(lines.get(1)).startsWith("Received-SPF: pass (mx.example.org: ");
        assertThat(lines.get(2)).startsWith("X-Senderauth-Decision: ");
        assertThat(lines.get(3)).startsWith("Received: from client.example.com");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("Authentication-Results: "))
                .hasSize(3)
                .contains(
                        "Authentication-Results: first.example; dkim=pass",
                        "Authentication-Results: second.example; dkim=pass");
        assertThat(lines).doesNotContain("X-Senderauth-Decision: forged");
        postfix.awaitLog(" id=" + lines.get(2).substring("X-Senderauth-Decision: ".length()) + " ");
    }

    @Test
    void spfFailIsRejectedAndTemperrorIsDeferred() throws Exception {
        assertThat(outside(STRANGER, "bob@example.net", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 ")
                .contains("198.51.100.7 is not authorized to send mail for example.net");
        assertThat(outside(STRANGER, "bob@away.example.net", "alice@example.org", "spf temperror"))
                .startsWith("451 4.7.24 ");
    }

    @Test
    void acceptsMailOfRelayMarkedByItsClient() throws Exception {
        assertThat(postfix.reload(settings -> settings + "relays: [198.51.100.2]\n"))
                .isTrue();
        try (SmtpTestClient talk = postfix.outside("198.51.100.2")) {
            assertThat(talk.say("HELO mx2.example.org")).startsWith("250");
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(
                            talk,
                            "Received: from h.example.com ([198.51.100.7] helo=h.example.com)\r\n"
                                    + "\tby mx2.example.org with esmtp (Exim 4.96) id 1abc;"
                                    + " Sun, 29 Nov 2026 10:00:00 +0000\r\nSubject: relayed\r\n\r\ntext"))
                    .startsWith("250");
        } finally {
            assertThat(postfix.reload(settings -> settings)).isTrue();
        }
        List<String> lines = sink.next("relayed").lines();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("Authentication-Results: mx.example.org; ")
                        && line.contains("spf=fail smtp.mailfrom=bob@example.net"))
                .anyMatch(line -> line.startsWith("X-Senderauth-Decision: ")
                        && line.endsWith("(relayed, client 198.51.100.7 by Received)"));
    }

    @Test
    void calloutIsMadeForExistingRecipientsOnly() throws Exception {
        assertThat(outside(STRANGER, "carol@callout.example", "unknown@example.org", "rejected"))
                .startsWith("550 5.1.1 ");
        assertThat(postfix.log()).doesNotContain("carol@callout.example");
        assertThat(outside(STRANGER, "nobody@callout.example", "alice@example.org", "callout"))
                .matches("(450|550) .*");
        postfix.awaitLog("from=\"<nobody@callout.example>\"");
    }

    @Test
    void manyMessagesInOneConnection() throws Exception {
        try (SmtpTestClient talk = postfix.outside("192.0.2.10")) {
            for (int i = 0; i < 500; i++) {
                assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
                // Every third has a recipient that is rejected, and some are abandoned.
                if (i % 3 == 0) {
                    assertThat(talk.say("RCPT TO:<unknown@example.org>")).startsWith("550");
                }
                assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
                if (i % 10 == 9) {
                    assertThat(talk.say("RSET")).startsWith("250");
                } else {
                    assertThat(body(talk, "Subject: many " + i + "\r\n\r\ntext"))
                            .startsWith("250");
                }
            }
        }
        MailSink.Mail last = sink.next("many 498");
        assertThat(last.lines().get(0)).contains("spf=pass smtp.mailfrom=bob@example.net");
        assertThat(postfix.log()).doesNotContain("milter broken").doesNotContain("milter failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob@example.net", ""})
    void passesMessageOf25MiB(String from) throws Exception {
        String line = "x".repeat(998) + "\r\n";
        try (SmtpTestClient talk = postfix.outside("192.0.2.10")) {
            assertThat(talk.say("MAIL FROM:<" + from + ">")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(talk, "Subject: large from " + from + "\r\n\r\n" + line.repeat(25 * 1024 * 1024 / 1000)))
                    .startsWith("250");
        }
        assertThat(sink.next("large from " + from).lines()).hasSizeGreaterThan(26_000);
    }
}
