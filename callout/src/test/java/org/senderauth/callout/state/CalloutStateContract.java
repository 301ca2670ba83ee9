package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.ProbeRequest;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.Lesson.Tally;
import org.senderauth.testkit.SteppingClock;

/** What every {@link CalloutState} must do. Extend it and say how a state is made. */
public abstract class CalloutStateContract {

    /** Small limits, so that each is reached in a few steps. */
    protected static final CalloutLimits LIMITS = new CalloutLimits(
            Duration.ofSeconds(8),
            new Rate(Duration.ofSeconds(10), 4),
            new Rate(Duration.ofSeconds(1), 4),
            new Rate(Duration.ofSeconds(1), 12),
            2,
            5,
            100,
            6,
            3,
            Duration.ofHours(24),
            Duration.ofDays(7),
            1_000);

    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    private CalloutState state;

    /** For subclasses. */
    protected CalloutStateContract() {}

    /**
     * Makes an empty state.
     *
     * @param limits its limits
     * @param clock the clock that it must go by
     * @return a state that shares nothing with any other
     */
    protected abstract CalloutState create(CalloutLimits limits, InstantSource clock);

    @BeforeEach
    void start() {
        state = create(LIMITS, clock);
    }

    // ---- answers ----

    @Test
    void anUnknownAddressIsGrantedWithNothingKnown() {
        Grant grant = granted(ask("a@d1.test"));
        assertThat(grant.prior()).isNull();
        assertThat(grant.family()).isNull();
        assertThat(grant.facts().at(clock.instant())).isEqualTo(DomainFacts.NONE);
    }

    @Test
    void aFreshAnswerIsGivenWithoutAsking() {
        AddressRecord answer = negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3));
        store(ask("a@d1.test"), answer, null);
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, false, null));
    }

    @Test
    void anAnswerThatMayNotBeStaleIsAskedAgainWithItsPast() {
        AddressRecord answer = negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3));
        store(ask("a@d1.test"), answer, null);
        clock.advance(Duration.ofHours(3));
        assertThat(granted(ask("a@d1.test")).prior()).isEqualTo(answer);
    }

    @Test
    void anAnswerIsForgottenInTheEnd() {
        store(ask("a@d1.test"), negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3)), null);
        clock.advance(Duration.ofDays(8));
        assertThat(granted(ask("a@d1.test")).prior()).isNull();
    }

    @Test
    void aStaleAnswerIsServedAndAskedAgainOnce() {
        AddressRecord answer = positive();
        store(ask("a@d1.test"), answer, null);
        clock.advance(Duration.ofHours(25));
        Known first = (Known) admit(ask("a@d1.test"));
        assertThat(first.stale()).isTrue();
        assertThat(first.answer()).isEqualTo(answer);
        assertThat(first.refresh()).isNotNull();
        assertThat(first.refresh().prior()).isEqualTo(answer);
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, true, null));
    }

    @Test
    void aStaleAnswerIsServedWhateverTheLimits() {
        AddressRecord answer = positive();
        store(ask("a@d1.test"), answer, null);
        clock.advance(Duration.ofHours(25));
        assertThat(admit(ask("a@d1.test").withMayProbe(false))).isEqualTo(new Known(answer, false, true, null));
    }

    @Test
    void theDomainsAnswerComesFirst() {
        AddressRecord standing = negative(CalloutReason.NULL_MX, Duration.ofHours(1));
        store(ask("a@d1.test"), positive(), standing(standing));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(standing, true, false, null));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Known(standing, true, false, null));
        clock.advance(Duration.ofHours(1));
        assertThat(((Known) admit(ask("a@d1.test"))).ofDomain()).isFalse();
        granted(ask("b@d1.test"));
    }

    @Test
    void anUndecidedDomainTakesNothingFromAGoodAddress() {
        AddressRecord answer = positive();
        AddressRecord standing = negative(CalloutReason.UNREACHABLE, Duration.ofDays(2));
        store(ask("a@d1.test"), answer, standing(standing));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, false, null));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Known(standing, true, false, null));
        clock.advance(Duration.ofHours(25));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, true, null));
    }

    @Test
    void factsOfTheDomainAreGrantedUntilTheyAreOver() {
        DomainFacts facts = new DomainFacts(
                null,
                ProbeRequest.Known.NO,
                clock.instant().plus(Duration.ofDays(7)),
                ProbeRequest.Known.YES,
                clock.instant().plus(Duration.ofDays(1)));
        store(ask("a@d1.test"), positive(), facts);
        assertThat(granted(ask("b@d1.test")).facts().control()).isEqualTo(ProbeRequest.Known.YES);
        clock.advance(Duration.ofDays(1));
        Grant later = granted(ask("c@d1.test"));
        assertThat(later.facts().control()).isEqualTo(ProbeRequest.Known.UNKNOWN);
        assertThat(later.facts().catchAll()).isEqualTo(ProbeRequest.Known.NO);
    }

    // ---- families ----

    @Test
    void aGoodFamilyAnswersForItsMembers() {
        AddressRecord answer = positive();
        storeAt("base@d1.test", answer);
        assertThat(admit(member("tag1", "base@d1.test"))).isEqualTo(new Known(answer, false, false, null));
    }

    @Test
    void aBadFamilyAnswersForNobody() {
        storeAt("base@d1.test", negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3)));
        assertThat(granted(member("tag1", "base@d1.test")).family()).isNull();
    }

    @Test
    void aMembersOwnAnswerComesBeforeItsFamilys() {
        storeAt("base@d1.test", positive());
        AddressRecord own = negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3));
        storeAt("tag1", own);
        assertThat(admit(member("tag1", "base@d1.test"))).isEqualTo(new Known(own, false, false, null));
    }

    @Test
    void aStaleFamilyIsServedAndNamedToWhoAsksAgain() {
        AddressRecord answer = positive();
        storeAt("base@d1.test", answer);
        clock.advance(Duration.ofHours(25));
        Known known = (Known) admit(member("tag1", "base@d1.test"));
        assertThat(known.stale()).isTrue();
        assertThat(known.refresh()).isNotNull();
        assertThat(known.refresh().family()).isEqualTo(new Grant.Family("base@d1.test", answer));
    }

    @Test
    void threeDifferentProofsMakeAPattern() {
        AddressRecord proof = positive();
        for (String address : List.of("x1", "x2", "x2")) {
            prove(address, proof);
            clock.advance(Duration.ofSeconds(30));
        }
        assertThat(admit(patterned("x9"))).isInstanceOf(Granted.class);
        state = create(LIMITS, clock);
        for (String address : List.of("x1", "x2", "x3")) {
            prove(address, proof);
            clock.advance(Duration.ofSeconds(30));
        }
        assertThat(admit(patterned("x9"))).isEqualTo(new Known(proof, false, false, null));
    }

    // ---- leases ----

    @Test
    void oneAsksAndTheOthersHearThatHeDoes() {
        Grant grant = granted(ask("a@d1.test"));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Running());
        state.release(grant);
        granted(ask("a@d1.test"));
    }

    @Test
    void whatIsLearntEndsTheLeaseOfTheAddressButNotTheProbe() {
        knowCatchAll("d1.test");
        Grant first = granted(ask("a@d1.test"));
        state.learn(lesson(first, Map.of(), null, Tally.NONE, false, null));
        Grant second = granted(ask("a@d1.test"));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN_PROBES));
        state.release(first);
        granted(preferred("b@d1.test"));
        assertThat(second.token()).isNotEqualTo(first.token());
    }

    @Test
    void aLeaseThatNobodyEndsIsOverAfterAWhile() {
        Grant lost = granted(ask("a@d1.test"));
        clock.advance(StateRules.LEASE.minusMillis(1));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Running());
        clock.advance(Duration.ofMillis(1));
        granted(ask("a@d1.test"));
        // What comes late from the lost one does no harm to the new.
        state.release(lost);
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Running());
    }

    @Test
    void oneProbeAloneFindsOutAboutTheDomain() {
        Grant scout = granted(ask("a@d1.test"));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN_PROBES));
        state.release(scout);
        knowCatchAll("d1.test");
        granted(ask("b@d1.test"));
        granted(ask("c@d1.test"));
        assertThat(admit(ask("e@d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN_PROBES));
        granted(ask("a@d2.test"));
    }

    @Test
    void theEndOfOneProbeLeavesTheOthersCounted() {
        knowCatchAll("d1.test");
        Grant first = granted(preferred("a@d1.test"));
        granted(preferred("b@d1.test"));
        state.release(first);
        granted(preferred("c@d1.test"));
        assertThat(admit(preferred("e@d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN_PROBES));
    }

    // ---- budgets ----

    @Test
    void aDomainsBurstIsHalfKeptForMailThatPassesSpf() {
        assertThat(grantsInARow("d1.test", false)).isEqualTo(2);
        assertThat(admit(ask("z@d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN));
        assertThat(grantsInARow("d1.test", true)).isEqualTo(2);
        assertThat(admit(preferred("z@d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN));
    }

    @Test
    void aDomainsBudgetFillsUpAgain() {
        grantsInARow("d1.test", true);
        clock.advance(Duration.ofMillis(9_999));
        assertThat(grantsInARow("d1.test", true)).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(grantsInARow("d1.test", true)).isEqualTo(1);
        clock.advance(Duration.ofHours(1));
        assertThat(grantsInARow("d1.test", true)).isEqualTo(4);
    }

    @Test
    void aBoostMultipliesTheDomainsBudget() {
        int grants = 0;
        while (admit(boosted("a" + grants + "@d1.test", 3)) instanceof Granted granted) {
            state.release(granted.grant());
            grants++;
        }
        assertThat(grants).isEqualTo(6);
    }

    @Test
    void subdomainsShareTheBudgetOfTheirRegistrableDomain() {
        for (int i = 0; i < 2; i++) {
            state.release(granted(sub("a@h" + i + ".d1.test", "d1.test")));
        }
        assertThat(admit(sub("a@h9.d1.test", "d1.test"))).isEqualTo(new Limited(Limiter.DOMAIN));
    }

    @Test
    void theBudgetForAllHoldsAcrossDomains() {
        int grants = 0;
        for (int i = 0; i < 20; i++) {
            if (admit(ask("a@o" + i + ".test")) instanceof Granted granted) {
                state.release(granted.grant());
                grants++;
            }
        }
        assertThat(grants).isEqualTo(6);
        assertThat(admit(ask("a@o99.test"))).isEqualTo(new Limited(Limiter.OVERALL));
        granted(preferred("a@o99.test"));
    }

    @Test
    void aQuestionThatMayNotProbeIsLimited() {
        assertThat(admit(ask("a@d1.test").withMayProbe(false))).isEqualTo(new Limited(Limiter.OVERALL));
    }

    @Test
    void whatIsRefusedTakesNothingFromAnyBudget() {
        for (int i = 0; i < 50; i++) {
            admit(ask("a@d1.test").withMayProbe(false));
        }
        assertThat(grantsInARow("d1.test", false)).isEqualTo(2);
    }

    // ---- mail servers ----

    @Test
    void aMailServersBudgetHoldsForAllThatAskIt() {
        InetAddress host = host("192.0.2.1");
        assertThat(state.enterHost(host, ask("a@d1.test"))).isEqualTo(new HostAdmission.Open(HostRecord.NONE));
        assertThat(state.enterHost(host, ask("a@d2.test"))).isInstanceOf(HostAdmission.Open.class);
        assertThat(state.enterHost(host, ask("a@d3.test"))).isEqualTo(new HostAdmission.Exhausted());
        assertThat(state.enterHost(host, preferred("a@d3.test"))).isInstanceOf(HostAdmission.Open.class);
        assertThat(state.enterHost(host("192.0.2.2"), ask("a@d3.test"))).isInstanceOf(HostAdmission.Open.class);
        clock.advance(Duration.ofSeconds(2));
        assertThat(state.enterHost(host, ask("a@d3.test"))).isInstanceOf(HostAdmission.Open.class);
    }

    @Test
    void anIpv6NetworkHasOneBudget() {
        assertThat(state.enterHost(host("2001:db8::1"), ask("a@d1.test"))).isInstanceOf(HostAdmission.Open.class);
        assertThat(state.enterHost(host("2001:db8::2"), ask("a@d1.test"))).isInstanceOf(HostAdmission.Open.class);
        assertThat(state.enterHost(host("2001:db8::3"), ask("a@d1.test"))).isEqualTo(new HostAdmission.Exhausted());
        assertThat(state.enterHost(host("2001:db8:0:1::1"), ask("a@d1.test"))).isInstanceOf(HostAdmission.Open.class);
    }

    @Test
    void aBlockedMailServerIsNotEnteredUntilItsTimeIsOver() {
        InetAddress host = host("192.0.2.1");
        HostRecord blocked = new HostRecord(
                CalloutReason.HOST_BUSY,
                clock.instant().plus(Duration.ofMinutes(5)),
                1,
                clock.instant().plus(Duration.ofDays(7)),
                Instant.EPOCH);
        Grant grant = granted(ask("a@d1.test"));
        state.learn(new Lesson(grant, Map.of(), null, Map.of(host, blocked), Tally.NONE, false, null));
        state.release(grant);
        assertThat(state.enterHost(host, ask("b@d1.test")))
                .isEqualTo(new HostAdmission.Blocked(CalloutReason.HOST_BUSY));
        clock.advance(Duration.ofMinutes(5));
        assertThat(state.enterHost(host, ask("b@d1.test"))).isEqualTo(new HostAdmission.Open(blocked));
    }

    // ---- forgery ----

    @Test
    void aDomainWithHardlyAGoodAnswerIsAskedNextToNothing() {
        answer("d1.test", Tally.BAD, 6, false);
        assertThat(admit(ask("z@d1.test"))).isEqualTo(new Limited(Limiter.FORGERY));
        granted(ask("z@d2.test"));
    }

    @Test
    void mailThatPassesSpfIsJudgedByItsOwnAnswers() {
        answer("d1.test", Tally.BAD, 6, false);
        Grant preferred = granted(preferred("z@d1.test"));
        state.release(preferred);
        answer("d1.test", Tally.BAD, 6, true);
        assertThat(admit(preferred("y@d1.test"))).isEqualTo(new Limited(Limiter.FORGERY));
    }

    @Test
    void oneGoodAnswerInTenIsEnough() {
        answer("d1.test", Tally.GOOD, 1, false);
        answer("d1.test", Tally.BAD, 9, false);
        granted(ask("z@d1.test"));
    }

    @Test
    void answersWithoutAMailServerDoNotCount() {
        answer("d1.test", Tally.NONE, 20, false);
        granted(ask("z@d1.test"));
    }

    @Test
    void badAnswersAreForgottenAfterTenMinutes() {
        answer("d1.test", Tally.BAD, 2, false);
        clock.advance(Duration.ofMinutes(10));
        answer("d1.test", Tally.BAD, 5, false);
        granted(ask("z@d1.test"));
    }

    @Test
    void aForgedDomainIsAskedEveryFiveMinutesAndJudgedEveryHour() {
        answer("d1.test", Tally.BAD, 6, false);
        clock.advance(Duration.ofMinutes(5));
        Grant trickle = granted(ask("t1@d1.test"));
        state.learn(lesson(trickle, Map.of(), null, Tally.BAD, false, null));
        state.release(trickle);
        assertThat(admit(ask("t2@d1.test"))).isEqualTo(new Limited(Limiter.FORGERY));
        // The hour is over, and all that it brought was bad: another one.
        clock.advance(Duration.ofMinutes(56));
        state.release(granted(ask("t3@d1.test")));
        assertThat(admit(ask("t4@d1.test"))).isEqualTo(new Limited(Limiter.FORGERY));
        // This one brings nothing bad, and ends it.
        clock.advance(Duration.ofMinutes(61));
        state.release(granted(ask("t5@d1.test")));
        granted(ask("t6@d1.test"));
    }

    // ---- clients ----

    @Test
    void aClientWithBadSendersCausesNoMoreProbesForAnHour() {
        for (int i = 0; i < 3; i++) {
            granted(from("198.51.100.1", "a@good" + i + ".test"));
            bad(from("198.51.100.1", "a@c" + i + ".test"));
        }
        assertThat(admit(from("198.51.100.1", "a@c9.test"))).isEqualTo(new Limited(Limiter.CLIENT));
        clock.advance(Duration.ofSeconds(10));
        granted(from("198.51.100.2", "a@c9.test"));
        clock.advance(Duration.ofMinutes(59));
        assertThat(admit(from("198.51.100.1", "a@c9.test"))).isEqualTo(new Limited(Limiter.CLIENT));
        clock.advance(Duration.ofMinutes(1));
        granted(from("198.51.100.1", "a@c9.test"));
    }

    @Test
    void badSendersAreCountedForAnHourFromTheFirst() {
        bad(from("198.51.100.1", "a@c0.test"));
        clock.advance(Duration.ofMinutes(50));
        bad(from("198.51.100.1", "a@c1.test"));
        clock.advance(Duration.ofMinutes(20));
        bad(from("198.51.100.1", "a@c2.test"));
        granted(from("198.51.100.1", "a@c9.test"));
    }

    @Test
    void theSameBadSenderCountsOnce() {
        for (int i = 0; i < 5; i++) {
            bad(from("198.51.100.1", "a@c1.test"));
            clock.advance(Duration.ofMinutes(1));
        }
        granted(from("198.51.100.1", "a@c9.test"));
    }

    // ---- steps ----

    private Admission admit(Question question) {
        return state.admit(question).toCompletableFuture().join();
    }

    private Grant granted(Question question) {
        Admission admission = admit(question);
        assertThat(admission).isInstanceOf(Granted.class);
        return ((Granted) admission).grant();
    }

    private int grantsInARow(String domain, boolean preferred) {
        int grants = 0;
        while (admit(preferred ? preferred("p" + grants + "@" + domain) : ask("a" + grants + "@" + domain))
                instanceof Granted granted) {
            state.release(granted.grant());
            grants++;
        }
        return grants;
    }

    private void store(Question question, AddressRecord answer, @Nullable DomainFacts facts) {
        Grant grant = granted(question);
        state.learn(lesson(grant, Map.of(question.address(), answer), facts, Tally.NONE, false, null));
        state.release(grant);
    }

    private void storeAt(String key, AddressRecord answer) {
        Grant grant = granted(ask("other@d1.test"));
        state.learn(lesson(grant, Map.of(key, answer), null, Tally.NONE, false, null));
        state.release(grant);
        clock.advance(Duration.ofSeconds(10));
    }

    private void prove(String address, AddressRecord proof) {
        Grant grant = granted(patterned(address));
        state.learn(lesson(grant, Map.of(), null, Tally.NONE, false, proof));
        state.release(grant);
    }

    private void knowCatchAll(String domain) {
        Grant grant = granted(preferred("first@" + domain));
        DomainFacts facts = new DomainFacts(
                null,
                ProbeRequest.Known.NO,
                clock.instant().plus(Duration.ofDays(7)),
                ProbeRequest.Known.UNKNOWN,
                Instant.EPOCH);
        state.learn(lesson(grant, Map.of(), facts, Tally.NONE, false, null));
        state.release(grant);
        clock.advance(Duration.ofMinutes(2));
    }

    /** Answers for a domain that did not come one after the other: the budget is no matter here. */
    private void answer(String domain, Tally tally, int times, boolean preferred) {
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            clock.advance(Duration.ofSeconds(11));
            String address = tally + "" + i + preferred + "@" + domain;
            Grant grant = granted(preferred ? preferred(address) : ask(address));
            state.release(grant);
            grants.add(grant);
        }
        grants.forEach(grant -> state.learn(lesson(grant, Map.of(), null, tally, false, null)));
    }

    private void bad(Question question) {
        Grant grant = granted(question);
        state.learn(lesson(grant, Map.of(), null, Tally.NONE, true, null));
        state.release(grant);
        clock.advance(Duration.ofSeconds(1));
    }

    private static Lesson lesson(
            Grant grant,
            Map<String, AddressRecord> addresses,
            @Nullable DomainFacts facts,
            Tally tally,
            boolean bad,
            @Nullable AddressRecord proof) {
        return new Lesson(grant, addresses, facts, Map.of(), tally, bad, proof);
    }

    private AddressRecord positive() {
        Instant now = clock.instant();
        Instant stale = now.plus(Duration.ofDays(7));
        return new AddressRecord(CalloutReason.ACCEPTED, null, now, now.plus(Duration.ofHours(24)), stale, stale, 0);
    }

    private AddressRecord negative(CalloutReason reason, Duration time) {
        Instant now = clock.instant();
        return new AddressRecord(reason, null, now, now.plus(time), now, now.plus(Duration.ofDays(7)), 0);
    }

    private static DomainFacts standing(AddressRecord answer) {
        return new DomainFacts(
                answer, ProbeRequest.Known.UNKNOWN, Instant.EPOCH, ProbeRequest.Known.UNKNOWN, Instant.EPOCH);
    }

    private static Question ask(String address) {
        return question(address, null, null, domain(address), "198.51.100.9", false, 1);
    }

    private static Question preferred(String address) {
        return question(address, null, null, domain(address), "198.51.100.9", true, 1);
    }

    private static Question boosted(String address, int boost) {
        return question(address, null, null, domain(address), "198.51.100.9", false, boost);
    }

    private static Question sub(String address, String registrable) {
        return question(address, null, null, registrable, "198.51.100.9", false, 1);
    }

    private static Question from(String client, String address) {
        return question(address, null, null, domain(address), client, false, 1);
    }

    private static Question member(String address, String base) {
        return question(address, base, null, "d1.test", "198.51.100.9", false, 1);
    }

    private static Question patterned(String address) {
        return question(address, null, "pattern", "d1.test", "198.51.100.9", false, 1);
    }

    private static Question question(
            String address,
            @Nullable String base,
            @Nullable String pattern,
            String registrable,
            String client,
            boolean preferred,
            int boost) {
        return new Question(
                address,
                base,
                pattern,
                address.contains("@") ? domain(address) : registrable,
                registrable,
                client,
                preferred,
                boost,
                true);
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    private static InetAddress host(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
