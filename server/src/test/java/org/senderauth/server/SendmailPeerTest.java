package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.BatvService.isTagged;
import static org.senderauth.server.BatvService.tagged;
import static org.senderauth.server.SendmailHost.OUR_USER;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's stock Sendmail with the block of docs/sendmail.md as a user pastes it. */
@Timeout(240)
class SendmailPeerTest {

    private static final String STRANGER = "127.0.0.11";
    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG_AGO = Duration.ofDays(20);

    @TempDir
    static Path folder;

    private static MailSink sink;
    private static BatvService service;
    private static SendmailHost sendmail;

    @BeforeAll
    static void startAll() throws Exception {
        SendmailHost.need();
        sink = new MailSink();
        service = BatvService.startIn(folder);
        sendmail = SendmailHost.start(folder, service, sink);
    }

    @AfterAll
    static void stopAll() {
        if (sendmail != null) {
            sendmail.close();
        }
        if (service != null) {
            service.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private void assertDelivered(String client, String from, String recipient, String deliveredTo) throws IOException {
        String subject = "from " + from + " to " + recipient;
        assertThat(sendmail.mail(client, from, recipient, subject)).as(subject).startsWith("250");
        MailSink.Mail mail = sink.next(subject);
        assertThat(mail.from()).isEqualTo(from);
        assertThat(mail.to()).containsExactly(deliveredTo);
    }

    /** The sender that a mail of our user leaves with. */
    private String sent(String from) throws IOException {
        String subject = "outbound from " + from;
        assertThat(sendmail.mail(OUR_USER, from, "carol@example.com", subject)).startsWith("250");
        return sink.next(subject).from();
    }

    @Test
    void tagsOwnSendersAndDeliversBouncesUntagged() throws Exception {
        Map<String, String> mailboxes = Map.of(
                "alice@example.org", "alice@inner.example",
                "Bob@Example.NET", "bob@example.net",
                "first.last@example.net", "first.last@example.net");
        for (String sender : mailboxes.keySet()) {
            String tagged = sent(sender);
            assertThat(isTagged(tagged)).as(tagged).isTrue();
            assertDelivered(STRANGER, "", tagged, mailboxes.get(sender));
        }
    }

    @Test
    void otherSendersAreLeftUnchanged() throws Exception {
        for (String sender : List.of(
                "",
                "carol@example.com",
                "srs0=hhhh=tt=a.example=b@example.org",
                "SRS1=hhhh=a.example==hhhh=tt=b.example=c@example.org",
                "prvs=0123abcdef=alice@example.org",
                "a".repeat(49) + "@example.org")) {
            assertThat(sent(sender)).isEqualTo(sender);
        }
    }

    @Test
    void forgedBouncesAreRejected() throws Exception {
        for (String recipient : List.of(
                "alice@example.org",
                "bob@Example.net",
                "nosuch@example.org",
                "prvs=0123abcdef=alice@example.org",
                "\"prvs=0123abcdef=alice\"@example.org",
                tagged("alice@example.org", LONG_AGO))) {
            assertThat(sendmail.mail(STRANGER, "", recipient, "forged"))
                    .as(recipient)
                    .startsWith("550 5.7.1 ")
                    .endsWith("Bounce rejected: recipient sent no such message (no valid BATV tag)");
        }
    }

    @Test
    void otherSpellingsOfMailboxAreFiltered() throws Exception {
        for (String recipient : List.of(
                "alice",
                "first.last",
                "alice%example.org",
                "alice%example.org@localhost",
                "alice%example.org%localhost@localhost",
                "example.org!alice",
                "localhost!example.org!alice",
                "@localhost:alice@example.org")) {
            assertThat(sendmail.mail(STRANGER, "", recipient, "spelling"))
                    .as(recipient)
                    .startsWith("550 5.7.1 ")
                    .endsWith("Bounce rejected: recipient sent no such message (no valid BATV tag)");
            assertThat(sendmail.mail(STRANGER, "carol@example.com", recipient, "spelling"))
                    .as(recipient)
                    .doesNotContain("Bounce rejected");
        }
        assertThat(sendmail.mail(STRANGER, "", "alice@localhost", "other domain"))
                .startsWith("250");
        assertDelivered(STRANGER, "", "postmaster", "root@inner.example");
        String tagged = tagged("alice@example.org", NOW).replace("@", "%") + "@localhost";
        assertDelivered(STRANGER, "", tagged, "alice@inner.example");
    }

    @Test
    void postmasterAbuseAndOurOwnClientsAreExempt() throws Exception {
        assertDelivered(STRANGER, "", "postmaster@example.org", "root@inner.example");
        assertDelivered(STRANGER, "", "Abuse@example.org", "root@inner.example");
        assertDelivered(STRANGER, "", "postmaster@example.net", "postmaster@example.net");
        assertDelivered(OUR_USER, "", "alice@example.org", "alice@inner.example");
    }

    @Test
    void ordinaryMailToAnyTagIsDeliveredWithoutIt() throws Exception {
        for (String recipient : List.of(
                tagged("alice@example.org", NOW),
                tagged("alice@example.org", LONG_AGO),
                tagged("Alice@example.org", NOW),
                "prvs=0123abcdef=alice@example.org",
                "msprvs1=20570G1NGbo_G=alice@example.org",
                "alice+prvs=0123abcdef@example.org")) {
            assertDelivered(STRANGER, "carol@example.com", recipient, "alice@inner.example");
        }
        assertDelivered(STRANGER, "carol@example.com", "prvs=0123abcdef=bob@example.net", "bob@example.net");
    }

    @Test
    void unknownUsersAreRejectedWithAndWithoutTag() throws Exception {
        for (String recipient : List.of("nosuch@example.org", "prvs=0000000000=nosuch@example.org")) {
            assertThat(sendmail.mail(STRANGER, "carol@example.com", recipient, "unknown"))
                    .as(recipient)
                    .startsWith("550 5.1.1 ");
        }
    }

    @Test
    void strippedLocalPartIsNeverAFileOrAProgram() throws Exception {
        for (String local : List.of("prvs=0123abcdef=|/bin/true", "\"prvs=0123abcdef=/tmp/file\"")) {
            assertThat(sendmail.mail(STRANGER, "carol@example.com", local + "@example.org", "special"))
                    .as(local)
                    .startsWith("550 5.7.1 ")
                    .contains("Cannot mail directly to");
        }
    }

    @Test
    void addressTestPrintsWhatTheGuideShows() throws Exception {
        List<String> lines = DocumentedConfig.of("sendmail.md")
                .block("$ sendmail -bt")
                .lines()
                .toList();
        String input = lines.stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2) + "\n")
                .collect(Collectors.joining());
        String printed = withoutTags(sendmail.addressTest(input));
        List<String> shown = lines.stream()
                .skip(1)
                .filter(line -> !line.startsWith("> "))
                .map(SendmailPeerTest::withoutTags)
                .toList();
        assertThat(shown).hasSize(3);
        assertThat(printed).contains(shown);
    }

    private static String withoutTags(String text) {
        return text.replaceAll("prvs=[0-9a-f]{10}", "prvs=TAG");
    }
}
