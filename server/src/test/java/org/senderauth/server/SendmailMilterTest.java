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
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/** A real Sendmail with the lines of docs/milter.md. Its clients are addresses of loopback, since it has no XCLIENT. */
@Timeout(180)
class SendmailMilterTest extends MilterPeerContract {

    private static final String STRANGER = "127.0.0.7";
    private static final String PERMITTED = "127.0.0.10";

    @TempDir
    static Path folder;

    private static final int SMTP = PeerProcess.freePort();
    private static final int SUBMISSION = PeerProcess.freePort();
    private static MilterService service;
    private static PeerProcess sendmail;

    @BeforeAll
    static void startAll() throws Exception {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        Path root = Path.of(peers, "sendmail");
        PeerProcess.program(root + "/usr/libexec/sendmail/sendmail");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("a Sendmail of its own needs root");
        }
        service = new MilterService(folder, "ip4:" + PERMITTED);
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
                        .replace("@SINK@", Integer.toString(service.sink().port()))
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

    @Override
    Clients clients() {
        return new Clients(STRANGER, PERMITTED, "127.0.0.12");
    }

    @Override
    MilterService service() {
        return service;
    }

    @Override
    SmtpTestClient outside(String client) throws IOException {
        return SmtpTestClient.from(client, SMTP);
    }

    @Override
    SmtpTestClient inside() throws IOException {
        return SmtpTestClient.with(SUBMISSION);
    }

    @Override
    String mailbox(String user) {
        return user + "@inner.example";
    }

    @Override
    String rejectedRecipient() {
        return "@example.org";
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
                        .contains(REJECTED);
            }
            assertThat(talk.say("RCPT TO:<bob@example.org>")).startsWith("250");
        }
    }

    @Test
    void defersMailWhileServiceIsUnavailable() throws Exception {
        try (SmtpTestClient talk = outside(PERMITTED)) {
            assertThat(talk.mail("bob@example.net", "alice@example.org", "before"))
                    .startsWith("250");
            service.proxy().cut();
            assertThat(talk.mail("bob@example.net", "alice@example.org", "cut")).startsWith("451 4.3.2 ");
        } finally {
            service.proxy().mend();
        }
    }
}
