package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.MilterService.tagged;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix with the configuration of docs/milter.md. */
@Timeout(180)
class PostfixMilterTest extends MilterPeerContract {

    private static final String STRANGER = "198.51.100.7";

    @TempDir
    static Path folder;

    private static MilterPostfix postfix;

    @BeforeAll
    static void startAll() throws Exception {
        postfix = MilterPostfix.start(folder, mainCf -> mainCf);
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
    }

    @Override
    Clients clients() {
        return new Clients(STRANGER, "192.0.2.10", "198.51.100.2");
    }

    @Override
    MilterService service() {
        return postfix.service();
    }

    @Override
    SmtpTestClient outside(String client) throws IOException {
        return postfix.outside(client);
    }

    @Override
    SmtpTestClient inside() throws IOException {
        return postfix.inside();
    }

    @Override
    String mailbox(String user) {
        return user + "@example.org";
    }

    @Override
    String rejectedRecipient() {
        return "unknown@example.org";
    }

    @Test
    void mailFromOutsideInOurNameIsNotSigned() throws Exception {
        assertThat(outside(STRANGER, "alice@example.org", "bob@example.org", "forged sender"))
                .startsWith("250");
        assertThat(sink().next("forged sender").from()).isEqualTo("alice@example.org");
    }

    @Test
    void bounceOfThisHostIsDeliveredWithoutTheTag() throws Exception {
        assertThat(inside("nobody@example.com", "to nobody")).startsWith("250");
        MailSink.Mail bounce = sink().next("Undelivered Mail Returned to Sender");
        assertThat(bounce.from()).isEmpty();
        assertThat(bounce.to()).containsExactly("alice@example.org");
    }

    @Test
    void forgedAndExpiredTagsAreRejectedAtRcpt() throws Exception {
        try (SmtpTestClient talk = outside(STRANGER)) {
            assertThat(talk.say("MAIL FROM:<>")).startsWith("250");
            assertThat(talk.say("RCPT TO:<" + tagged("alice@example.org", Duration.ofDays(20)) + ">"))
                    .startsWith("550 5.7.1 " + REJECTED);
            // Where the map does not strip a forged tag, Postfix does not know the recipient.
            assertThat(talk.say("RCPT TO:<prvs=0123abcdef=alice@example.org>")).matches("550 5\\.[17]\\.1 .*");
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("250");
        }
    }

    @Test
    void calloutIsMadeForExistingRecipientsOnly() throws Exception {
        assertThat(outside(STRANGER, "carol@callout.example", "unknown@example.org", "rejected"))
                .startsWith("550 5.1.1 ");
        assertThat(postfix.log()).doesNotContain("carol@callout.example");
        assertThat(outside(STRANGER, "nobody@callout.example", "alice@example.org", "callout"))
                .matches("(450|550) .*");
        service().awaitLog("from=\"<nobody@callout.example>\"");
    }
}
