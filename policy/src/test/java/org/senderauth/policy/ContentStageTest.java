package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageKind;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** The last stage: an untagged bounce waits for its content, as docs/batv.md has it. */
class ContentStageTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-06-15T12:00:00Z"));
    private static final String ALICE = "alice@example.org";

    private final Batv batv = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of("a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII))))
            .clock(CLOCK)
            .build();
    private final List<Decision> decided = new ArrayList<>();
    private final PolicyObserver observer = new PolicyObserver() {
        @Override
        public void decided(Transaction transaction, Decision decision, Duration time) {
            decided.add(decision);
        }
    };
    private final SenderPolicy policy = policy(StepModes.builder().build());
    private final Transaction bounce = Transaction.of(InetAddress.getLoopbackAddress(), "h.example.com", "")
            .to(ALICE);

    private SenderPolicy policy(StepModes modes) {
        return SenderPolicy.builder("mx.example.org")
                .batv(new BounceFilter(batv, BounceRules.defaults(), CLOCK), true)
                .modes(modes)
                .observer(observer)
                .build();
    }

    private static MessageContent content(MessageKind kind) {
        return new MessageContent(kind, "the test");
    }

    // kind of the content | what becomes of it
    @ParameterizedTest
    @CsvSource({"DSN, REJECT", "BACKSCATTER, REJECT", "MDN, CONTINUE", "AUTO_REPLY, CONTINUE", "OTHER, CONTINUE"})
    void decidesOnUntaggedBounceByContent(MessageKind kind, Decision.Action action) {
        Decision atRcpt = policy.decide(bounce);
        assertThat(atRcpt.action()).isEqualTo(Decision.Action.CONTINUE);
        assertThat(atRcpt.awaitsContent()).isTrue();
        Decision atEnd = policy.decide(bounce, content(kind));
        assertThat(atEnd.action()).isEqualTo(action);
        assertThat(atEnd.awaitsContent()).isFalse();
        assertThat(decided).containsExactly(atRcpt, atEnd);
    }

    @Test
    void acceptsTaggedBounceOfAnyContent() {
        Transaction tagged = bounce.to(batv.sign(MailAddress.of(ALICE)).toString());
        assertThat(policy.decide(tagged).awaitsContent()).isFalse();
        assertThat(policy.decide(tagged, content(MessageKind.DSN)).action()).isEqualTo(Decision.Action.CONTINUE);
    }

    @Test
    void rejectsForgedTagAtRcpt() {
        Decision decision = policy.decide(bounce.to("prvs=0123abcdef=" + ALICE));
        assertThat(decision.action()).isEqualTo(Decision.Action.REJECT);
        assertThat(decision.awaitsContent()).isFalse();
    }

    @Test
    void ordinaryMailNeverAwaitsContent() {
        Transaction mail = Transaction.of(InetAddress.getLoopbackAddress(), "h", "bob@example.com")
                .to(ALICE);
        assertThat(policy.decide(mail).awaitsContent()).isFalse();
        assertThat(policy.decide(mail, content(MessageKind.DSN)).action()).isEqualTo(Decision.Action.CONTINUE);
    }

    @Test
    void monitorModeNeverRejectsAtEndOfMessage() {
        SenderPolicy reporting = policy(
                StepModes.builder().defaultMode(Step.BATV, StepMode.MONITOR).build());
        assertThat(reporting.decide(bounce).awaitsContent()).isTrue();
        Decision decision = reporting.decide(bounce, content(MessageKind.DSN));
        assertThat(decision.action()).isEqualTo(Decision.Action.CONTINUE);
        assertThat(decision.steps().get(0).result().outcome()).isEqualTo(StepResult.Outcome.FAIL);
    }

    @Test
    void neverRejectsExemptAtEndOfMessage() {
        Transaction exempt = bounce.authenticatedAs("alice");
        assertThat(policy.decide(exempt).awaitsContent()).isFalse();
        assertThat(policy.decide(exempt, content(MessageKind.DSN)).action()).isEqualTo(Decision.Action.CONTINUE);
    }

    @Test
    void endOfMessageRequiresContent() {
        assertThatIllegalArgumentException().isThrownBy(() -> policy.decide(bounce, Stage.END_OF_MESSAGE));
    }
}
