package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;
import static org.senderauth.server.DocumentedPostfix.tagged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/**
 * What docs/postfix.md promises, with its blocks pasted into Debian's stock Postfix: with the service in report mode,
 * enforcing, stopped, stalled and back.
 */
@Timeout(400)
class PostfixGuideTest {

    private static final String FORGED = "prvs=0123abcdef=alice@example.org";
    /** A number of which the service has no key, as after a change of keys. */
    private static final String OLD_KEY = "prvs=7787abcdef=alice@example.org";

    private static final List<String> OTHER_PRODUCTS = List.of(
            "prvs=787abcdef=alice@example.org",
            "prvs=alice=787abcdef@example.org",
            "prvs=alice/787abcdef0@example.org",
            "btv1==787abcdef01==alice@example.org",
            "msprvs1=20570G1NGbo_G=alice@example.org");
    private static final String SUBADDRESS = "alice+prvs=0787abcdef@example.org";
    private static final List<String> NOBODY = List.of(
            "nosuch@example.org",
            "prvs=0000000000=nosuch@example.org",
            "PRVS=0000000000=NoSuch@Example.ORG",
            "btv1==787abcdef01==nosuch@example.org",
            "nosuch+prvs=0787abcdef@example.org");

    @TempDir
    static Path folder;

    private static DocumentedPostfix postfix;
    private static MailSink sink;
    private static final ExecutorService CLIENTS = Executors.newCachedThreadPool();

    private ServiceUnderTest service;

    @BeforeAll
    static void startPostfix() throws IOException {
        postfix = DocumentedPostfix.start(folder);
        sink = postfix.sink();
    }

    @AfterAll
    static void stopPostfix() {
        CLIENTS.shutdownNow();
        if (postfix != null) {
            postfix.close();
        }
    }

    @AfterEach
    void stopService() {
        if (service != null) {
            service.close();
        }
    }

    private void startService() {
        service = ServiceUnderTest.start(folder, postfix);
    }

    /** Offers a mail to each recipient, all at the same time, since each new tag takes Postfix three seconds. */
    private static Map<String, String> replies(String from, List<String> recipients, String subject) throws Exception {
        Map<String, Future<String>> running = new LinkedHashMap<>();
        for (String recipient : recipients) {
            running.put(recipient, CLIENTS.submit(() -> postfix.fromOutside(STRANGER, from, recipient, subject)));
        }
        Map<String, String> replies = new LinkedHashMap<>();
        for (var entry : running.entrySet()) {
            replies.put(entry.getKey(), entry.getValue().get());
        }
        return replies;
    }

    private static void assertAllStart(String start, Map<String, String> replies) {
        assertThat(replies)
                .allSatisfy(
                        (recipient, reply) -> assertThat(reply).as(recipient).startsWith(start));
    }

    /** The next mails with this subject went to alice's mailbox, under her address without any tag. */
    private static void assertAliceGets(int mails, String subject) {
        for (int mail = 0; mail < mails; mail++) {
            assertThat(sink.next(subject).to().get(0).toLowerCase(Locale.ROOT)).isEqualTo("alice@example.org");
        }
    }

    private static List<String> badTags() {
        List<String> bad = new ArrayList<>(OTHER_PRODUCTS);
        bad.addAll(List.of(FORGED, OLD_KEY, SUBADDRESS, tagged("alice@example.org", Duration.ofDays(20))));
        return bad;
    }

    @Test
    void reportModeRejectsNoBounceAndSaysWhatItFound() throws Exception {
        postfix.report();
        startService();
        List<String> recipients = badTags();
        recipients.add("alice@example.org");
        assertAllStart("250", replies("", recipients, "reported"));
        assertAliceGets(recipients.size(), "reported");
        service.awaitLog("batv:unsigned");
        assertThat(service.log())
                .contains("batv:bad", "batv:expired", "batv:foreign")
                .doesNotContain("action=reject");
        assertAllStart("550 5.1.1", replies("", NOBODY, "to nobody"));
    }

    @Test
    void deliversGenuineBouncesUntaggedInAnyCase() throws Exception {
        postfix.enforce();
        startService();
        assertThat(postfix.fromOurUser("Alice@Example.ORG", "bob@example.com", "from a sender with capitals"))
                .startsWith("250");
        String tagged = sink.next("from a sender with capitals").from();
        assertThat(tagged).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");
        List<String> recipients = List.of(
                tagged,
                tagged.toUpperCase(Locale.ROOT),
                // made before senders were tagged in lower case
                tagged("Alice@example.org", Duration.ofDays(1)));
        assertAllStart("250", replies("", recipients, "genuine"));
        assertAliceGets(recipients.size(), "genuine");
    }

    @Test
    void rejectsOnlyBouncesToInvalidTagsWhenEnforcing() throws Exception {
        postfix.enforce();
        startService();
        List<String> recipients = badTags();
        recipients.add("alice@example.org");
        assertAllStart("550 5.7.1", replies("", recipients, "forged"));
        assertAllStart("250", replies("bob@example.com", recipients, "ordinary"));
        assertAliceGets(recipients.size(), "ordinary");
    }

    @Test
    void unknownUsersAreRejectedWithAnyTag() throws Exception {
        postfix.enforce();
        startService();
        for (String sender : List.of("", "bob@example.com")) {
            assertAllStart("550 5.1.1", replies(sender, NOBODY, "to nobody"));
        }
        // They cost no decision: the first thing that is looked at is the mailbox.
        assertThat(service.log()).doesNotContainIgnoringCase("nosuch");
    }

    @Test
    void bouncesPassByNoOtherSpellingOfMailbox() throws Exception {
        postfix.enforce();
        startService();
        List<String> recipients = List.of(
                "alice",
                "prvs=0123abcdef=alice",
                "alice@localhost",
                "alice%example.org",
                "alice%example.org@mx.example.org",
                "example.org!alice",
                "@mx.example.org:alice@example.org",
                "\"al\\ice\"@example.org",
                "alice@example.org.");
        assertThat(replies("", recipients, "spelled"))
                .allSatisfy(
                        (recipient, reply) -> assertThat(reply).as(recipient).matches("[45].*"));
    }

    @Test
    void bouncesToPostmasterAreAccepted() throws Exception {
        postfix.enforce();
        startService();
        List<String> recipients =
                List.of("postmaster@example.org", "Postmaster", "prvs=0123abcdef=postmaster@example.org");
        assertAllStart("250", replies("", recipients, "to postmaster"));
        for (int mail = 0; mail < recipients.size(); mail++) {
            sink.next("to postmaster");
        }
    }

    @Test
    void decidesOnEachRecipientOfBounce() throws Exception {
        postfix.enforce();
        startService();
        String alice = tagged("alice@example.org", Duration.ZERO);
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            talk.say("MAIL FROM:<>");
            assertThat(talk.say("RCPT TO:<" + alice + ">")).startsWith("250");
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("550 5.7.1");
            talk.say("DATA");
            assertThat(talk.say("Subject: two recipients\r\n\r\ntext\r\n.")).startsWith("250");
        }
        assertAliceGets(1, "two recipients");
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            talk.say("MAIL FROM:<carol@example.com>");
            assertThat(talk.say("RCPT TO:<" + alice + ">")).startsWith("250");
            assertThat(talk.say("RCPT TO:<prvs=0123abcdef=bob@example.org>")).startsWith("250");
            talk.say("DATA");
            assertThat(talk.say("Subject: two tags\r\n\r\ntext\r\n.")).startsWith("250");
        }
        assertThat(List.of(
                        sink.next("two tags").to().get(0),
                        sink.next("two tags").to().get(0)))
                .containsExactlyInAnyOrder("alice@example.org", "bob@example.org");
    }

    @Test
    void stoppedServiceLosesAndRejectsNothing() throws Exception {
        postfix.enforce();
        String tagged = tagged("alice@example.org", Duration.ZERO);
        List<String> tags = List.of(tagged, FORGED, OLD_KEY, NOBODY.get(1), NOBODY.get(3), NOBODY.get(4));
        assertAllStart("451 4.3.0", replies("", tags, "bounce while stopped"));
        assertAllStart("451 4.3.0", replies("bob@example.com", tags, "mail to a tag while stopped"));
        for (String sender : List.of("", "bob@example.com")) {
            assertThat(postfix.fromOutside(STRANGER, sender, "nosuch@example.org", "to nobody"))
                    .startsWith("550 5.1.1");
            assertThat(postfix.fromOutside(STRANGER, sender, "alice@example.org", "unchecked"))
                    .startsWith("250");
            assertAliceGets(1, "unchecked");
        }
        assertThat(postfix.fromOurUser("bob@example.com", "not tagged yet")).startsWith("451 4.3.0");
        assertThat(postfix.fromOurUser("carol@example.net", "bob@example.com", "of another domain"))
                .startsWith("250");
        assertThat(sink.next("of another domain").from()).isEqualTo("carol@example.net");
        postfix.fromProgram("alice@example.org", "bob@example.com", "of a program");
        // This host's own bounce, to a tagged sender.
        assertThat(postfix.fromNetwork(tagged, "nobody@example.com", "to be bounced"))
                .startsWith("250");

        startService();
        postfix.flush();
        Map<String, MailSink.Mail> later = new HashMap<>();
        while (later.size() < 2) {
            MailSink.Mail mail = sink.next();
            String subject = mail.has("Subject: of a program") ? "program" : "bounce";
            later.put(subject, mail);
        }
        assertThat(later.get("program").from()).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");
        assertThat(later.get("bounce").has("Subject: Undelivered Mail Returned to Sender"))
                .isTrue();
        assertThat(later.get("bounce").to()).containsExactly("alice@example.org");
        assertAllStart("250", replies("", List.of(tagged), "bounce again"));
        assertAliceGets(1, "bounce again");
        assertThat(postfix.fromOurUser("bob@example.com", "tagged now")).startsWith("250");
        assertThat(sink.next("tagged now").from()).startsWith("prvs=");
    }

    @Test
    void stalledServiceDelaysMailOnly() throws Exception {
        postfix.enforce();
        startService();
        String tagged = tagged("alice@example.org", Duration.ZERO);
        service.signal("STOP");
        Future<String> toTag = CLIENTS.submit(() -> offer("", tagged, "bounce while stalled"));
        Future<String> outbound = CLIENTS.submit(() -> {
            try {
                return postfix.fromOurUser("bob@example.com", "outbound while stalled");
            } catch (IOException gaveUp) {
                return "";
            }
        });
        assertThat(postfix.fromOutside(STRANGER, "", "nosuch@example.org", "to nobody"))
                .startsWith("550 5.1.1");
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            talk.say("MAIL FROM:<bob@example.com>");
            assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
            service.signal("CONT");
            talk.say("DATA");
            assertThat(talk.say("Subject: passed over\r\n\r\ntext\r\n.")).startsWith("250");
        }
        assertAliceGets(1, "passed over");
        assertThat(toTag.get()).doesNotStartWith("5");
        assertThat(outbound.get()).doesNotStartWith("5");
        Await.until(
                "the bounce is accepted",
                () -> offer("", tagged, "after the stall").startsWith("250"));
        assertAliceGets(1, "after the stall");
    }

    /** The reply to a mail; empty if the client gave up, as one does that waits in vain. */
    private static String offer(String from, String to, String subject) {
        try {
            return postfix.fromOutside(STRANGER, from, to, subject);
        } catch (java.net.SocketTimeoutException gaveUp) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
