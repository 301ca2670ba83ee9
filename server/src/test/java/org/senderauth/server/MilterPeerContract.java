package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.MilterService.tagged;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.testkit.SmtpTestClient;

/** What holds at each mail server with the lines of docs/milter.md for it. */
abstract class MilterPeerContract {

    static final String REJECTED = "Bounce rejected: recipient sent no such message (no valid BATV tag) [";

    /** The addresses of clients, as a mail server under test may see them. */
    record Clients(String stranger, String permitted, String relay) {}

    abstract Clients clients();

    abstract MilterService service();

    /** A session of a host elsewhere. */
    abstract SmtpTestClient outside(String client) throws IOException;

    /** A session of one of our users. */
    abstract SmtpTestClient inside() throws IOException;

    /** Where the mail of a user at example.org goes. */
    abstract String mailbox(String user);

    /** A recipient that the mail server rejects by itself. */
    abstract String rejectedRecipient();

    final MailSink sink() {
        return service().sink();
    }

    static String body(SmtpTestClient talk, String message) throws IOException {
        assertThat(talk.say("DATA")).startsWith("354");
        return talk.say(message.replaceAll("(?m)^\\.", "..") + "\r\n.");
    }

    final String outside(String client, String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = outside(client)) {
            return talk.mail(from, to, subject);
        }
    }

    final String inside(String to, String subject) throws IOException {
        try (SmtpTestClient talk = inside()) {
            return talk.mail("alice@example.org", to, subject);
        }
    }

    @Test
    void signsOutboundMailAndDeliversBounceUntagged() throws Exception {
        assertThat(inside("bob@example.com", "outbound")).startsWith("250");
        MailSink.Mail out = sink().next("outbound");
        assertThat(out.from()).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");

        assertThat(outside(clients().stranger(), "", out.from(), "genuine bounce"))
                .startsWith("250");
        MailSink.Mail back = sink().next("genuine bounce");
        assertThat(back.from()).isEmpty();
        assertThat(back.to()).containsExactly(mailbox("alice"));
    }

    @Test
    void mailThatStaysHereIsNotSigned() throws Exception {
        assertThat(inside("bob@example.org", "stays here")).startsWith("250");
        assertThat(sink().next("stays here").from()).isEqualTo("alice@example.org");
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
        try (SmtpTestClient talk = outside(clients().stranger())) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            String reply = body(talk, "X-Case: " + file + "\r\n" + message.stripTrailing());
            if (rejected) {
                assertThat(reply).startsWith("550 5.7.1 " + REJECTED);
            } else {
                assertThat(reply).startsWith("250");
                MailSink.Mail mail = sink().next();
                while (!mail.has("X-Case: " + file)) {
                    mail = sink().next();
                }
                assertThat(mail.to()).containsExactly(mailbox("alice"));
            }
        }
    }

    @Test
    void bounceToSeveralIsDeliveredToThoseWithAValidTag() throws Exception {
        try (SmtpTestClient talk = outside(clients().stranger())) {
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
        assertThat(sink().next("to two").to()).containsExactly(mailbox("bob"));
    }

    @Test
    void prependsSpfResultAndDeletesForgedFields() throws Exception {
        try (SmtpTestClient talk = outside(clients().permitted())) {
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
        List<String> lines = sink().next("spf pass").lines();
        assertThat(lines.get(0))
                .startsWith("Authentication-Results: mx.example.org; ")
                .contains("spf=pass smtp.mailfrom=bob@example.net");
        assertThat(lines.get(1)).startsWith("Received-SPF: pass (mx.example.org: ");
        assertThat(lines.get(2)).startsWith("X-Senderauth-Decision: ");
        assertThat(lines.get(3)).startsWith("Received: from ");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("Authentication-Results: "))
                .hasSize(3)
                .contains(
                        "Authentication-Results: first.example; dkim=pass",
                        "Authentication-Results: second.example; dkim=pass");
        assertThat(lines).doesNotContain("X-Senderauth-Decision: forged");
        service().awaitLog(" id=" + lines.get(2).substring("X-Senderauth-Decision: ".length()) + " ");
    }

    @Test
    void spfFailIsRejectedAndTemperrorIsDeferred() throws Exception {
        String stranger = clients().stranger();
        assertThat(outside(stranger, "bob@example.net", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 ")
                .contains(stranger + " is not authorized to send mail for example.net");
        assertThat(outside(stranger, "bob@away.example.net", "alice@example.org", "spf temperror"))
                .startsWith("451 4.7.24 ");
    }

    // The forms of Postfix, which Sendmail shares, and of Exim.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "from h.example.com (h.example.com [198.51.100.8]) by mx2.example.org (Postfix) with ESMTP id 4F1",
                "from h.example.com ([198.51.100.8] helo=h.example.com) by mx2.example.org with esmtp (Exim 4.96) id 1abc"
            })
    void acceptsMailOfRelayMarkedByItsClient(String received) throws Exception {
        String subject = "relayed " + received.length();
        assertThat(service()
                        .reload(settings -> settings + "relays: [" + clients().relay() + "]\n"))
                .isTrue();
        try (SmtpTestClient talk = outside(clients().relay())) {
            assertThat(talk.say("HELO mx2.example.org")).startsWith("250");
            assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(
                            talk,
                            "Received: " + received + ";\r\n\tSun, 29 Nov 2026 10:00:00 +0000\r\nSubject: " + subject
                                    + "\r\n\r\ntext"))
                    .startsWith("250");
        } finally {
            assertThat(service().reload(settings -> settings)).isTrue();
        }
        assertThat(sink().next(subject).lines())
                .anyMatch(line -> line.startsWith("Authentication-Results: mx.example.org; ")
                        && line.contains("spf=fail smtp.mailfrom=bob@example.net"))
                .anyMatch(line -> line.startsWith("X-Senderauth-Decision: ")
                        && line.endsWith("(relayed, client 198.51.100.8 by Received)"));
    }

    @Test
    void manyMessagesInOneConnection() throws Exception {
        try (SmtpTestClient talk = outside(clients().permitted())) {
            for (int i = 0; i < 500; i++) {
                assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
                // Every third has a recipient that is rejected, and some are abandoned.
                if (i % 3 == 0) {
                    assertThat(talk.say("RCPT TO:<" + rejectedRecipient() + ">"))
                            .startsWith("55");
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
        MailSink.Mail last = sink().next("many 498");
        assertThat(last.lines().get(0)).contains("spf=pass smtp.mailfrom=bob@example.net");
        assertThat(service().log()).doesNotContain("milter broken").doesNotContain("milter failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob@example.net", ""})
    void passesMessageOf25MiB(String from) throws Exception {
        String line = "x".repeat(898) + "\r\n";
        try (SmtpTestClient talk = outside(clients().permitted())) {
            assertThat(talk.say("MAIL FROM:<" + from + ">")).startsWith("250");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            assertThat(body(talk, "Subject: large from " + from + "\r\n\r\n" + line.repeat(25 * 1024 * 1024 / 900)))
                    .startsWith("250");
        }
        assertThat(sink().next("large from " + from).lines()).hasSizeGreaterThan(29_000);
    }
}
