package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.PostsrsdPeer;

/** A real PostSRSd next to the service, with a real Postfix and the section on SRS of docs/postfix.md. */
@Timeout(180)
class PostsrsdPeerTest {

    @TempDir
    static Path folder;

    private static final StringWriter LOG = new StringWriter();
    private static PostsrsdPeer postsrsd;
    private static DocumentedPostfix postfix;
    private static MailSink sink;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        Path secret = Files.writeString(folder.resolve("srs.secret"), "a secret of the test\n");
        postsrsd = PostsrsdPeer.start(folder, "example.org", secret);
        String srs = DocumentedConfig.of("postfix.md")
                .block("# main.cf: these instead")
                .replace("socketmap:unix:srs:forward", "tcp:127.0.0.1:" + postsrsd.forwardPort())
                .replace("socketmap:unix:srs:reverse", "tcp:127.0.0.1:" + postsrsd.reversePort());
        String forwarding = "virtual_alias_maps = inline:{ { forward@example.org = carol@example.net } }\n";
        postfix = DocumentedPostfix.start(folder, mainCf -> mainCf + srs + forwarding)
                .enforce();
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
    void rewritesForwardedMailAndReturnsItsBounce() throws Exception {
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
    void tagsOwnMailWithoutRewritingIt() throws Exception {
        assertThat(postfix.fromOurUser("carol@example.net", "outbound")).startsWith("250");
        String tagged = sink.next("outbound").from();
        assertThat(tagged).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");
        assertThat(postfix.fromOutside(STRANGER, "", tagged, "own bounce")).startsWith("250");
        assertThat(sink.next("own bounce").to()).containsExactly("alice@example.org");
    }
}
