package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageKind;
import org.senderauth.dkim2.Dkim2BounceResult;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** Unmodified mail servers bounce mail that we signed, and our signature proves the bounce without any tag. */
class Dkim2BouncePeerTest {

    private static final String SENDER = "<alice@example.org>";
    private static final String RECIPIENT = "<nobody@example.net>";
    private static final KeyPair PAIR = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    private static final Dkim2Signer SIGNER = Dkim2Signer.builder()
            .key(Dkim2SigningKey.of("mail", "example.org", PAIR.getPrivate()))
            .build();
    private static final KeyPair OTHER_PAIR = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    private static final OwnKeys KEYS = ownKeys(PAIR, "example.org");

    private static final String PLAIN = mail("Subject: plain\r\n", "Hello Bob\r\n.dots..\r\n\r\n\r\n");
    private static final String EIGHT_BIT = mail(
            "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n",
            "Gr\u00c3\u00bc\u00c3\u009fe aus K\u00c3\u00b6ln  \r\n");
    private static final String LARGE =
            mail("Subject: 170 kB\r\n", ("0123456789".repeat(7) + "\r\n").repeat(170_000 / 72));

    @TempDir
    Path folder;

    private ByteSink sink;

    private static String mail(String fields, String body) {
        return "From: Alice <alice@example.org>\r\nTo: nobody@example.net\r\n" + fields
                + "Date: Sat, 28 Nov 2026 12:00:00 +0000\r\nMessage-ID: <m1@example.org>\r\nMIME-Version: 1.0\r\n\r\n"
                + body;
    }

    @BeforeEach
    void startSink() throws IOException {
        sink = new ByteSink();
    }

    @AfterEach
    void stopSink() throws IOException {
        sink.close();
    }

    private static void send(String client, int port, byte[] message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(client), 0)) {
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            reply(in);
            String text = new String(message, StandardCharsets.ISO_8859_1).replaceAll("(?m)^\\.", "..");
            for (String command : new String[] {
                "EHLO client.example.org",
                "MAIL FROM:" + SENDER + " BODY=8BITMIME",
                "RCPT TO:" + RECIPIENT,
                "DATA",
                text + "."
            }) {
                out.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                String reply = reply(in);
                assertThat(reply).as(command).matches("[23].*");
            }
        }
    }

    private static String reply(InputStream in) throws IOException {
        String line = "";
        do {
            StringBuilder text = new StringBuilder();
            for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
                text.append((char) octet);
            }
            line = text.toString().strip();
        } while (line.length() > 3 && line.charAt(3) == '-');
        return line;
    }

    private ByteSink.Mail bounceOf(String message, String client, int port) throws Exception {
        byte[] raw = message.getBytes(StandardCharsets.ISO_8859_1);
        byte[] signed = SIGNER.trySign(raw, SENDER, List.of(RECIPIENT)).prependTo(raw);
        send(client, port, signed);
        ByteSink.Mail bounce = sink.next();
        assertThat(bounce.from()).isEqualTo("<>");
        // Sendmail has an alias for the mailbox; what the check compares is the recipient that the bounce was sent to.
        assertThat(bounce.to()).isIn(SENDER, "<alice@inner.example>");
        return bounce;
    }

    private static Dkim2BounceResult check(byte[] message, String rcptTo, InstantSource clock) {
        return checkWith(KEYS, message, rcptTo, clock);
    }

    private static Dkim2BounceResult checkWith(OwnKeys keys, byte[] message, String rcptTo, InstantSource clock) {
        return Dkim2Bounces.builder().ownKeys(keys).clock(clock).build().verify(message, "<>", List.of(rcptTo));
    }

    private static OwnKeys ownKeys(KeyPair pair, String domain) {
        return OwnKeys.builder().key("mail", domain, pair.getPublic()).build();
    }

    private static void assertAcceptedAndNothingElse(ByteSink.Mail bounce, String subject) {
        InstantSource now = InstantSource.system();
        assertThat(MessageContent.of(bounce.message()).kind()).isEqualTo(MessageKind.DSN);
        Dkim2BounceResult result = check(bounce.message(), SENDER, now);
        assertThat(result.verdict()).as(result.toString()).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
        assertThat(result.recipients()).containsExactly(RECIPIENT);
        assertThat(check(bounce.message(), "<eve@example.org>", now).verdict())
                .as("replayed to another recipient")
                .isEqualTo(Dkim2BounceVerdict.WRONG_RECIPIENT);
        assertThat(check(bounce.message(), SENDER, InstantSource.offset(now, Duration.ofDays(15)))
                        .verdict())
                .as("expired")
                .isEqualTo(Dkim2BounceVerdict.EXPIRED);
        String text = new String(bounce.message(), StandardCharsets.ISO_8859_1);
        int returned = text.lastIndexOf("Subject: " + subject);
        assertThat(returned).isPositive();
        String other = text.substring(0, returned) + "Subject: other" + text.substring(returned + 9 + subject.length());
        assertThat(check(other.getBytes(StandardCharsets.ISO_8859_1), SENDER, now)
                        .verdict())
                .as("another message under our fields")
                .isEqualTo(Dkim2BounceVerdict.ALTERED);
        int instance = text.lastIndexOf("Message-Instance:");
        String forged = text.substring(0, instance) + "Message-Instance: m=1; h=sha256:YWJj:YWJj;\r\nX-Old: "
                + text.substring(instance + "Message-Instance:".length());
        assertThat(check(forged.getBytes(StandardCharsets.ISO_8859_1), SENDER, now)
                        .verdict())
                .as("altered field of ours")
                .isEqualTo(Dkim2BounceVerdict.FORGED);
        assertThat(checkWith(ownKeys(OTHER_PAIR, "example.org"), bounce.message(), SENDER, now)
                        .verdict())
                .as("message of another who claims our domain")
                .isEqualTo(Dkim2BounceVerdict.FORGED);
        assertThat(checkWith(ownKeys(PAIR, "example.com"), bounce.message(), "<alice@example.com>", now)
                        .verdict())
                .as("message of another domain")
                .isEqualTo(Dkim2BounceVerdict.NOT_OURS);
    }

    private EximHost exim(String more) throws IOException {
        return EximHost.start(
                folder,
                Map.of(
                        "MAIN", "acl_smtp_mail = acl_check_mail\nacl_smtp_rcpt = acl_check_rcpt\n" + more,
                        "ACL_MAIL", "  accept",
                        "ACL_RCPT", "",
                        "ROUTER", "",
                        "TRANSPORT", "",
                        "SINK", Integer.toString(sink.port())));
    }

    @Test
    void bouncesOfEximAreOurs() throws Exception {
        EximHost.need();
        try (EximHost exim = exim("")) {
            assertAcceptedAndNothingElse(bounceOf(PLAIN, "127.0.0.5", exim.port()), "plain");
            assertAcceptedAndNothingElse(bounceOf(EIGHT_BIT, "127.0.0.5", exim.port()), "=?utf-8?q?Gr=C3=BC=C3=9Fe?=");
            assertAcceptedAndNothingElse(bounceOf(LARGE, "127.0.0.5", exim.port()), "170 kB");
        }
    }

    @Test
    void headersReturnedByEximAreOurs() throws Exception {
        EximHost.need();
        try (EximHost exim = exim("bounce_return_body = false\n")) {
            ByteSink.Mail bounce = bounceOf(PLAIN, "127.0.0.5", exim.port());
            assertThat(new String(bounce.message(), StandardCharsets.ISO_8859_1))
                    .contains("text/rfc822-headers")
                    .doesNotContain("Hello Bob");
            assertAcceptedAndNothingElse(bounce, "plain");
        }
    }

    @Test
    void bouncesOfPostfixAreOurs() throws Exception {
        int port = PeerProcess.freePort();
        try (PeerProcess postfix = postfix(port, "")) {
            assertThat(postfix.process().isAlive()).isTrue();
            assertAcceptedAndNothingElse(bounceOf(PLAIN, "127.0.0.1", port), "plain");
            assertAcceptedAndNothingElse(bounceOf(EIGHT_BIT, "127.0.0.1", port), "=?utf-8?q?Gr=C3=BC=C3=9Fe?=");
            assertAcceptedAndNothingElse(bounceOf(LARGE, "127.0.0.1", port), "170 kB");
        }
    }

    @Test
    void headersReturnedByPostfixAreOurs() throws Exception {
        int port = PeerProcess.freePort();
        try (PeerProcess postfix = postfix(port, "bounce_size_limit = 1000\n")) {
            assertThat(postfix.process().isAlive()).isTrue();
            String message = PLAIN + "Hello again\r\n".repeat(200);
            ByteSink.Mail bounce = bounceOf(message, "127.0.0.1", port);
            assertThat(new String(bounce.message(), StandardCharsets.ISO_8859_1))
                    .contains("text/rfc822-headers");
            assertAcceptedAndNothingElse(bounce, "plain");
        }
    }

    @Test
    void bouncesOfSendmailAreOurs() throws Exception {
        SendmailHost.need();
        try (SendmailHost sendmail = SendmailHost.start(folder, "", sink.port())) {
            assertAcceptedAndNothingElse(bounceOf(PLAIN, SendmailHost.OUR_USER, sendmail.port()), "plain");
            assertAcceptedAndNothingElse(
                    bounceOf(EIGHT_BIT, SendmailHost.OUR_USER, sendmail.port()), "=?utf-8?q?Gr=C3=BC=C3=9Fe?=");
            assertAcceptedAndNothingElse(bounceOf(LARGE, SendmailHost.OUR_USER, sendmail.port()), "170 kB");
        }
    }

    /** A Postfix with Debian's stock configuration, that delivers to the sink. */
    private PeerProcess postfix(int port, String mainCf) throws IOException {
        Path root = Path.of(System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers"), "postfix");
        PeerProcess.program(root + "/usr/sbin/postfix");
        PeerProcess.program("python3");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("a Postfix of its own needs root");
        }
        Path home = folder.resolve("postfix");
        Path added = Files.createDirectories(home.resolve("guide"));
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(added.resolve("main.cf"), mainCf);
        Files.writeString(added.resolve("master.cf"), "");
        Files.writeString(added.resolve("commands"), "");
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        Path start = folder.resolve("debian.sh");
        try (InputStream in = Dkim2BouncePeerTest.class.getResourceAsStream("/postfix/debian.sh")) {
            Files.write(start, in.readAllBytes());
        }
        int submission = PeerProcess.freePort();
        return PeerProcess.start(
                        folder,
                        folder.resolve("postfix.out"),
                        List.of(
                                "/bin/bash",
                                start.toString(),
                                root.toString(),
                                home.toString(),
                                Integer.toString(port),
                                Integer.toString(submission),
                                Integer.toString(sink.port())))
                .awaitTcp(port, Await.LIMIT)
                .awaitTcp(submission, Await.LIMIT);
    }
}
