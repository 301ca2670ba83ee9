package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dkim2.ReturnedMessage;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix whose milter signs with DKIM2 and decides on bounces by tag, signature and content. */
class PostfixDkim2Test {

    private static final String REMOTE = "198.51.100.7";

    /** BATV and DKIM2 together. */
    private static final UnaryOperator<String> BOTH = settings("batv: {mode: enforce}", "batv");
    /** Tags are still verified; new mail gets none. */
    private static final UnaryOperator<String> WITHOUT_TAGGING = settings("batv: {mode: enforce}", "off");
    /** DKIM2 alone. */
    private static final UnaryOperator<String> WITHOUT_BATV = settings("batv: {mode: off}", "off");

    @TempDir
    Path folder;

    private KeyPair keys;
    private MilterPostfix postfix;

    private static UnaryOperator<String> settings(String batv, String sign) {
        return text ->
                text.replace("batv: {mode: enforce}", batv + "\n  dkim2: {mode: enforce}\n  content: {mode: enforce}")
                                .replace("milter:\n  daemon-names", "milter:\n  sign: " + sign + "\n  daemon-names")
                        + "dkim2:\n  own-keys: own.keys\n  signing-keys: {mail._domainkey.example.org: mail.pem}\n";
    }

    @BeforeEach
    void writeKeys() throws IOException {
        keys = Dkim2SigningKey.generate(Dkim2SigningKey.Type.RSA);
        SecretFiles.create(
                folder.resolve("mail.pem"),
                Dkim2SigningKey.pem(keys.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        Files.writeString(
                folder.resolve("own.keys"),
                "mail._domainkey.example.org " + Dkim2SigningKey.record(keys.getPublic()) + "\n");
    }

    @AfterEach
    void stop() {
        if (postfix != null) {
            postfix.close();
        }
    }

    private void start(UnaryOperator<String> settings) throws Exception {
        postfix = MilterPostfix.start(folder, mainCf -> mainCf, settings);
    }

    private String send(SmtpTestClient talk, String from, List<String> to, String message) throws IOException {
        assertThat(talk.say("MAIL FROM:<" + from + ">")).startsWith("250");
        for (String recipient : to) {
            String reply = talk.say("RCPT TO:<" + recipient + ">");
            if (!reply.startsWith("250")) {
                return reply;
            }
        }
        assertThat(talk.say("DATA")).startsWith("354");
        return talk.say(message.replaceAll("(?m)^\\.", "..") + "\r\n.");
    }

    private static String message(String subject, String to, String body) {
        return "From: Alice <alice@example.org>\r\nTo: " + to + "\r\nSubject: " + subject
                + "\r\nX-Folded: one\r\n two\r\nComments: a\r\n\tfolded   field \r\nMessage-ID: <m1@example.org>\r\n"
                + "Date: Sat, 28 Nov 2026 12:00:00 +0000\r\n\r\n" + body;
    }

    private MailSink.Mail outbound(String subject) throws IOException {
        try (SmtpTestClient talk = postfix.inside()) {
            assertThat(send(
                            talk,
                            "alice@example.org",
                            List.of("bob@example.com"),
                            message(subject, "bob@example.com", "Hello Bob\r\n.dots\r\n\r\n")))
                    .startsWith("250");
        }
        return postfix.sink().next(subject);
    }

    private static String text(MailSink.Mail mail) {
        return String.join("\r\n", mail.lines()).replaceAll("(?m)^\\.\\.", ".") + "\r\n";
    }

    private static String report(String subject, String returned) {
        return "From: MAILER-DAEMON@mx.example.com\r\nTo: alice@example.org\r\nSubject: " + subject
                + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n"
                + "\tboundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nno such user\r\n"
                + "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
                + "Final-Recipient: rfc822; bob@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n" + returned
                + "\r\n--b1--";
    }

    private static String returning(MailSink.Mail mail) {
        return "--b1\r\nContent-Type: message/rfc822\r\n\r\n" + text(mail);
    }

    private String bounce(String to, String report) throws IOException {
        try (SmtpTestClient talk = postfix.outside(REMOTE)) {
            return send(talk, "", List.of(to), report);
        }
    }

    private Dkim2BounceVerdict verdict(MailSink.Mail mail) {
        return Dkim2Bounces.builder()
                .ownKeys(OwnKeys.builder()
                        .key("mail", "example.org", keys.getPublic())
                        .build())
                .build()
                .verify(
                        ReturnedMessage.whole(text(mail).getBytes(StandardCharsets.ISO_8859_1)),
                        "<" + mail.from() + ">")
                .verdict();
    }

    @Test
    void signsOutboundMailAfterItsSenderIsTagged() throws Exception {
        start(BOTH);
        MailSink.Mail mail = outbound("signed");
        assertThat(mail.from()).startsWith("prvs=");
        assertThat(mail.lines().get(0)).startsWith("DKIM2-Signature: i=1; m=1; t=");
        assertThat(verdict(mail)).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);

        try (SmtpTestClient talk = postfix.inside()) {
            String line = "0123456789".repeat(7) + "\r\n";
            assertThat(send(
                            talk,
                            "alice@example.org",
                            List.of("bob@example.com"),
                            message("large", "bob@example.com", line.repeat(20_000))))
                    .startsWith("250");
        }
        MailSink.Mail large = postfix.sink().next("large");
        assertThat(large.lines()).hasSizeGreaterThan(20_000);
        assertThat(verdict(large)).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
    }

    @Test
    void neverShowsBccRecipients() throws Exception {
        start(BOTH);
        try (SmtpTestClient talk = postfix.inside()) {
            List<String> both = List.of("bob@example.com", "carol@example.net");
            assertThat(send(talk, "alice@example.org", both, message("hidden", "bob@example.com", "Hello")))
                    .startsWith("250");
            assertThat(send(
                            talk,
                            "alice@example.org",
                            both,
                            message("visible", "bob@example.com, Carol <Carol@example.net>", "Hello")))
                    .startsWith("250");
        }
        assertThat(postfix.sink().next("hidden").has("DKIM2-Signature:")).isFalse();
        assertThat(verdict(postfix.sink().next("visible"))).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
    }

    @Test
    void acceptsBouncesByTheirSignatureAlone() throws Exception {
        start(WITHOUT_BATV);
        MailSink.Mail mail = outbound("without tag");
        assertThat(mail.from()).isEqualTo("alice@example.org");
        assertThat(bounce(mail.from(), report("genuine", returning(mail)))).startsWith("250");
        MailSink.Mail genuine = postfix.sink().next("genuine");
        assertThat(genuine.has("Authentication-Results: mx.example.org; dkim2=pass policy.dsn=ours-unsigned-report"))
                .as(genuine.lines().toString())
                .isTrue();
        postfix.awaitLog("dkim2:ours-unsigned-report");

        String returned = text(mail);
        String header = returned.substring(0, returned.indexOf("\r\n\r\n") + 2);
        assertThat(bounce(mail.from(), report("header", "--b1\r\nContent-Type: text/rfc822-headers\r\n\r\n" + header)))
                .startsWith("250");
        String altered = returning(mail).replace("Hello Bob", "Buy this");
        assertThat(bounce(mail.from(), report("altered", altered))).startsWith("550 5.7.1 ");
        assertThat(bounce("bob@example.org", report("replayed", returning(mail))))
                .startsWith("550 5.7.1 ");
        assertThat(bounce(mail.from(), report("returns nothing", ""))).startsWith("550 5.7.1 ");
        assertThat(bounce(mail.from(), "Subject: away\r\nAuto-Submitted: auto-replied\r\n\r\nI am on holiday"))
                .startsWith("250");
    }

    @Test
    void bounceThatPostfixMakesIsProvenToo() throws Exception {
        start(WITHOUT_BATV);
        try (SmtpTestClient talk = postfix.inside()) {
            assertThat(send(
                            talk,
                            "alice@example.org",
                            List.of("nobody@example.com"),
                            message("to nobody", "nobody@example.com", "Hello")))
                    .startsWith("250");
        }
        // As another host's Postfix would send it: the same program made it.
        MailSink.Mail bounce = postfix.sink().next("Undelivered Mail Returned to Sender");
        assertThat(bounce("alice@example.org", text(bounce))).startsWith("250");
        postfix.awaitLog("dkim2:ours-unsigned-report");
        assertThat(bounce("alice@example.org", text(bounce).replace("Subject: to nobody", "Subject: other")))
                .startsWith("550 5.7.1 ");
    }

    @Test
    void movesFromBatvToDkim2AndBackWithMailInFlight() throws Exception {
        start(text -> text);
        MailSink.Mail taggedOnly = outbound("tagged only");
        assertThat(taggedOnly.from()).startsWith("prvs=");
        assertThat(taggedOnly.has("DKIM2-Signature:")).isFalse();

        assertThat(postfix.reload(BOTH)).isTrue();
        MailSink.Mail both = outbound("tag and signature");
        accepts(taggedOnly, "");
        accepts(both, "");
        accepts(both, returning(both));

        assertThat(postfix.reload(WITHOUT_TAGGING)).isTrue();
        MailSink.Mail signedOnly = outbound("signature only");
        assertThat(signedOnly.from()).isEqualTo("alice@example.org");
        accepts(taggedOnly, "");
        accepts(both, "");
        accepts(both, returning(both));
        accepts(signedOnly, returning(signedOnly));
        assertThat(bounce("alice@example.org", report("forged", ""))).startsWith("550 5.7.1 ");

        // The tags have expired by then, or their mail is signed too.
        assertThat(postfix.reload(WITHOUT_BATV)).isTrue();
        accepts(both, returning(both));
        accepts(signedOnly, returning(signedOnly));

        assertThat(postfix.reload(BOTH)).isTrue();
        MailSink.Mail again = outbound("tag again");
        assertThat(again.from()).startsWith("prvs=");
        accepts(signedOnly, returning(signedOnly));
        accepts(again, "");

        // Without DKIM2 the tags alone decide, as in the beginning.
        assertThat(postfix.reload(text -> text)).isTrue();
        accepts(again, "");
        accepts(both, returning(both));
    }

    @Test
    void changesKeysWithMailInFlight() throws Exception {
        start(WITHOUT_BATV);
        MailSink.Mail first = outbound("first key");
        assertThat(selectors(first)).containsExactly("mail");

        // The new key is known before it signs; the old one stays known after it.
        Dkim2SigningKey.Type[] types = {Dkim2SigningKey.Type.ED25519, Dkim2SigningKey.Type.RSA};
        for (int i = 0; i < types.length; i++) {
            KeyPair pair = Dkim2SigningKey.generate(types[i]);
            SecretFiles.create(
                    folder.resolve("mail" + i + ".pem"),
                    Dkim2SigningKey.pem(pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
            Files.writeString(
                    folder.resolve("own.keys"),
                    "mail" + i + "._domainkey.example.org " + Dkim2SigningKey.record(pair.getPublic()) + "\n",
                    StandardOpenOption.APPEND);
        }
        assertThat(postfix.reload(WITHOUT_BATV)).isTrue();
        assertThat(selectors(outbound("still the first key"))).containsExactly("mail");
        assertThat(postfix.reload(signingWith("mail0"))).isTrue();
        MailSink.Mail second = outbound("second key");
        assertThat(selectors(second)).containsExactly("mail0");
        accepts(first, returning(first));
        accepts(second, returning(second));

        assertThat(postfix.reload(signingWith("mail0", "mail1"))).isTrue();
        MailSink.Mail both = outbound("two keys");
        assertThat(selectors(both)).containsExactlyInAnyOrder("mail0", "mail1");
        for (MailSink.Mail mail : List.of(first, second, both)) {
            accepts(mail, returning(mail));
        }

        // A key that signs and is not known would make our own bounces look forged, so such a change is refused.
        List<String> known = Files.readAllLines(folder.resolve("own.keys"));
        Files.write(folder.resolve("own.keys"), known.subList(0, 2));
        assertThat(postfix.reload(signingWith("mail0", "mail1"))).isFalse();
        accepts(both, returning(both));

        // The first key is removed.
        Files.write(folder.resolve("own.keys"), known.subList(1, 3));
        assertThat(postfix.reload(signingWith("mail1"))).isTrue();
        accepts(both, returning(both));
        assertThat(bounce(first.from(), report("too old", returning(first)))).startsWith("550 5.7.1 ");
    }

    private static UnaryOperator<String> signingWith(String... files) {
        String keys = Arrays.stream(files)
                .map(file -> file + "._domainkey.example.org: " + file + ".pem")
                .collect(Collectors.joining(", "));
        return text -> WITHOUT_BATV.apply(text).replace("mail._domainkey.example.org: mail.pem", keys);
    }

    private static List<String> selectors(MailSink.Mail mail) {
        String header = text(mail).split("\r\n\r\n")[0];
        return Pattern.compile("(\\w+):(?:rsa|ed25519)-sha256:")
                .matcher(header)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private int bounces;

    private void accepts(MailSink.Mail mail, String returned) throws IOException {
        String subject = "bounce " + ++bounces + " to " + mail.from();
        assertThat(bounce(mail.from(), report(subject, returned))).startsWith("250");
        // The tag is stripped before delivery.
        assertThat(postfix.sink().next(subject).to()).containsExactly("alice@example.org");
    }
}
