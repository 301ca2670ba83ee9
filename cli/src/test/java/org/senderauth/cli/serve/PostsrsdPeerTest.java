package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.cli.serve.GuidedPostfix.STRANGER;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.RealPeer;

/** A real PostSRSd beside the service, with a real Postfix and the section on SRS of docs/postfix.md. */
@Timeout(180)
class PostsrsdPeerTest {

    @TempDir
    static Path folder;

    private static final StringWriter LOG = new StringWriter();
    private static RealPeer postsrsd;
    private static GuidedPostfix postfix;
    private static MailSink sink;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        Path program = RealPeer.program(peers + "/postsrsd/usr/sbin/postsrsd");
        int forward = RealPeer.freePort();
        int reverse = RealPeer.freePort();
        Path secret = Files.writeString(folder.resolve("srs.secret"), "a secret of the test\n");
        postsrsd = RealPeer.start(
                        folder,
                        folder.resolve("postsrsd.out"),
                        List.of(
                                program.toString(),
                                "-4",
                                "-s" + secret,
                                "-dexample.org",
                                "-f" + forward,
                                "-r" + reverse))
                .awaitTcp(forward, Patience.LIMIT)
                .awaitTcp(reverse, Patience.LIMIT);
        String[] srs = Guide.of("postfix.md")
                .block("# cleanup-batv in master.cf")
                .replace("socketmap:unix:srs:forward", "tcp:127.0.0.1:" + forward)
                .replace("socketmap:unix:srs:reverse", "tcp:127.0.0.1:" + reverse)
                .split("# main.cf\n");
        String forwarding = "virtual_alias_maps = inline:{ { forward@example.org = carol@example.net } }\n";
        postfix = GuidedPostfix.start(
                folder,
                mainCf -> mainCf + srs[1] + forwarding,
                masterCf -> masterCf.replaceFirst("(?m)^ *-o sender_canonical_maps=.*\n", srs[0]));
        sink = postfix.sink();
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
        if (postsrsd != null) {
            postsrsd.close();
        }
    }

    @Test
    void forwardedMailIsRewrittenBySrsAndItsBounceGoesBackToItsSender() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "bob@example.com", "forward@example.org", "forwarded"))
                .startsWith("250");
        MailSink.Mail forwarded = sink.next("forwarded");
        assertThat(forwarded.to()).containsExactly("carol@example.net");
        assertThat(forwarded.from()).matches("SRS0=[^@]*=example\\.com=bob@example\\.org");

        assertThat(postfix.fromOutside(STRANGER, "", forwarded.from(), "its bounce"))
                .startsWith("250");
        assertThat(sink.next("its bounce").to()).containsExactly("bob@example.com");
        assertThat(postfix.fromOutside(STRANGER, "", "SRS0=AAAA=BB=example.com=bob@example.org", "forged"))
                .startsWith("550 5.1.1 ");
    }

    @Test
    void ownMailIsTaggedAndNotRewrittenAndItsBounceComesBack() throws Exception {
        assertThat(postfix.fromOurUser("carol@example.net", "outbound")).startsWith("250");
        String tagged = sink.next("outbound").from();
        assertThat(tagged).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");
        assertThat(postfix.fromOutside(STRANGER, "", tagged, "own bounce")).startsWith("250");
        assertThat(sink.next("own bounce").to()).containsExactly("alice@example.org");
    }
}
