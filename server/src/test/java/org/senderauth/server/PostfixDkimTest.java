package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.milter.MilterAction;
import org.senderauth.milter.MilterChanges;
import org.senderauth.milter.MilterHandler;
import org.senderauth.milter.MilterMessage;
import org.senderauth.milter.MilterNeeds;
import org.senderauth.milter.MilterObserver;
import org.senderauth.milter.MilterProtocol;
import org.senderauth.milter.MilterVerdict;
import org.senderauth.peers.PeerProcess;
import org.senderauth.postfix.MtaServer;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix with the three filters of docs/milter.md: an SPF failure is overridden by the DKIM verifier only. */
@Timeout(180)
class PostfixDkimTest {

    private static final String STRANGER = "198.51.100.7";
    private static final String PASS = "dkim.mx.example.org; dkim=pass header.d=signed.example";

    @TempDir
    static Path folder;

    private static final int VERIFIER = PeerProcess.freePort();
    private static MilterPostfix postfix;

    @BeforeAll
    static void startAll() throws Exception {
        String filters = DocumentedConfig.of("milter.md")
                .block("# main.cf: the remover")
                .replace("127.0.0.1:8891", "127.0.0.1:" + VERIFIER);
        postfix = MilterPostfix.start(folder, mainCf -> mainCf.replaceAll("(?m)^smtpd_milters = .*\n", "") + filters);
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
    }

    /** A verifier that finds a signature that passes in each message. */
    private static final MilterHandler PASSES = new MilterHandler() {
        @Override
        public MilterNeeds needs() {
            return MilterNeeds.builder()
                    .actions(EnumSet.of(MilterAction.ADD_HEADERS))
                    .build();
        }

        @Override
        public ForMessage message(MilterMessage message) {
            return new ForMessage() {
                @Override
                public MilterVerdict end(MilterChanges changes) {
                    changes.prependHeader("Authentication-Results", PASS);
                    return MilterVerdict.CONTINUE;
                }
            };
        }
    };

    private static String forged(SmtpTestClient talk) throws IOException {
        assertThat(talk.say("MAIL FROM:<bob@signed.example>")).startsWith("250");
        assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
        talk.say("DATA");
        return talk.say("Authentication-Results: " + PASS + "\r\nFrom: bob@signed.example\r\nSubject: x\r\n"
                + "Authentication-Results: " + PASS + "\r\n\r\ntext\r\n.");
    }

    @Test
    void rejectsForgedResultsWhileVerifierIsStopped() throws Exception {
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            assertThat(forged(talk)).startsWith("550 5.7.23 ");
        }
    }

    @Test
    void verifierOverridesTheFailure() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (MtaServer verifier = MtaServer.builder(new MilterProtocol(PASSES, threads, MilterObserver.NONE), threads)
                        .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), VERIFIER));
                SmtpTestClient talk = postfix.outside(STRANGER)) {
            assertThat(verifier.address()).isNotNull();
            assertThat(forged(talk)).startsWith("250");
        } finally {
            threads.shutdown();
        }
    }
}
