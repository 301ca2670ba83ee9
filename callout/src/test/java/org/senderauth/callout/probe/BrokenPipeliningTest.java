package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.outcome.CalloutReason.ACCEPTED;
import static org.senderauth.callout.outcome.CalloutReason.CONNECTION_LOST;
import static org.senderauth.callout.outcome.CalloutReason.TIMEOUT;
import static org.senderauth.callout.probe.ProbeTestSupport.NO_DNS;
import static org.senderauth.callout.probe.ProbeTestSupport.hastyAt;
import static org.senderauth.callout.probe.ProbeTestSupport.request;
import static org.senderauth.callout.probe.ProbeTestSupport.settings;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/** Servers that offer PIPELINING (RFC 2920) and cannot do it are asked one command at a time. */
class BrokenPipeliningTest {

    private static final String BOB = "bob@example.org";

    /** Whether the client sent this command alone in one write. */
    private static boolean isAlone(SmtpPeer peer, String command) {
        return peer.writes().get(peer.writes().size() - 1).startsWith(command);
    }

    private static boolean isGroup(SmtpPeer peer) {
        return peer.writes().get(peer.writes().size() - 1).contains("\r\nRCPT");
    }

    private static ProbeReport probe(SmtpProber prober, ScriptedSmtpServer server) {
        ProbeTestSupport.Heard heard = new ProbeTestSupport.Heard();
        prober.probe(request(BOB, TriState.NO, server), heard);
        return heard.report();
    }

    private static void isAskedOneCommandAtATime(ProbeStage slow, SmtpRules broken, int firstConnections) {
        SmtpProber prober = SmtpProber.of(NO_DNS, hastyAt(slow).build());
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(broken)) {
            ProbeReport first = probe(prober, server);
            assertThat(first.reason()).isEqualTo(ACCEPTED);
            assertThat(first.sent().connections()).isEqualTo(firstConnections);
            // The next time it is known, where a new connection was needed.
            ProbeReport second = probe(prober, server);
            assertThat(second.reason()).isEqualTo(ACCEPTED);
            assertThat(second.sent().connections()).isEqualTo(1);
        }
    }

    @Test
    void repeatsUnansweredRecipientAlone() {
        isAskedOneCommandAtATime(
                ProbeStage.RCPT,
                mailServer("PIPELINING").act("RCPT", peer -> {
                    if (isAlone(peer, "RCPT")) {
                        peer.say("250 OK");
                    }
                }),
                2);
    }

    @Test
    void repeatsUnansweredGroupByCommand() {
        isAskedOneCommandAtATime(
                ProbeStage.MAIL,
                mailServer("PIPELINING")
                        .act("MAIL", peer -> answerUnlessGroup(peer))
                        .act("RCPT", peer -> answerUnlessGroup(peer)),
                2);
    }

    private static void answerUnlessGroup(SmtpPeer peer) throws IOException {
        if (!isGroup(peer)) {
            peer.say("250 OK");
        }
    }

    @Test
    void repeatsByCommandAfterCloseOnGroup() {
        isAskedOneCommandAtATime(
                ProbeStage.NONE,
                mailServer("PIPELINING").act("MAIL", peer -> {
                    if (isGroup(peer)) {
                        peer.close();
                    } else {
                        peer.say("250 OK");
                    }
                }),
                2);
    }

    @Test
    void repeatsByCommandAfterErrorOnGroup() {
        isAskedOneCommandAtATime(
                ProbeStage.NONE,
                mailServer("PIPELINING")
                        .act("MAIL", peer -> peer.say(isGroup(peer) ? "554 SMTP synchronization error" : "250 OK"))
                        .act("RCPT", peer -> peer.say(isGroup(peer) ? "503 5.5.1 MAIL first" : "250 OK")),
                1);
    }

    @Test
    void repeatsOnceForServerThatNeverReplies() {
        SmtpProber prober = SmtpProber.of(NO_DNS, hastyAt(ProbeStage.RCPT).build());
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(mailServer("PIPELINING").act("RCPT", peer -> {}))) {
            ProbeReport first = probe(prober, server);
            assertThat(first.reason()).isEqualTo(TIMEOUT);
            assertThat(first.sent().connections()).isEqualTo(2);
            assertThat(probe(prober, server).sent().connections()).isEqualTo(1);
        }
    }

    @Test
    void probesServerWithoutPipeliningOnce() {
        for (String command : List.of("MAIL", "RCPT")) {
            try (ScriptedSmtpServer server =
                    ScriptedSmtpServer.start(mailServer().answerAndClose(command))) {
                ProbeReport report = probe(SmtpProber.of(NO_DNS, settings().build()), server);
                assertThat(report.reason()).isEqualTo(CONNECTION_LOST);
                assertThat(report.sent().connections()).isEqualTo(1);
            }
        }
    }
}
