package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.PostsrsdPeer;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;
import org.senderauth.testkit.Await;

/** Chains through a real PostSRSd, in both orders, and the change-over from it with mail under way. */
@Timeout(60)
class SrsPostsrsdPeerTest {

    private static final String SECRET = "a secret of PostSRSd, of the test";

    @TempDir
    static Path folder;

    private static PostsrsdPeer postsrsd;
    private static int forward;
    private static int reverse;

    private final Srs ours = Srs.builder()
            .keyring(SrsKeyring.of(SecretKeys.of(new byte[32])))
            .domain("ours.example.net")
            .build();

    @BeforeAll
    static void start() throws Exception {
        Path secret = Files.writeString(folder.resolve("srs.secret"), SECRET + "\n");
        postsrsd = PostsrsdPeer.start(folder, "theirs.example.com", secret);
        forward = postsrsd.forwardPort();
        reverse = postsrsd.reversePort();
    }

    @AfterAll
    static void stop() {
        if (postsrsd != null) {
            postsrsd.close();
        }
    }

    /** One lookup by tcp_table(5). */
    private static String ask(int port, String key) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(("get " + key + "\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return in.readLine();
        }
    }

    private static String value(int port, String key) throws IOException {
        String reply = ask(port, key);
        assertThat(reply).startsWith("200 ");
        return reply.substring(4);
    }

    private String forwardHere(String sender) {
        return ours.forward(MailAddress.of(sender)).address().toString();
    }

    private String reverseHere(String address) {
        return ours.reverse(address).original().orElseThrow().toString();
    }

    @Test
    void returnsChainThatPostsrsdBegins() throws Exception {
        String first = value(forward, "bob@example.com");
        String second = forwardHere(first);
        assertThat(second).startsWith("SRS1=").endsWith("@ours.example.net");
        assertThat(reverseHere(second)).isEqualTo(first);
        assertThat(value(reverse, first)).isEqualTo("bob@example.com");
    }

    @Test
    void returnsChainThatWeBegin() throws Exception {
        String first = forwardHere("bob@example.com");
        String second = value(forward, first);
        assertThat(second).startsWith("SRS1=").endsWith("@theirs.example.com");
        assertThat(value(reverse, second)).isEqualTo(first);
        assertThat(reverseHere(first)).isEqualTo("bob@example.com");
    }

    @Test
    void returnsChainOfThree() throws Exception {
        String first = forwardHere("bob@example.com");
        Srs third = Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.of(new byte[16])))
                .domain("third.example.org")
                .build();
        String last =
                third.forward(MailAddress.of(value(forward, first))).address().toString();
        assertThat(third.reverse(last).original().orElseThrow()).hasToString(first);
        assertThat(reverseHere(first)).isEqualTo("bob@example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob@example.com",
                "Joe.User@Example.ORG",
                "a=b+c@example.org",
                "SRS0=a=b=c=d@fwd.example.com",
                "SRS1=a=b.example==c=d=e=f@fwd.example.com",
                "prvs=0896eca59c=joe@example.com"
            })
    void postsrsdModeWritesWhatPostsrsdReads(String sender) throws Exception {
        Srs mode = Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(key(), SrsFormat.of(SrsMode.POSTSRSD1))
                        .build())
                .domain("theirs.example.com")
                .build();
        // Around midnight the two may see different days.
        Await.until("the same address as PostSRSd", () -> {
            try {
                return mode.forward(MailAddress.of(sender)).address().toString().equals(value(forward, sender));
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void reversesPostsrsdAddressesAfterTheChange() throws Exception {
        String underWay = value(forward, "bob@example.com");
        Srs after = Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(SecretKeys.of(new byte[32]))
                        .predecessor(
                                key(),
                                SrsFormat.of(SrsMode.POSTSRSD1),
                                Instant.now().plus(Duration.ofDays(22)))
                        .build())
                .domain("theirs.example.com")
                .build();
        assertThat(after.reverse(underWay).original().orElseThrow()).hasToString("bob@example.com");
        String ofOurs =
                after.forward(MailAddress.of("bob@example.com")).address().toString();
        assertThat(ask(reverse, ofOurs)).startsWith("500 ");
        assertThat(after.reverse(ofOurs).original().orElseThrow()).hasToString("bob@example.com");
    }

    private static javax.crypto.SecretKey key() {
        return SecretKeys.of(SECRET.getBytes(StandardCharsets.US_ASCII));
    }
}
