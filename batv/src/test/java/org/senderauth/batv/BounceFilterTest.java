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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.testkit.ManualClock;

/** Rules of the bounce filter outside the table that {@link BounceTableTest} has. */
class BounceFilterTest {

    private static final Instant NOON = Instant.ofEpochSecond(1718452800);
    private static final BatvKeyring KEYS =
            BatvKeyring.of(SecretKeys.ofWeak("secret".getBytes(StandardCharsets.US_ASCII)));

    /** example.com has keys; those of down.example are unavailable; other domains have none. */
    private static final BatvKeys SOURCE = BatvKeys.perDomain(
            Map.of("example.com", KEYS),
            domain -> domain.equals("down.example") ? new BatvKeys.Unavailable("no route") : new BatvKeys.None());

    /** ann@example.com is not opted in. */
    private static final RolloutSchedule OPTED_IN =
            RolloutSchedule.of(Map.of("ann@example.com", RolloutSchedule.Dates.NEVER), RolloutSchedule.Dates.ALWAYS);

    private final ManualClock clock = ManualClock.at(NOON);

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
        return Bounce.of(
                sender.equals("<>") ? null : address(sender),
                List.of(recipients).stream().map(BounceFilterTest::address).toList());
    }

    private static final String VALID = "prvs=0896eca59c=joe@example.com";
    private static final String FORGED = "prvs=0896eca59d=joe@example.com";
    private static final String EXPIRED = "prvs=08827e88c0=joe@example.com";
    private static final String UNTAGGED = "joe@example.com";

    @Test
    void rulesRefuseWhatMakesNoSense() {
        assertThatThrownBy(() -> rules().onInvalid(BounceAction.CHECK_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().onTaggedNonBounce(BounceAction.CHECK_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().onKeysUnavailable(BounceAction.CHECK_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().onContent(MessageKind.DSN, BounceAction.CHECK_CONTENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().failureLimit(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().refusal("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rules().refusal("zwei\r\nZeilen")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bounce.of(null, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void repliesHaveEnhancedCodes() {
        assertThat(filter(rules()).atRcpt(mail("<>", FORGED)).smtpReply().orElseThrow())
                .hasToString("550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag)");
        assertThat(filter(rules().refusal("Not our message"))
                        .atRcpt(mail("<>", FORGED))
                        .smtpReply()
                        .orElseThrow())
                .hasToString("550 5.7.1 Not our message");
        assertThat(filter(rules())
                        .decide(mail("<>", "joe@down.example"))
                        .smtpReply()
                        .orElseThrow())
                .hasToString("451 4.3.0 Bounce check temporarily unavailable, try again later");
    }

    @Test
    void exemptPeersNeedNoTagButForgedOnesAreRefused() throws UnknownHostException {
        InetAddress list = InetAddress.getByName("192.0.2.1");
        BounceRules.Builder rules = rules().exemptPeers(list::equals).onUnsigned(BounceAction.REJECT);

        RecipientDecision exempt = filter(rules).atRcpt(mail("<>", UNTAGGED).from(list));
        assertThat(exempt.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(exempt.reason()).isEqualTo(BounceReason.EXEMPT_PEER);
        assertThat(filter(rules).atRcpt(mail("<>", FORGED).from(list)).action()).isEqualTo(BounceAction.REJECT);
        assertThat(filter(rules)
                        .atRcpt(mail("<>", UNTAGGED).from(InetAddress.getByName("192.0.2.2")))
                        .action())
                .isEqualTo(BounceAction.REJECT);
    }

    @Test
    void rollOutSignsThenLogsThenEnforces() {
        Instant log = NOON.plus(Duration.ofDays(7));
        Instant enforce = NOON.plus(Duration.ofDays(14));
        BounceRules.Builder rules = BounceRules.builder()
                .onUnsigned(BounceAction.REJECT)
                .rollOut(RolloutSchedule.of(
                        Map.of("Example.COM", new RolloutSchedule.Dates(log, enforce)), RolloutSchedule.Dates.NEVER));

        RecipientDecision signing = filter(rules).atRcpt(mail("<>", UNTAGGED));
        assertThat(signing.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(signing.reason()).isEqualTo(BounceReason.NOT_OPTED_IN);
        assertThat(signing.isReportOnly()).isFalse();

        clock.set(log);
        for (String recipient : List.of(UNTAGGED, FORGED)) {
            RecipientDecision logged = filter(rules).atRcpt(mail("<>", recipient));
            assertThat(logged.action()).isEqualTo(BounceAction.ACCEPT);
            assertThat(logged.intended()).isEqualTo(BounceAction.REJECT);
            assertThat(logged.isReportOnly()).isTrue();
            assertThat(logged.smtpReply()).isEmpty();
            assertThat(logged.deliverTo()).hasToString(UNTAGGED);
        }
        clock.set(enforce);
        assertThat(filter(rules).atRcpt(mail("<>", UNTAGGED)).action()).isEqualTo(BounceAction.REJECT);
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
    void rollOutGoesByAddressThenByDomain(String address, RolloutSchedule.Stage stage) {
        RolloutSchedule plan = RolloutSchedule.of(
                Map.of(
                        "EXAMPLE.com", RolloutSchedule.Dates.ALWAYS,
                        "Ann@example.com", RolloutSchedule.Dates.NEVER,
                        "example.net", new RolloutSchedule.Dates(NOON, null)),
                RolloutSchedule.Dates.NEVER);

        assertThat(plan.stage(address(address), NOON)).isEqualTo(stage);
        assertThat(plan.stage(address("jim@example.net"), NOON.minusNanos(1))).isEqualTo(RolloutSchedule.Stage.OFF);
        assertThat(RolloutSchedule.everyone().stage(address(address), NOON)).isEqualTo(RolloutSchedule.Stage.ENFORCE);
    }

    @Test
    void rollOutMayTakeSubAddressesForTheirUser() {
        RolloutSchedule plan = RolloutSchedule.of(
                Map.of("joe@example.com", RolloutSchedule.Dates.ALWAYS, "+@example.com", RolloutSchedule.Dates.ALWAYS),
                RolloutSchedule.Dates.NEVER);
        RolloutSchedule users = plan.withSubAddresses('+');

        assertThat(plan.stage(address("joe+list@example.com"), NOON)).isEqualTo(RolloutSchedule.Stage.OFF);
        assertThat(users.stage(address("joe+list+more@example.com"), NOON)).isEqualTo(RolloutSchedule.Stage.ENFORCE);
        assertThat(users.stage(address("joe@example.com"), NOON)).isEqualTo(RolloutSchedule.Stage.ENFORCE);
        assertThat(users.stage(address("joe-list@example.com"), NOON)).isEqualTo(RolloutSchedule.Stage.OFF);
        assertThat(users.stage(address("+@example.com"), NOON)).isEqualTo(RolloutSchedule.Stage.ENFORCE);
    }

    @Test
    void rejectsOnlyUntaggedOfSeveralRecipients() {
        BounceFilter filter = filter(rules());
        RecipientDecision second = filter.atRcpt(mail("<>", VALID, UNTAGGED));

        assertThat(second.recipient()).hasToString(UNTAGGED);
        assertThat(second.action()).isEqualTo(BounceAction.REJECT);
        assertThat(second.reason()).isEqualTo(BounceReason.NO_TAG);
        BounceRules.Builder marking = rules().onContent(MessageKind.DSN, BounceAction.ADD_HEADER);
        assertThat(filter(marking).atRcpt(mail("<>", VALID, UNTAGGED)).action()).isEqualTo(BounceAction.ADD_HEADER);

        BounceDecision mixed = filter.decide(mail("<>", FORGED, VALID));
        assertThat(mixed.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(mixed.smtpReply()).isEmpty();
        assertThat(mixed.recipients())
                .extracting(RecipientDecision::action)
                .containsExactly(BounceAction.REJECT, BounceAction.ACCEPT);
        assertThat(filter.decide(mail("<>", FORGED, EXPIRED)).action()).isEqualTo(BounceAction.REJECT);
        assertThat(filter.decide(mail("<>", FORGED, EXPIRED)).smtpReply()).isPresent();
        assertThat(filter.decide(mail("<>", VALID, "joe@down.example")).action())
                .isEqualTo(BounceAction.DEFER);
    }

    @Test
    void replyIsThatOfTheFirstRecipientWhoseActionLeads() throws UnknownHostException {
        BounceFilter filter = new BounceFilter(
                batv(),
                rules().failureLimit(1).build(),
                clock,
                new MemoryFailureCounter(Duration.ofHours(1), clock::nanoTime));
        BounceDecision decision =
                filter.decide(mail("<>", "joe@down.example", FORGED, FORGED).from(InetAddress.getByName("192.0.2.1")));

        assertThat(decision.recipients())
                .extracting(RecipientDecision::action)
                .containsExactly(BounceAction.DEFER, BounceAction.REJECT, BounceAction.DEFER);
        assertThat(decision.smtpReply().orElseThrow().toString()).startsWith("451 4.3.0 ");
    }

    @Test
    void ordinaryMailThatOneRecipientRefusesIsRefusedForAll() {
        BounceFilter filter = filter(rules().onTaggedNonBounce(BounceAction.REJECT));

        assertThat(filter.decide(mail("jim@example.org", UNTAGGED, VALID)).action())
                .isEqualTo(BounceAction.REJECT);
    }

    @Test
    void bounceMayBeHeldToOneRecipient() throws UnknownHostException {
        InetAddress relay = InetAddress.getByName("192.0.2.1");
        BounceRules.Builder rules = rules().oneRecipient(true).exemptPeers(relay::equals);
        BounceFilter filter = filter(rules);

        assertThat(filter.atRcpt(mail("<>", VALID)).action()).isEqualTo(BounceAction.ACCEPT);
        RecipientDecision second = filter.atRcpt(mail("<>", VALID, VALID));
        assertThat(second.action()).isEqualTo(BounceAction.DEFER);
        assertThat(second.reason()).isEqualTo(BounceReason.SEVERAL_RECIPIENTS);
        assertThat(second.smtpReply().orElseThrow().toString()).startsWith("452 4.5.3 ");
        assertThat(filter.decide(mail("<>", VALID, VALID).with(new MessageContent(MessageKind.OTHER, "")))
                        .action())
                .isEqualTo(BounceAction.REJECT);
        assertThat(filter.atRcpt(mail("<>", VALID, VALID).from(relay)).action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atRcpt(mail("jim@example.org", VALID, VALID)).action())
                .isEqualTo(BounceAction.ACCEPT);
    }

    @Test
    void failuresAreCountedPerClientAndMayBeLimited() throws UnknownHostException {
        InetAddress guesser = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("192.0.2.2");
        MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofHours(1), clock::nanoTime);
        BounceFilter filter = new BounceFilter(batv(), rules().failureLimit(2).build(), clock, counter);

        assertThat(filter.atRcpt(mail("<>", FORGED).from(guesser)).clientFailures())
                .isEqualTo(1);
        assertThat(filter.atRcpt(mail("<>", VALID).from(guesser)).clientFailures())
                .isEqualTo(1);
        assertThat(filter.atRcpt(mail("<>", FORGED).from(guesser)).action()).isEqualTo(BounceAction.REJECT);
        RecipientDecision third = filter.atRcpt(mail("<>", FORGED).from(guesser));
        assertThat(third.clientFailures()).isEqualTo(3);
        assertThat(third.action()).isEqualTo(BounceAction.DEFER);
        assertThat(third.reason()).isEqualTo(BounceReason.TOO_MANY_FAILURES);
        assertThat(third.smtpReply().orElseThrow().toString()).startsWith("450 4.7.1 ");
        // a good tag is no oracle either
        assertThat(filter.atRcpt(mail("<>", VALID).from(guesser)).action()).isEqualTo(BounceAction.DEFER);
        assertThat(filter.atRcpt(mail("jim@example.org", VALID).from(guesser)).action())
                .isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atRcpt(mail("<>", FORGED).from(other)).action()).isEqualTo(BounceAction.REJECT);
        assertThat(filter.atRcpt(mail("<>", FORGED)).clientFailures()).isZero();

        clock.advance(Duration.ofHours(1));
        assertThat(filter.atRcpt(mail("<>", VALID).from(guesser)).action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(filter.atRcpt(mail("<>", FORGED).from(guesser)).clientFailures())
                .isEqualTo(1);
    }

    @Test
    void enforcesNothingOnMonitoredRecipients() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        BounceRules rules = BounceRules.builder()
                .failureLimit(2)
                .oneRecipient(true)
                .rollOut((address, now) -> RolloutSchedule.Stage.LOG)
                .build();
        BounceFilter filter =
                new BounceFilter(batv(), rules, clock, new MemoryFailureCounter(Duration.ofHours(1), clock::nanoTime));

        assertReportedOnly(filter.atRcpt(mail("<>", "prvs=0896eca59c=joe@down.example")), BounceAction.DEFER);
        assertReportedOnly(filter.atRcpt(mail("<>", VALID, VALID)), BounceAction.DEFER);
        assertReportedOnly(filter.atRcpt(mail("<>", FORGED).from(client)), BounceAction.REJECT);
        assertReportedOnly(filter.atRcpt(mail("<>", FORGED).from(client)), BounceAction.REJECT);
        assertReportedOnly(filter.atRcpt(mail("<>", FORGED).from(client)), BounceAction.DEFER);
        assertReportedOnly(filter.atRcpt(mail("<>", VALID).from(client)), BounceAction.DEFER);
        // the content is wanted all the same, or the log would not tell what becomes of it
        assertThat(filter.atRcpt(mail("<>", UNTAGGED)).action()).isEqualTo(BounceAction.CHECK_CONTENT);
        assertReportedOnly(
                filter.atEndOfData(mail("<>", UNTAGGED).with(new MessageContent(MessageKind.DSN, "the test")))
                        .recipients()
                        .get(0),
                BounceAction.REJECT);
    }

    private static void assertReportedOnly(RecipientDecision decision, BounceAction intended) {
        assertThat(decision.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(decision.intended()).isEqualTo(intended);
        assertThat(decision.isReportOnly()).isTrue();
        assertThat(decision.smtpReply()).isEmpty();
    }

    @Test
    void failureIsCountedOnceHoweverOftenItIsJudged() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        MessageContent dsn = new MessageContent(MessageKind.DSN, "the test");
        MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofHours(1), clock::nanoTime);
        BounceFilter filter = new BounceFilter(
                batv(), rules().onInvalid(BounceAction.ADD_HEADER).build(), clock, counter);

        Bounce forged = mail("<>", FORGED).from(client);
        filter.atRcpt(forged);
        assertThat(filter.atEndOfData(forged.with(dsn)).recipients().get(0).clientFailures())
                .isEqualTo(1);
        Bounce untagged = mail("<>", UNTAGGED).from(client);
        assertThat(filter.atRcpt(untagged).clientFailures()).isEqualTo(1);
        assertThat(filter.atEndOfData(untagged.with(dsn)).recipients().get(0).clientFailures())
                .isEqualTo(2);
        // a filter that decides at the end of data only counts everything there
        assertThat(filter.decide(forged.with(dsn)).recipients().get(0).clientFailures())
                .isEqualTo(3);
        assertThat(filter.decide(untagged.with(dsn)).recipients().get(0).clientFailures())
                .isEqualTo(4);
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

        assertThat(decision.reason()).isEqualTo(BounceReason.VALID_TAG);
        assertThat(decision.deliverTo()).hasToString("joe@example.com");
    }

    @Test
    void defaultRulesEnforceForAllRecipients() {
        BounceFilter filter = new BounceFilter(batv(), BounceRules.defaults(), InstantSource.fixed(NOON));

        assertThat(filter.atRcpt(mail("<>", "prvs=0896eca59c=ann@example.com")).action())
                .isEqualTo(BounceAction.REJECT);
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
