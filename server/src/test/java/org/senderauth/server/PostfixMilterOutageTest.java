package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.SmtpTestClient;

/** What docs/milter.md says of a service that is killed at each stage, seen by a real Postfix. */
@Timeout(180)
class PostfixMilterOutageTest {

    private static final String CLIENT = "192.0.2.10";
    private static final String MAIL = "MAIL FROM:<bob@example.net>";
    private static final String ALICE = "RCPT TO:<alice@example.org>";
    private static final String BOB = "RCPT TO:<bob@example.org>";
    private static final String LATER = "451 4.7.1 ";

    @TempDir
    Path folder;

    private MilterPostfix postfix;

    private void start(UnaryOperator<String> mainCf) throws Exception {
        postfix = MilterPostfix.start(folder, mainCf);
    }

    @AfterEach
    void stop() {
        if (postfix != null) {
            postfix.close();
        }
    }

    /** A session of which the connections of the milter are cut after some commands. */
    private SmtpTestClient cutAfter(String... commands) throws Exception {
        postfix.proxy().mend();
        SmtpTestClient talk = postfix.outside(CLIENT);
        for (String command : commands) {
            assertThat(talk.say(command)).matches("[23].*");
        }
        postfix.proxy().cut();
        return talk;
    }

    @Test
    void defersMailAtStageOfOutage() throws Exception {
        start(mainCf -> mainCf);
        postfix.proxy().cut();
        try (SmtpTestClient talk = postfix.outside(CLIENT)) {
            assertThat(talk.say(MAIL)).startsWith(LATER);
        }
        try (SmtpTestClient talk = cutAfter()) {
            assertThat(talk.say(MAIL)).startsWith(LATER);
        }
        try (SmtpTestClient talk = cutAfter(MAIL)) {
            assertThat(talk.say(ALICE)).startsWith(LATER);
        }
        try (SmtpTestClient talk = cutAfter(MAIL, ALICE)) {
            assertThat(talk.say(BOB)).startsWith(LATER);
            assertThat(talk.say("DATA")).startsWith(LATER);
        }
        try (SmtpTestClient talk = cutAfter(MAIL, ALICE, "DATA")) {
            assertThat(talk.say("Subject: cut\r\n\r\ntext\r\n.")).startsWith(LATER);
        }
        postfix.proxy().mend();
        try (SmtpTestClient talk = postfix.outside(CLIENT)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "mended"))
                    .startsWith("250");
        }
        assertThat(postfix.sink().next().has("Subject: mended")).isTrue();
    }

    @Test
    void mailPassesUncheckedWhereTheDefaultActionIsToAccept() throws Exception {
        start(mainCf -> mainCf.replace("default_action=tempfail", "default_action=accept"));
        postfix.proxy().cut();
        try (SmtpTestClient talk = postfix.outside("198.51.100.7")) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "absent"))
                    .startsWith("250");
        }
        MailSink.Mail absent = postfix.sink().next("absent");
        assertThat(absent.has("Received-SPF")).isFalse();
        try (SmtpTestClient talk = cutAfter(MAIL)) {
            assertThat(talk.say(ALICE)).startsWith("250");
            assertThat(talk.say("DATA")).startsWith("354");
            assertThat(talk.say("Subject: cut at rcpt\r\n\r\ntext\r\n.")).startsWith("250");
        }
        assertThat(postfix.sink().next("cut at rcpt").has("Received-SPF")).isFalse();
        try (SmtpTestClient talk = cutAfter(MAIL, ALICE, "DATA")) {
            assertThat(talk.say("Subject: cut at end\r\n\r\ntext\r\n.")).startsWith("250");
        }
        assertThat(postfix.sink().next("cut at end").has("Received-SPF")).isFalse();
    }

    @Test
    void passesOwnMailUnsignedByDefaultAction() throws Exception {
        start(mainCf -> mainCf.replace("default_action=tempfail", "default_action=accept"));
        postfix.proxy().cut();
        try (SmtpTestClient talk = postfix.inside()) {
            assertThat(talk.mail("alice@example.org", "bob@example.com", "unsigned"))
                    .startsWith("250");
        }
        assertThat(postfix.sink().next("unsigned").from()).isEqualTo("alice@example.org");
    }
}
