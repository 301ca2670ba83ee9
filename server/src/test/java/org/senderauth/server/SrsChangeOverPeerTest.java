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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.peers.PeerProcess;
import org.senderauth.peers.PostsrsdPeer;

/** The change from PostSRSd as docs/srs.md describes it, on a real Postfix with mail in its queue and on the way. */
@Timeout(180)
class SrsChangeOverPeerTest {

    private static final String SECRET = "the secret of PostSRSd, of the test";

    private static final String ALIASES = """
            mydestination = example.org
            virtual_alias_maps = inline:{
                { forward@example.org = carol@example.net }, { held@example.org = carol@example.net } }
            smtpd_recipient_restrictions = check_recipient_access inline:{held@example.org=HOLD}
            """;

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private final DocumentedConfig guide = DocumentedConfig.of("srs.md");
    private final int again = PeerProcess.freePort();
    private PostsrsdPeer postsrsd;
    private DocumentedPostfix postfix;
    private Service service;

    @BeforeEach
    void startBeforeTheChange() throws Exception {
        Path secret = folder.resolve("postsrsd.secret");
        SecretFiles.create(secret, SECRET.getBytes(StandardCharsets.US_ASCII));
        postsrsd = PostsrsdPeer.start(folder, "example.org", secret);
        String before = ALIASES + postsrsdSigns() + """
                recipient_canonical_maps = tcp:127.0.0.1:%d
                recipient_canonical_classes = envelope_recipient
                """.formatted(postsrsd.reversePort());
        // The second pass is there already; nothing uses it yet.
        postfix = DocumentedPostfix.start(
                folder,
                ours -> before,
                ours -> guide.block("# master.cf: senders of forwarded mail")
                        .replace("127.0.0.1:10026", "127.0.0.1:" + again)
                        .replace("content_filter=smtp:", "content_filter=smtp:[127.0.0.1]:@SINK@"));
    }

    @AfterEach
    void stop() {
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

    private String postsrsdSigns() {
        return """
                sender_canonical_maps = tcp:127.0.0.1:%d
                sender_canonical_classes = envelope_sender
                """.formatted(postsrsd.forwardPort());
    }

    private void startOurs() throws Exception {
        SecretFiles.create(
                folder.resolve("srs.secret"), "our own secret of the test".getBytes(StandardCharsets.US_ASCII));
        Path config = Files.writeString(folder.resolve("senderauth.yaml"), """
                hostname: mx.example.org
                domains: [example.org]
                listen: {policy: inet:127.0.0.1:%d, socketmap: inet:127.0.0.1:%d}
                steps:
                  srs: {mode: enforce}
                srs:
                  key-file: srs.secret
                  domain: example.org
                  predecessor: {mode: postsrsd1, key-file: postsrsd.secret, until: %s}
                """.formatted(
                        postfix.policyPort(),
                        postfix.socketmapPort(),
                        LocalDate.now(ZoneOffset.UTC).plusDays(22)));
        service = Service.start(config, new PrintWriter(log, true), InstantSource.system());
    }

    private String forwarded(String subject) throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "Bob@example.com", "forward@example.org", subject))
                .startsWith("250");
        MailSink.Mail mail = postfix.sink().next(subject);
        assertThat(mail.to()).containsExactly("carol@example.net");
        return mail.from();
    }

    private void bounceReturns(String address, String subject) throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "", address, subject)).startsWith("250");
        MailSink.Mail bounce = postfix.sink().next(subject);
        assertThat(bounce.to()).containsExactly("Bob@example.com");
        assertThat(bounce.from()).isEmpty();
    }

    @Test
    void losesNoBounceOfMailThatIsInFlight() throws Exception {
        String signedBefore = forwarded("before the change");
        assertThat(signedBefore).matches("SRS0=.{4}=..=example\\.com=Bob@example\\.org");
        assertThat(postfix.fromOutside(STRANGER, "Bob@example.com", "held@example.org", "in the queue"))
                .startsWith("250");

        startOurs();
        String bothVerify = "recipient_canonical_classes = envelope_recipient\n"
                + guide.block("# main.cf while both run")
                        .replace("tcp:127.0.0.1:10002", "tcp:127.0.0.1:" + postsrsd.reversePort());
        postfix.restart(ALIASES + postsrsdSigns() + bothVerify);
        bounceReturns(signedBefore, "while both verify");
        String signedMeanwhile = forwarded("while both verify, PostSRSd signs");
        assertThat(signedMeanwhile).matches("SRS0=.{4}=..=example\\.com=Bob@example\\.org");
        bounceReturns(signedMeanwhile, "bounce meanwhile");

        postfix.restart(ALIASES + bothVerify + "default_transport = smtp:[127.0.0.1]:" + again + "\n");
        String signedAfter = forwarded("after the change");
        assertThat(signedAfter).matches("SRS0=[a-z2-7]{8}=..=example\\.com=Bob@example\\.org");
        postfix.release();
        String fromTheQueue = postfix.sink().next("in the queue").from();
        assertThat(fromTheQueue).matches("SRS0=.{4}=..=example\\.com=Bob@example\\.org");
        bounceReturns(signedAfter, "bounce to ours, both run");
        bounceReturns(fromTheQueue, "bounce to PostSRSd's, both run");

        postsrsd.close();
        postfix.restart(ALIASES + guide.block("# main.cf: mail to other hosts").replace(":10026", ":" + again));
        for (String address : List.of(signedBefore, signedMeanwhile, fromTheQueue, signedAfter)) {
            bounceReturns(address, "PostSRSd has ended");
        }
        String forged = "SRS0=AAAA" + signedBefore.substring("SRS0=AAAA".length());
        assertThat(postfix.fromOutside(STRANGER, "", forged, "forged")).startsWith("550 5.1.1 ");
    }
}
