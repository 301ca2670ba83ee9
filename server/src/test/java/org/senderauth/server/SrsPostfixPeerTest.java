package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.PeerProcess;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix with the second pass of docs/srs.md, an alias that forwards, and what PostSRSd signed before. */
@Timeout(180)
class SrsPostfixPeerTest {

    private static final String OLD_SECRET = "the secret of PostSRSd, of the test";
    private static final String GUESSER = "203.0.113.9";

    @TempDir
    static Path folder;

    private static final StringWriter LOG = new StringWriter();
    private static DocumentedPostfix postfix;
    private static MailSink sink;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        DocumentedConfig guide = DocumentedConfig.of("srs.md");
        int again = PeerProcess.freePort();
        String mainCf = guide.block("# main.cf: mail to other hosts").replace("127.0.0.1]:10026", "127.0.0.1]:" + again)
                + guide.block("# main.cf: guesses are counted");
        String aliases = "mydestination = example.org, srs.example.org\n"
                + "virtual_alias_maps = inline:{ { forward@example.org = carol@example.net },"
                + " { both@example.org = alice@example.org, carol@example.net } }\n";
        postfix = DocumentedPostfix.start(
                folder,
                text -> text.replaceAll("(?m)^recipient_canonical.*\n(?:[ \t].*\n)*", "") + mainCf + aliases,
                text -> text.replaceAll("(?m)^ *-o sender_canonical_(maps|classes)=.*\n", "")
                        + guide.block("# master.cf: senders of forwarded mail")
                                .replace("127.0.0.1:10026", "127.0.0.1:" + again)
                                .replace("content_filter=smtp:", "content_filter=smtp:[127.0.0.1]:@SINK@"));
        sink = postfix.sink();
        SecretFiles.create(
                folder.resolve("srs.secret"), "our own secret of the test".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("postsrsd.secret"), OLD_SECRET.getBytes(StandardCharsets.US_ASCII));
        String until = LocalDate.now(ZoneOffset.UTC).plusDays(22).toString();
        Files.writeString(
                postfix.config(),
                Files.readString(postfix.config()).replace("steps:\n", "steps:\n  srs: {mode: enforce}\n")
                        + """
                        srs:
                          key-file: srs.secret
                          domain: srs.example.org
                          predecessor: {mode: postsrsd1, key-file: postsrsd.secret, until: %s}
                        """.formatted(until));
        service = Service.start(postfix.config(), new PrintWriter(LOG, true), InstantSource.system());
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    void rewritesMailOfAliasAndReturnsItsBounce() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "bob@example.com", "forward@example.org", "forwarded"))
                .startsWith("250");
        MailSink.Mail forwarded = sink.next("forwarded");
        assertThat(forwarded.to()).containsExactly("carol@example.net");
        assertThat(forwarded.from()).matches("SRS0=[a-z2-7]{8}=[A-Z2-7]{2}=example\\.com=bob@srs\\.example\\.org");

        assertThat(postfix.fromOutside(STRANGER, "", forwarded.from(), "its bounce"))
                .startsWith("250");
        MailSink.Mail bounce = sink.next("its bounce");
        assertThat(bounce.to()).containsExactly("bob@example.com");
        assertThat(bounce.from()).isEmpty();
    }

    @Test
    void localDeliveriesKeepTheirSender() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "bob@example.com", "alice@example.org", "local"))
                .startsWith("250");
        assertThat(sink.next("local").from()).isEqualTo("bob@example.com");
    }

    @Test
    void rewritesOnlyTheForwardedCopy() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "bob@example.com", "both@example.org", "to both"))
                .startsWith("250");
        List<MailSink.Mail> mails = List.of(sink.next("to both"), sink.next("to both"));
        for (MailSink.Mail mail : mails) {
            assertThat(mail.from().startsWith("SRS0=")).isEqualTo(mail.to().contains("carol@example.net"));
        }
        assertThat(mails)
                .extracting(mail -> mail.to().get(0))
                .containsExactlyInAnyOrder("alice@example.org", "carol@example.net");
    }

    @Test
    void chainOfThreeReturnsToItsFirstForwarder() throws Exception {
        String first = "SRS0=AbCd=EK=example.com=bob@fwd.example.com";
        assertThat(postfix.fromOutside(STRANGER, first, "forward@example.org", "second hop"))
                .startsWith("250");
        String second = sink.next("second hop").from();
        assertThat(second)
                .matches("SRS1=[a-z2-7]{8}=fwd\\.example\\.com==AbCd=EK=example\\.com=bob@srs\\.example\\.org");
        assertThat(postfix.fromOutside(STRANGER, "", second, "back")).startsWith("250");
        assertThat(sink.next("back").to()).containsExactly(first);

        String third = second.replace("@srs.example.org", "@third.example.com").replaceFirst("=[a-z2-7]{8}=", "=AbCd=");
        assertThat(postfix.fromOutside(STRANGER, third, "forward@example.org", "third hop"))
                .startsWith("250");
        assertThat(sink.next("third hop").from()).isEqualTo(second);
    }

    @Test
    void ownMailIsNotRewritten() throws Exception {
        assertThat(postfix.fromOurUser("carol@example.net", "own mail")).startsWith("250");
        assertThat(sink.next("own mail").from()).isEqualTo("alice@example.org");
    }

    @Test
    void rejectsForgedAddress() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "", "SRS0=aaaaaaaa=EL=example.com=bob@srs.example.org", "forged"))
                .startsWith("550 5.1.1 ");
    }

    @Test
    void guesserLearnsNothingAboveLimit() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "bob@example.com", "forward@example.org", "to be guessed"))
                .startsWith("250");
        String valid = sink.next("to be guessed").from();
        new SrsGuesser(
                        () -> postfix.outside(GUESSER),
                        "550 5\\.1\\.1 .*Invalid or expired SRS address.*",
                        "450 4\\.7\\.1 .*")
                .learnsNothingAboveLimit(valid);
        String forged = SrsGuesser.forged(valid);
        try (SmtpTestClient talk = postfix.outside(GUESSER)) {
            assertThat(talk.say("VRFY " + valid)).isEqualTo(talk.say("VRFY " + forged));
        }
        assertThat(postfix.fromOutside(STRANGER, "", valid, "genuine")).startsWith("250");
        assertThat(sink.next("genuine").to()).containsExactly("bob@example.com");
    }

    @Test
    void mailThatPostsrsdSignedIsStillReversed() throws Exception {
        String signed = Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(
                                SecretKeys.of(OLD_SECRET.getBytes(StandardCharsets.US_ASCII)),
                                SrsFormat.of(SrsMode.POSTSRSD1))
                        .build())
                .domain("srs.example.org")
                .build()
                .forward(MailAddress.of("bob@example.com"))
                .address()
                .toString();
        assertThat(signed).matches("SRS0=....=..=example\\.com=bob@srs\\.example\\.org");
        assertThat(postfix.fromOutside(STRANGER, "", signed, "old bounce")).startsWith("250");
        assertThat(sink.next("old bounce").to()).containsExactly("bob@example.com");
    }
}
