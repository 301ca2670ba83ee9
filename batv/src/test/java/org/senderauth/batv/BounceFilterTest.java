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
import org.senderauth.testkit.SteppingClock;

/** What the bounce filter does beside the table, which {@link BounceTableTest} holds. */
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
    private static final String UNTAGGED = "joe@example.com";

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
    void rollOutMayTakeSubAddressesForTheirUser() {
        RollOut plan = RollOut.of(
                Map.of("joe@example.com", RollOut.Dates.ALWAYS, "+@example.com", RollOut.Dates.ALWAYS),
                RollOut.Dates.NEVER);
        RollOut users = plan.withSubAddresses('+');

        assertThat(plan.stage(address("joe+list@example.com"), NOON)).isEqualTo(RollOut.Stage.OFF);
        assertThat(users.stage(address("joe+list+more@example.com"), NOON)).isEqualTo(RollOut.Stage.ENFORCE);
        assertThat(users.stage(address("joe@example.com"), NOON)).isEqualTo(RollOut.Stage.ENFORCE);
        assertThat(users.stage(address("joe-list@example.com"), NOON)).isEqualTo(RollOut.Stage.OFF);
        assertThat(users.stage(address("+@example.com"), NOON)).isEqualTo(RollOut.Stage.ENFORCE);
    }

    @Test
    void severalRecipientsAreJudgedEachAndTheUntaggedIsNotPutOff() {
        BounceFilter filter = filter(rules());
        RecipientDecision second = filter.atRcpt(mail("<>", VALID, UNTAGGED));

        assertThat(second.recipient()).hasToString(UNTAGGED);
        assertThat(second.action()).isEqualTo(BounceAction.REFUSE);
        assertThat(second.reason()).isEqualTo(BounceReason.NO_TAG);
        BounceRules.Builder marking = rules().onContent(MessageKind.DSN, BounceAction.MARK);
        assertThat(filter(marking).atRcpt(mail("<>", VALID, UNTAGGED)).action()).isEqualTo(BounceAction.MARK);

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
    void replyIsThatOfTheFirstRecipientWhoseActionLeads() throws UnknownHostException {
        BounceFilter filter = new BounceFilter(
                batv(), rules().failureLimit(1).build(), clock, new MemoryFailureCounter(Duration.ofHours(1)));
        BounceDecision decision =
                filter.decide(mail("<>", "joe@down.example", FORGED, FORGED).from(InetAddress.getByName("192.0.2.1")));

        assertThat(decision.recipients())
                .extracting(RecipientDecision::action)
                .containsExactly(BounceAction.TRY_LATER, BounceAction.REFUSE, BounceAction.TRY_LATER);
        assertThat(decision.reply().orElseThrow().toString()).startsWith("451 4.3.0 ");
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
    void nothingIsEnforcedOnThoseWhoAreOnlyLogged() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        BounceRules rules = BounceRules.builder()
                .failureLimit(2)
                .oneRecipient(true)
                .rollOut((address, now) -> RollOut.Stage.LOG)
                .build();
        BounceFilter filter = new BounceFilter(batv(), rules, clock, new MemoryFailureCounter(Duration.ofHours(1)));

        assertReportedOnly(filter.atRcpt(mail("<>", "prvs=0896eca59c=joe@down.example")), BounceAction.TRY_LATER);
        assertReportedOnly(filter.atRcpt(mail("<>", VALID, VALID)), BounceAction.TRY_LATER);
        assertReportedOnly(filter.atRcpt(mail("<>", FORGED).from(client)), BounceAction.REFUSE);
        assertReportedOnly(filter.atRcpt(mail("<>", FORGED).from(client)), BounceAction.REFUSE);
        assertReportedOnly(filter.atRcpt(mail("<>", FORGED).from(client)), BounceAction.TRY_LATER);
        assertReportedOnly(filter.atRcpt(mail("<>", VALID).from(client)), BounceAction.TRY_LATER);
        // the content is wanted all the same, or the log would not tell what becomes of it
        assertThat(filter.atRcpt(mail("<>", UNTAGGED)).action()).isEqualTo(BounceAction.LOOK_AT_CONTENT);
        assertReportedOnly(
                filter.atEndOfData(mail("<>", UNTAGGED).with(new MessageContent(MessageKind.DSN, "the test")))
                        .recipients()
                        .get(0),
                BounceAction.REFUSE);
    }

    private static void assertReportedOnly(RecipientDecision decision, BounceAction intended) {
        assertThat(decision.action()).isEqualTo(BounceAction.ACCEPT);
        assertThat(decision.intended()).isEqualTo(intended);
        assertThat(decision.isReportOnly()).isTrue();
        assertThat(decision.reply()).isEmpty();
    }

    @Test
    void failureIsCountedOnceHoweverOftenItIsJudged() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        MessageContent dsn = new MessageContent(MessageKind.DSN, "the test");
        MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofHours(1));
        BounceFilter filter =
                new BounceFilter(batv(), rules().onInvalid(BounceAction.MARK).build(), clock, counter);

        Bounce forged = mail("<>", FORGED).from(client);
        filter.atRcpt(forged);
        assertThat(filter.atEndOfData(forged.with(dsn)).recipients().get(0).clientFailures())
                .isEqualTo(1);
        Bounce untagged = mail("<>", UNTAGGED).from(client);
        assertThat(filter.atRcpt(untagged).clientFailures()).isEqualTo(1);
        assertThat(filter.atEndOfData(untagged.with(dsn)).recipients().get(0).clientFailures())
                .isEqualTo(2);
        // whoever decides at the end of data only, counts everything there
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
