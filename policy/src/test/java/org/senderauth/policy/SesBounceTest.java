package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageKind;
import org.senderauth.batv.RolloutSchedule;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.policy.Decision.Action;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.testkit.ManualClock;

/** Bounces to unsigned addresses of domains that sign with SES: the rules of BATV for untagged ones. */
class SesBounceTest {

    private static final String ALICE = "alice@example.org";
    private static final Set<String> DOMAINS = Set.of("example.org");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Ses ses = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .clock(clock)
            .build();
    private final SenderPolicy atRcpt = policy(BounceRules.builder().onUnsigned(BounceAction.REJECT));
    private final SenderPolicy byContent = policy(BounceRules.builder());

    private SenderPolicy policy(BounceRules.Builder rules) {
        return policy(rules, StepMode.ENFORCE);
    }

    private SenderPolicy policy(BounceRules.Builder rules, StepMode mode) {
        return SenderPolicy.builder("mx.example.org")
                .ses(ses, DOMAINS, rules.build(), clock, true)
                .modes(StepModes.builder().defaultMode(Step.SES, mode).build())
                .build();
    }

    private static Transaction mail(String sender, String recipient) {
        return Transaction.of(InetAddress.getLoopbackAddress(), "mail.example.net", sender)
                .to(recipient);
    }

    private static String reply(Decision decision) {
        return decision.smtpReply().map(Object::toString).orElse("accepted");
    }

    @Test
    void rejectsBounceToUnsignedAddress() {
        Decision decision = atRcpt.decide(mail("", ALICE));
        assertThat(reply(decision))
                .isEqualTo("550 5.7.1 Bounce rejected: recipient sent no such message (no SES signature)");
        assertThat(decision.reason()).contains("bounce to an unsigned address whose mail is signed");
        assertThat(reply(atRcpt.decide(mail("MAILER-DAEMON@example.net", ALICE))))
                .startsWith("550");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "a+b", "x=y", "-a", "a_b", "twenty-nine.characters.are.ok"})
    void acceptsBounceToSignedAddressOnly(String localPart) {
        MailAddress sender = MailAddress.of(localPart + "@example.org");
        assertThat(reply(atRcpt.decide(mail("", ses.sign(sender).toString())))).isEqualTo("accepted");
        assertThat(reply(atRcpt.decide(mail("", sender.toString())))).startsWith("550");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example.net", // no keys
                "postmaster@example.org", // RFC 5321 section 4.5.1
                "abuse@example.org",
                "\"a b\"@example.org", // never signed
                "a.local.part.that.becomes.too.long.when.signed@example.org",
                "prvs=0123abcdef=alice@example.org", // BATV and SRS verify theirs
                "SRS0=aaaaaaaa=EL=example.com=bob@example.org",
                "not an address"
            })
    void acceptsBounceToAddressThatIsNeverSigned(String recipient) {
        assertThat(reply(atRcpt.decide(mail("", recipient)))).isEqualTo("accepted");
    }

    @Test
    void acceptsOrdinaryMailToUnsignedAddress() {
        assertThat(reply(atRcpt.decide(mail("bob@example.com", ALICE)))).isEqualTo("accepted");
    }

    @Test
    void filtersEachRecipientOfMessage() {
        Transaction message = mail("", ALICE).ofMessage("m");
        assertThat(reply(atRcpt.decide(message.to("postmaster@example.org")))).isEqualTo("accepted");
        assertThat(reply(atRcpt.decide(message))).startsWith("550");
        Transaction daemon =
                mail("mailer-daemon@example.net", "postmaster@example.org").ofMessage("n");
        assertThat(reply(atRcpt.decide(daemon))).isEqualTo("accepted");
        assertThat(reply(atRcpt.decide(daemon.to(ALICE)))).startsWith("550");
    }

    @ParameterizedTest
    @CsvSource({"DSN, REJECT", "BACKSCATTER, REJECT", "MDN, CONTINUE", "AUTO_REPLY, CONTINUE", "OTHER, CONTINUE"})
    void decidesByContentWhereItIsSeen(MessageKind kind, Action action) {
        Decision first = byContent.decide(mail("", ALICE));
        assertThat(first.action()).isEqualTo(Action.CONTINUE);
        assertThat(first.awaitsContent()).isTrue();
        MessageContent content = new MessageContent(kind, "the test");
        assertThat(byContent.decide(mail("", ALICE), content).action()).isEqualTo(action);
        String signed = ses.sign(MailAddress.of(ALICE)).toString();
        assertThat(byContent.decide(mail("", signed)).awaitsContent()).isFalse();
        assertThat(byContent.decide(mail("", signed), content).action()).isEqualTo(Action.CONTINUE);
        assertThat(byContent.decide(mail("bob@example.com", ALICE), content).action())
                .isEqualTo(Action.CONTINUE);
    }

    @Test
    void monitorModeReportsAndAccepts() {
        Decision decision = policy(BounceRules.builder().onUnsigned(BounceAction.REJECT), StepMode.MONITOR)
                .decide(mail("", ALICE));
        assertThat(reply(decision)).isEqualTo("accepted");
        assertThat(decision.steps().get(0).result().outcome()).isEqualTo(StepResult.Outcome.FAIL);
    }

    @Test
    void followsRolloutSchedule() {
        RolloutSchedule.Dates dates =
                new RolloutSchedule.Dates(null, clock.instant().plus(Duration.ofDays(10)));
        SenderPolicy staged = policy(BounceRules.builder()
                .onUnsigned(BounceAction.REJECT)
                .rollOut(RolloutSchedule.of(Map.of("example.org", dates), RolloutSchedule.Dates.NEVER)));
        assertThat(reply(staged.decide(mail("", ALICE)))).isEqualTo("accepted");
        clock.advance(Duration.ofDays(10));
        assertThat(reply(staged.decide(mail("", ALICE)))).startsWith("550");
    }

    @Test
    void acceptsUnsignedBouncesWithoutRules() {
        SenderPolicy policy =
                SenderPolicy.builder("mx.example.org").ses(ses, DOMAINS).build();
        assertThat(reply(policy.decide(mail("", ALICE)))).isEqualTo("accepted");
    }

    @Test
    void requiresContentStageForDefaultRules() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SenderPolicy.builder("mx.example.org").ses(ses, DOMAINS, BounceRules.defaults(), clock, false));
    }
}
