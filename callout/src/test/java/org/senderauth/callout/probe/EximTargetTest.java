package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.outcome.CalloutReason.*;
import static org.senderauth.callout.probe.ProbeTestSupport.ask;
import static org.senderauth.callout.probe.ProbeTestSupport.hastyAt;
import static org.senderauth.callout.probe.ProbeTestSupport.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.probe.EximTarget.Door;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** Every answer of a real Exim, and what it writes down about our manners. */
class EximTargetTest {

    @TempDir
    static Path folder;

    /** Each session has a name of its own by which Exim's lines about it are known. */
    private static final AtomicInteger SESSIONS = new AtomicInteger();

    private static EximTarget exim;

    @BeforeAll
    static void start() throws IOException {
        exim = EximTarget.start(folder);
    }

    @AfterAll
    static void stop() {
        if (exim != null) {
            exim.close();
        }
    }

    private static ProbeReport probe(ProbeSettings.Builder settings, Door door, String address) {
        return ask(
                settings,
                new ProbeRequest(
                        MailAddress.of(address),
                        null,
                        TriState.UNKNOWN,
                        List.of(exim.address(door)),
                        new ProbeTestSupport.OpenGate()));
    }

    /** Exim closes a session by itself only where its own rule says "drop". */
    private static void assertLeftPolitely(String heloName, boolean dropped) throws IOException {
        assertThat(exim.awaitSession(heloName, dropped ? "closed by DROP in ACL" : "closed by QUIT"))
                .noneMatch(line -> line.contains("DATA-REACHED")
                        || line.contains("unexpected disconnection")
                        || line.contains("synchronization"));
    }

    @ParameterizedTest
    @CsvSource({
        "alice@target.example, ACCEPTED",
        "postmaster@target.example, ACCEPTED",
        "nobody@target.example, NO_SUCH_MAILBOX",
        "multi@target.example, NO_SUCH_MAILBOX",
        "plain550@target.example, UNCLEAR_REJECTION",
        "unavailable@target.example, NO_SUCH_MAILBOX",
        "plain553@target.example, NO_SUCH_MAILBOX",
        "disabled@target.example, DISABLED",
        "moved@target.example, MOVED",
        "full@target.example, MAILBOX_FULL",
        "full552@target.example, MAILBOX_FULL",
        "busy@target.example, MAILBOX_BUSY",
        "toomany@target.example, TOO_MANY_RECIPIENTS",
        "spf@target.example, POLICY_DEFERRED",
        "slow@target.example, ACCEPTED",
        "drop421@target.example, UNCLEAR_REJECTION",
        "drop550@target.example, NO_SUCH_MAILBOX",
        "anyone@catchall.example, ACCEPTS_ALL",
        "bob@blocked.example, POLICY_REFUSED",
        "bob@policy.example, POLICY_REFUSED",
        "bob@bare.example, POLICY_REFUSED",
        "bob@tempfail.example, TEMPFAIL",
        "bob@grey.example, GREYLISTED",
        "bob@elsewhere.example, RELAY_DENIED",
    })
    void reportsReasonOfEachMailbox(String address, CalloutReason reason) throws IOException {
        for (Door door : List.of(Door.PLAIN, Door.BARE)) {
            String session = "session" + SESSIONS.incrementAndGet() + ".example.net";
            ProbeReport report = probe(settings(session), door, address);
            assertThat(report.reason()).as("%s", door).isEqualTo(reason);
            assertThat(report.protocolViolation()).isFalse();
            boolean dropped = address.startsWith("drop");
            assertLeftPolitely(session, dropped);
            if (!dropped) {
                assertThat(report.transcript())
                        .contains("> QUIT")
                        .last()
                        .asString()
                        .startsWith("< 221 ");
            }
        }
    }

    /** Exim's stock order accepts postmaster before it blocks a host: its "yes" must not make our 550. */
    @ParameterizedTest
    @ValueSource(strings = {"stock", "prohibited", "limited"})
    void blocksAreNotMissingMailboxes(String domain) {
        assertThat(probe(settings(), Door.PLAIN, "postmaster@" + domain + ".example")
                        .reason()
                        .verdict())
                .isEqualTo(CalloutVerdict.DELIVERABLE);
        ProbeReport report = probe(settings(), Door.PLAIN, "alice@" + domain + ".example");
        assertThat(report.reason()).isEqualTo(POLICY_REFUSED);
        assertThat(report.sent().targetRecipients()).isEqualTo(1);
    }

    @Test
    void probesUnderTlsWhereMailboxRequiresIt() {
        ProbeReport report = probe(settings(), Door.TLS, "needtls@target.example");
        assertThat(report.reason()).isEqualTo(ACCEPTED);
        assertThat(report.transcript()).contains("* TLS started");
        assertThat(probe(settings(), Door.PLAIN, "needtls@target.example").reason())
                .isEqualTo(TLS_REQUIRED);
    }

    @Test
    void requiresSmtpUtf8ForNonAsciiAddress() {
        assertThat(probe(settings(), Door.PLAIN, "søren@target.example").reason())
                .isEqualTo(ACCEPTED);
        assertThat(probe(settings(), Door.BARE, "søren@target.example").reason())
                .isEqualTo(SMTPUTF8_UNSUPPORTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSING", "BUSY", "TARPIT"})
    void reportsReasonOfRejectedBanner(Door door) {
        CalloutReason reason = probe(
                        door == Door.TARPIT ? hastyAt(ProbeStage.GREETING) : settings(), door, "alice@target.example")
                .reason();
        assertThat(reason)
                .isEqualTo(
                        switch (door) {
                            case REFUSING -> POLICY_REFUSED;
                            case BUSY -> HOST_BUSY;
                            default -> UNREACHABLE;
                        });
    }

    @Test
    void reportsMissingReplyAsTimeout() {
        assertThat(probe(hastyAt(ProbeStage.RCPT), Door.PLAIN, "hang@target.example")
                        .reason())
                .isEqualTo(TIMEOUT);
        assertThat(probe(hastyAt(ProbeStage.RCPT), Door.BARE, "hang@target.example")
                        .reason())
                .isEqualTo(TIMEOUT);
    }

    @Test
    void distinguishesRejectedNameAndRejectedNullSender() {
        FallbackSender senders = FallbackSender.at("example.net", SecretKeys.of(new byte[32]));
        assertThat(probe(as("refused"), Door.PLAIN, "alice@target.example").reason())
                .isEqualTo(POLICY_REFUSED);
        assertThat(probe(as("slownull"), Door.PLAIN, "alice@target.example").reason())
                .isEqualTo(POLICY_DEFERRED);
        for (Door door : List.of(Door.PLAIN, Door.BARE)) {
            assertThat(probe(as("nonull"), door, "alice@target.example").reason())
                    .isEqualTo(NULL_SENDER_REFUSED);
            assertThat(probe(as("nonull").fallbackSender(senders), door, "alice@target.example")
                            .reason())
                    .isEqualTo(ACCEPTED);
        }
    }

    private static ProbeSettings.Builder as(String host) {
        return settings(host + ".example.net");
    }

    @Test
    void vrfyDecidesNothing() {
        assertThat(probe(settings().method(ProbeSettings.Method.VRFY_ONLY), Door.PLAIN, "alice@target.example")
                        .reason())
                .isEqualTo(CANNOT_VERIFY);
        assertThat(probe(settings().method(ProbeSettings.Method.VRFY_FIRST), Door.PLAIN, "alice@target.example")
                        .reason())
                .isEqualTo(ACCEPTED);
    }
}
