package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.BatvService.isTagged;
import static org.senderauth.server.BatvService.tagged;
import static org.senderauth.server.DebianExim.OUR_USER;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;

/** Debian's stock Exim with docs/exim.md while the service is stopped, stalled and back: nothing is lost. */
@Timeout(180)
class EximOutageTest {

    private static final String STRANGER = "127.0.0.11";
    private static final String ALICE = "alice@inner.example";

    @TempDir
    Path folder;

    private MailSink sink;
    private BatvService service;
    private DebianExim exim;

    @BeforeEach
    void startAll() throws Exception {
        DebianExim.need();
        sink = new MailSink(InetAddress.getByName(DebianExim.SMART_HOST));
        service = BatvService.startIn(folder);
    }

    /** Starts one that waits not as long for a stalled service. */
    private void startExim(UnaryOperator<String> edit) throws IOException {
        exim = DebianExim.start(
                folder,
                DebianExim.Layout.UNSPLIT,
                service,
                sink,
                guide -> edit.apply(guide.replace("{25s}", "{3s}").replace("{10s}", "{3s}")));
    }

    @AfterEach
    void stopAll() {
        if (service != null) {
            service.close();
        }
        if (exim != null) {
            exim.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    @Test
    void stoppedServiceLosesNoMail() throws Exception {
        startExim(UnaryOperator.identity());
        service.stop();
        assertNothingIsLost(service::start);
    }

    @Test
    void stalledServiceLosesNoMail() throws Exception {
        startExim(UnaryOperator.identity());
        service.stall();
        assertNothingIsLost(service::resume);
    }

    @Test
    void failClosedDefersMailWhileThePolicyIsUnavailable() throws Exception {
        String deferred = "action=DEFER_IF_PERMIT 4.3.5 Service unavailable";
        assertThat(DocumentedConfig.of("exim.md").block("# senderauth, macros"))
                .contains("# To defer instead: " + deferred);
        startExim(guide ->
                guide.replace("SENDERAUTH_UNAVAILABLE = action=DUNNO", "SENDERAUTH_UNAVAILABLE = " + deferred));
        service.stop();
        assertThat(exim.mail(STRANGER, "carol@example.com", "alice@example.org", "inbound"))
                .isEqualTo("451 4.3.5 Service unavailable");
        service.start();
        assertThat(exim.mail(STRANGER, "carol@example.com", "alice@example.org", "inbound"))
                .startsWith("250");
        assertThat(sink.next("inbound").to()).containsExactly(ALICE);
    }

    private void assertNothingIsLost(Runnable back) throws IOException {
        String tagged = tagged("alice@example.org", Duration.ZERO);
        assertThat(exim.mail(STRANGER, "", tagged, "genuine bounce")).startsWith("451 ");
        for (String recipient : List.of(tagged, "prvs=0000000000=nosuch@example.org")) {
            assertThat(exim.mail(STRANGER, "carol@example.com", recipient, "to a tag"))
                    .as(recipient)
                    .startsWith("451 ");
        }
        assertThat(exim.mail(STRANGER, "carol@example.com", "nosuch@example.org", "unknown"))
                .startsWith("550 ");

        // fail open, as the guide says
        assertThat(exim.mail(STRANGER, "carol@example.com", "alice@example.org", "inbound"))
                .startsWith("250");
        assertThat(sink.next("inbound").to()).containsExactly(ALICE);

        assertThat(exim.mail(OUR_USER, "alice@example.org", "carol@example.com", "outbound"))
                .startsWith("250");
        assertThat(isTagged(sink.next("outbound").from())).isTrue();

        // accepted unchecked from one of our hosts, so that it waits in the queue
        assertThat(exim.mail(OUR_USER, "", tagged, "queued bounce")).startsWith("250");
        Await.until("an attempt to deliver it", () -> exim.logged().contains("R=senderauth_strip defer"));
        exim.runQueue();
        assertThat(sink.isEmpty()).isTrue();

        back.run();
        Await.until("its delivery", () -> {
            exim.runQueue();
            return !sink.isEmpty();
        });
        assertThat(sink.next("queued bounce").to()).containsExactly(ALICE);
        assertThat(exim.logged()).doesNotContain(" ** ");
        assertThat(exim.mail(STRANGER, "", tagged, "genuine bounce")).startsWith("250");
        assertThat(sink.next("genuine bounce").to()).containsExactly(ALICE);
        assertThat(exim.mail(STRANGER, "", "alice@example.org", "forged bounce"))
                .startsWith("550 5.7.1 ");
    }
}
