package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.testkit.SteppingClock;

/** The decision table of docs/batv.md, and each switch that changes a row of it. */
class BounceFilterTest {

    private static final Instant NOON = Instant.ofEpochSecond(1718452800);
    private static final BatvKeyring KEYS =
            BatvKeyring.of(SecretKeys.ofWeak("secret".getBytes(StandardCharsets.US_ASCII)));

    /** example.com has keys; down.example has some that cannot be had; nobody else has any. */
    private static final BatvKeys SOURCE = BatvKeys.perDomain(
            Map.of("example.com", KEYS),
            domain -> domain.equals("down.example") ? new BatvKeys.Unavailable("no route") : new BatvKeys.None());

    /** ann@example.com is not opted in. */
    private static final RollOut OPTED_IN =
            RollOut.of(Map.of("ann@example.com", RollOut.Dates.NEVER), RollOut.Dates.ALWAYS);

    private final SteppingClock clock = SteppingClock.at(NOON);

    private Batv batv() {
        return Batv.builder().keys(SOURCE).clock(clock).build();
    }

    private static BounceRules.Builder rules() {
        return BounceRules.builder().rollOut(OPTED_IN);
    }

    private BounceFilter filter(BounceRules.Builder rules) {
        return new BounceFilter(batv(), rules.build(), clock);
    }

    private static MailAddress address(String text) {
        return MailAddress.split(text).orElseThrow();
    }

    private static Bounce mail(String sender, String... recipients) {
        return new Bounce(
                sender.equals("<>") ? null : address(sender),
                List.of(recipients).stream().map(BounceFilterTest::address).toList(),
                null,
                null);
    }

    private static final String VALID = "prvs=0896eca59c=joe@example.com";
    private static final String FORGED = "prvs=0896eca59d=joe@example.com";
    private static final String EXPIRED = "prvs=08827e88c0=joe@example.com";
    private static final String FOREIGN = "prvs=750139ea6=joe@example.com";
    private static final String UNTAGGED = "joe@example.com";

    @ParameterizedTest(name = "{0} from {1}: {2}, {4}")
    @CsvSource(delimiter = '|', textBlock = """
        # recipient                          | sender              | action          | deliver to            | reason
          prvs=0896eca59c=joe@example.com    | <>                  | ACCEPT          | joe@example.com       | ANSWERS_OUR_MAIL
          prvs=0896eca59c=joe@example.com    | jim@example.org     | ACCEPT          | joe@example.com       | ORDINARY_MAIL_TO_TAG
          prvs=08827e88c0=joe@example.com    | <>                  | REFUSE          | joe@example.com       | EXPIRED_TAG
          prvs=08827e88c0=joe@example.com    | jim@example.org     | ACCEPT          | joe@example.com       | ORDINARY_MAIL_TO_TAG
          prvs=0896eca59d=joe@example.com    | <>                  | REFUSE          | joe@example.com       | FORGED_TAG
          prvs=0896eca59d=joe@example.com    | jim@example.org     | ACCEPT          | joe@example.com       | ORDINARY_MAIL_TO_TAG
          prvs=3896eca59c=joe@example.com    | <>                  | REFUSE          | joe@example.com       | FORGED_TAG
          joe@example.com                    | <>                  | LOOK_AT_CONTENT | joe@example.com       | NO_TAG
          joe@example.com                    | mailer-daemon@a.example | LOOK_AT_CONTENT | joe@example.com   | NO_TAG
          joe@example.com                    | MAILER-DAEMON@a.example | LOOK_AT_CONTENT | joe@example.com   | NO_TAG
          joe@example.com                    | postmaster@a.example | ACCEPT         | joe@example.com       | ORDINARY_MAIL
          joe@example.com                    | jim@example.org     | ACCEPT          | joe@example.com       | ORDINARY_MAIL
          ann@example.com                    | <>                  | ACCEPT          | ann@example.com       | NOT_OPTED_IN
          prvs=0896eca59c=ann@example.com    | <>                  | ACCEPT          | ann@example.com       | NOT_OPTED_IN
          prvs=0896eca59c=ann@example.com    | jim@example.org     | ACCEPT          | ann@example.com       | ORDINARY_MAIL_TO_TAG
          prvs=750139ea6=joe@example.com     | <>                  | REFUSE          | joe@example.com       | FOREIGN_TAG
          prvs=750139ea6=joe@example.com     | jim@example.org     | ACCEPT          | joe@example.com       | ORDINARY_MAIL_TO_TAG
          prvs=0896eca59c=joe@down.example   | <>                  | TRY_LATER       | joe@down.example      | KEYS_UNAVAILABLE
          prvs=750139ea6=joe@down.example    | <>                  | TRY_LATER       | joe@down.example      | KEYS_UNAVAILABLE
          joe@down.example                   | <>                  | TRY_LATER       | joe@down.example      | KEYS_UNAVAILABLE
          prvs=0896eca59c=joe@down.example   | jim@example.org     | ACCEPT          | joe@down.example      | ORDINARY_MAIL_TO_TAG
          joe@example.net                    | <>                  | ACCEPT          | joe@example.net       | NOT_OPTED_IN
          prvs=0896eca59c=joe@example.net    | <>                  | ACCEPT          | prvs=0896eca59c=joe@example.net | NOT_OPTED_IN
          prvs=0896eca59c=joe@example.net    | jim@example.org     | ACCEPT          | prvs=0896eca59c=joe@example.net | ORDINARY_MAIL
          prvs=750139ea6=joe@example.net     | <>                  | ACCEPT          | joe@example.net       | NOT_OPTED_IN
          SRS0=HHHH=TT=a.example=b@example.com | <>                | ACCEPT          | SRS0=HHHH=TT=a.example=b@example.com | CANNOT_BE_TAGGED
          aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com | <> | ACCEPT | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com | CANNOT_BE_TAGGED
        """)
    void defaultsAreTheTable(
            String recipient, String sender, BounceAction action, String deliverTo, BounceReason reason) {
        RecipientDecision decision = filter(rules()).atRcpt(mail(sender, recipient));

        assertThat(decision.action()).isEqualTo(action);
        assertThat(decision.intended()).isEqualTo(action);
        assertThat(decision.isReportOnly()).isFalse();
        assertThat(decision.reason()).isEqualTo(reason);
        assertThat(decision.recipient()).hasToString(recipient);
        assertThat(decision.deliverTo()).hasToString(deliverTo);
        assertThat(decision.reply().isPresent())
                .isEqualTo(action == BounceAction.REFUSE || action == BounceAction.TRY_LATER);
    }

    @ParameterizedTest
    @CsvSource({
        "DSN, REFUSE",
        "BACKSCATTER, REFUSE",
        "MDN, ACCEPT",
        "AUTO_REPLY, ACCEPT",
        "OTHER, ACCEPT",
    })
    void messageWithoutTagIsJudgedByItsContent(MessageKind kind, BounceAction action) {
        MessageContent content = new MessageContent(kind, "the test");
        BounceDecision decision = filter(rules()).decide(mail("<>", UNTAGGED).with(content));

        assertThat(decision.action()).isEqualTo(action);
        assertThat(decision.recipients().get(0).reason()).isEqualTo(BounceReason.NO_TAG_CONTENT);
        BounceRules.Builder marked = rules().onContent(kind, BounceAction.MARK);
        assertThat(filter(marked).decide(mail("<>", UNTAGGED).with(content)).action())
                .isEqualTo(BounceAction.MARK);
        // what carries a tag is judged by it alone
        assertThat(filter(rules()).decide(mail("<>", VALID).with(content)).action())
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(filter(rules()).decide(mail("<>", FORGED).with(content)).action())
                .isEqualTo(BounceAction.REFUSE);
    }

    @Test
    void eachSwitchChangesItsRow() {
        assertThat(action(rules().mailerDaemon(false), "mailer-daemon@a.example", UNTAGGED))
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(action(rules().onUnsigned(BounceAction.REFUSE), "<>", UNTAGGED))
                .isEqualTo(BounceAction.REFUSE);
        for (String invalid : List.of(FORGED, EXPIRED, FOREIGN)) {
            assertThat(action(rules().onInvalid(BounceAction.QUARANTINE), "<>", invalid))
                    .isEqualTo(BounceAction.QUARANTINE);
        }
        assertThat(action(rules().onOrdinaryToTag(BounceAction.REFUSE), "jim@example.org", VALID))
                .isEqualTo(BounceAction.REFUSE);
        assertThat(action(rules().onOrdinaryToTag(BounceAction.REFUSE), "jim@example.org", UNTAGGED))
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(action(rules().onKeysUnavailable(BounceAction.ACCEPT), "<>", "joe@down.example"))
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(action(rules().migrateFrom(Set.of(BatvForm.IRONPORT)), "<>", FOREIGN))
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(action(rules().migrateFrom(Set.of(BatvForm.BARRACUDA)), "<>", FOREIGN))
                .isEqualTo(BounceAction.REFUSE);
    }

    private BounceAction action(BounceRules.Builder rules, String sender, String recipient) {
        return filter(rules).atRcpt(mail(sender, recipient)).action();
    }

    @Test
    void rulesRefuseWhatMakesNoSense() {
        assertThatThrownBy(() -> rules().onInvalid(BounceAction.LOOK_AT_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().onOrdinaryToTag(BounceAction.LOOK_AT_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().onKeysUnavailable(BounceAction.LOOK_AT_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().onContent(MessageKind.DSN, BounceAction.LOOK_AT_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().failureLimit(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().refusal("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().refusal("zwei\r\nZeilen")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bounce(null, List.of(), null, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void repliesHaveEnhancedCodes() {
        assertThat(filter(rules()).atRcpt(mail("<>", FORGED)).reply().orElseThrow())
                .hasToString("550 5.7.1 This address sent no mail that this bounce could answer");
        assertThat(filter(rules().refusal("Not our message"))
                        .atRcpt(mail("<>", FORGED))
                        .reply()
                        .orElseThrow())
                .hasToString("550 5.7.1 Not our message");
        assertThat(filter(rules())
                        .decide(mail("<>", "joe@down.example"))
                        .reply()
                        .orElseThrow())
                .hasToString("451 4.3.0 Cannot check this bounce now, try again later");
    }

    @Test
    void exemptPeersNeedNoTagButForgedOnesAreRefused() throws UnknownHostException {
        InetAddress list = InetAddress.getByName("192.0.2.1");
        BounceRules.Builder rules = rules().exemptPeers(list::equals).onUnsigned(BounceAction.REFUSE);

        RecipientDecision exempt = filter(rules).atRcpt(mail("<>", UNTAGGED).from(list));
        assertThat(exempt.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(exempt.reason()).isEqualTo(BounceReason.EXEMPT_PEER);
        assertThat(filter(rules).atRcpt(mail("<>", FORGED).from(list)).action()).isEqualTo(BounceAction.REFUSE);
        assertThat(filter(rules)
                        .atRcpt(mail("<>", UNTAGGED).from(InetAddress.getByName("192.0.2.2")))
                        .action())
                .isEqualTo(BounceAction.REFUSE);
    }

    @Test
    void rollOutSignsThenLogsThenEnforces() {
        Instant log = NOON.plus(Duration.ofDays(7));
        Instant enforce = NOON.plus(Duration.ofDays(14));
        BounceRules.Builder rules = BounceRules.builder()
                .onUnsigned(BounceAction.REFUSE)
                .rollOut(RollOut.of(Map.of("Example.COM", new RollOut.Dates(log, enforce)), RollOut.Dates.NEVER));

        RecipientDecision signing = filter(rules).atRcpt(mail("<>", UNTAGGED));
        assertThat(signing.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(signing.reason()).isEqualTo(BounceReason.NOT_OPTED_IN);
        assertThat(signing.isReportOnly()).isFalse();

        clock.set(log);
        for (String recipient : List.of(UNTAGGED, FORGED)) {
            RecipientDecision logged = filter(rules).atRcpt(mail("<>", recipient));
            assertThat(logged.action()).isEqualTo(BounceAction.ACCEPT);
            assertThat(logged.intended()).isEqualTo(BounceAction.REFUSE);
            assertThat(logged.isReportOnly()).isTrue();
            assertThat(logged.reply()).isEmpty();
            assertThat(logged.deliverTo()).hasToString(UNTAGGED);
        }
        clock.set(enforce);
        assertThat(filter(rules).atRcpt(mail("<>", UNTAGGED)).action()).isEqualTo(BounceAction.REFUSE);
        assertThat(filter(rules).atRcpt(mail("<>", UNTAGGED)).isReportOnly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "joe@example.com, ENFORCE",
        "JOE@Example.com, ENFORCE",
        "ann@example.com, OFF",
        "jim@example.net, LOG",
        "jim@example.org, OFF",
    })
    void rollOutGoesByAddressThenByDomain(String address, RollOut.Stage stage) {
        RollOut plan = RollOut.of(
                Map.of(
                        "EXAMPLE.com", RollOut.Dates.ALWAYS,
                        "Ann@example.com", RollOut.Dates.NEVER,
                        "example.net", new RollOut.Dates(NOON, null)),
                RollOut.Dates.NEVER);

        assertThat(plan.stage(address(address), NOON)).isEqualTo(stage);
        assertThat(plan.stage(address("jim@example.net"), NOON.minusNanos(1))).isEqualTo(RollOut.Stage.OFF);
        assertThat(RollOut.everyone().stage(address(address), NOON)).isEqualTo(RollOut.Stage.ENFORCE);
    }

    @Test
    void severalRecipientsAreJudgedEachAndTheUntaggedIsNotPutOff() {
        BounceFilter filter = filter(rules());
        RecipientDecision second = filter.atRcpt(mail("<>", VALID, UNTAGGED));

        assertThat(second.recipient()).hasToString(UNTAGGED);
        assertThat(second.action()).isEqualTo(BounceAction.REFUSE);
        assertThat(second.reason()).isEqualTo(BounceReason.NO_TAG);

        BounceDecision mixed = filter.decide(mail("<>", FORGED, VALID));
        assertThat(mixed.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(mixed.reply()).isEmpty();
        assertThat(mixed.recipients())
                .extracting(RecipientDecision::action)
                .containsExactly(BounceAction.REFUSE, BounceAction.ACCEPT);
        assertThat(filter.decide(mail("<>", FORGED, EXPIRED)).action()).isEqualTo(BounceAction.REFUSE);
        assertThat(filter.decide(mail("<>", FORGED, EXPIRED)).reply()).isPresent();
        assertThat(filter.decide(mail("<>", VALID, "joe@down.example")).action())
                .isEqualTo(BounceAction.TRY_LATER);
    }

    @Test
    void ordinaryMailThatOneRecipientRefusesIsRefusedForAll() {
        BounceFilter filter = filter(rules().onOrdinaryToTag(BounceAction.REFUSE));

        assertThat(filter.decide(mail("jim@example.org", UNTAGGED, VALID)).action())
                .isEqualTo(BounceAction.REFUSE);
    }

    @Test
    void bounceMayBeHeldToOneRecipient() throws UnknownHostException {
        InetAddress relay = InetAddress.getByName("192.0.2.1");
        BounceRules.Builder rules = rules().oneRecipient(true).exemptPeers(relay::equals);
        BounceFilter filter = filter(rules);

        assertThat(filter.atRcpt(mail("<>", VALID)).action()).isEqualTo(BounceAction.ACCEPT);
        RecipientDecision second = filter.atRcpt(mail("<>", VALID, VALID));
        assertThat(second.action()).isEqualTo(BounceAction.TRY_LATER);
        assertThat(second.reason()).isEqualTo(BounceReason.SEVERAL_RECIPIENTS);
        assertThat(second.reply().orElseThrow().toString()).startsWith("452 4.5.3 ");
        assertThat(filter.decide(mail("<>", VALID, VALID).with(new MessageContent(MessageKind.OTHER, "")))
                        .action())
                .isEqualTo(BounceAction.REFUSE);
        assertThat(filter.atRcpt(mail("<>", VALID, VALID).from(relay)).action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atRcpt(mail("jim@example.org", VALID, VALID)).action())
                .isEqualTo(BounceAction.ACCEPT);
    }

    @Test
    void failuresAreCountedPerClientAndMayBeLimited() throws UnknownHostException {
        InetAddress guesser = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("192.0.2.2");
        MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofHours(1));
        BounceFilter filter = new BounceFilter(batv(), rules().failureLimit(2).build(), clock, counter);

        assertThat(filter.atRcpt(mail("<>", FORGED).from(guesser)).clientFailures())
                .isEqualTo(1);
        assertThat(filter.atRcpt(mail("<>", VALID).from(guesser)).clientFailures())
                .isEqualTo(1);
        assertThat(filter.atRcpt(mail("<>", FORGED).from(guesser)).action()).isEqualTo(BounceAction.REFUSE);
        RecipientDecision third = filter.atRcpt(mail("<>", FORGED).from(guesser));
        assertThat(third.clientFailures()).isEqualTo(3);
        assertThat(third.action()).isEqualTo(BounceAction.TRY_LATER);
        assertThat(third.reason()).isEqualTo(BounceReason.TOO_MANY_FAILURES);
        assertThat(third.reply().orElseThrow().toString()).startsWith("450 4.7.1 ");
        // a good tag is no oracle either
        assertThat(filter.atRcpt(mail("<>", VALID).from(guesser)).action()).isEqualTo(BounceAction.TRY_LATER);
        assertThat(filter.atRcpt(mail("jim@example.org", VALID).from(guesser)).action())
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atRcpt(mail("<>", FORGED).from(other)).action()).isEqualTo(BounceAction.REFUSE);
        assertThat(filter.atRcpt(mail("<>", FORGED)).clientFailures()).isZero();

        clock.advance(Duration.ofHours(1));
        assertThat(filter.atRcpt(mail("<>", VALID).from(guesser)).action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atRcpt(mail("<>", FORGED).from(guesser)).clientFailures())
                .isEqualTo(1);
    }

    @Test
    void limitIsNotEnforcedOnThoseWhoAreOnlyLogged() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        BounceRules rules = BounceRules.builder()
                .failureLimit(1)
                .rollOut((address, now) -> RollOut.Stage.LOG)
                .build();
        BounceFilter filter = new BounceFilter(batv(), rules, clock, new MemoryFailureCounter(Duration.ofHours(1)));

        for (int failure = 1; failure <= 3; failure++) {
            RecipientDecision decision = filter.atRcpt(mail("<>", FORGED).from(client));
            assertThat(decision.clientFailures()).isEqualTo(failure);
            assertThat(decision.action()).isEqualTo(BounceAction.ACCEPT);
        }
    }

    @Test
    void keysThatCannotBeHadRefuseNobodyInTheLogStage() {
        BounceRules.Builder rules = BounceRules.builder().rollOut((address, now) -> RollOut.Stage.LOG);

        assertThat(filter(rules)
                        .atRcpt(mail("<>", "prvs=0896eca59c=joe@down.example"))
                        .action())
                .isEqualTo(BounceAction.TRY_LATER);
    }

    @Test
    void statusHeaderTellsTheVerdict() {
        BounceFilter filter = filter(rules());

        assertThat(filter.atRcpt(mail("<>", VALID)).statusHeader()).isEqualTo("X-Batv-Status: valid");
        assertThat(filter.atRcpt(mail("<>", EXPIRED)).statusHeader()).isEqualTo("X-Batv-Status: invalid, expired");
        assertThat(filter.atRcpt(mail("<>", UNTAGGED)).statusHeader()).isEqualTo("X-Batv-Status: invalid, unsigned");
    }

    @Test
    void severalTagsAreAllTakenAway() {
        // what Exim makes of a sender that carries its tag already
        RecipientDecision decision =
                filter(rules()).atRcpt(mail("<>", "prvs=08969ca877=prvs=0896eca59c=joe@example.com"));

        assertThat(decision.reason()).isEqualTo(BounceReason.ANSWERS_OUR_MAIL);
        assertThat(decision.deliverTo()).hasToString("joe@example.com");
    }

    @Test
    void defaultRulesEnforceEverybody() {
        BounceFilter filter = new BounceFilter(batv(), BounceRules.defaults(), InstantSource.fixed(NOON));

        assertThat(filter.atRcpt(mail("<>", "prvs=0896eca59c=ann@example.com")).action())
                .isEqualTo(BounceAction.REFUSE);
    }

    @Test
    void reasonsAreSentences() {
        for (BounceReason reason : BounceReason.values()) {
            assertThat(reason.text()).isNotBlank().doesNotEndWith(".");
        }
        for (BatvReason reason : BatvReason.values()) {
            assertThat(reason.text()).isNotBlank().doesNotEndWith(".");
        }
        for (SigningOutcome outcome : SigningOutcome.values()) {
            assertThat(outcome.text()).isNotBlank().doesNotEndWith(".");
        }
    }
}
