package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.StateUpdate.Tally;
import org.senderauth.core.MonotonicClock;
import org.senderauth.testkit.ManualClock;

/** What every {@link CalloutState} must do. Extend it and say how a state is made. */
public abstract class CalloutStateContract {

    /** Small limits, so that each is reached in a few steps. */
    public static final CalloutLimits LIMITS = CalloutLimits.builder()
            .responseTimeout(Duration.ofSeconds(8))
            .domainRate(new Rate(Duration.ofSeconds(10), 4))
            .hostRate(new Rate(Duration.ofSeconds(1), 4))
            .overall(new Rate(Duration.ofSeconds(1), 12))
            .probesPerDomain(2)
            .probesPerHost(5)
            .maxConcurrentProbes(100)
            .forgeryThreshold(6)
            .clientFailureLimit(3)
            .positiveRefreshTime(Duration.ofHours(24))
            .positiveExpireTime(Duration.ofDays(7))
            .cacheSize(1_000)
            .build();

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    private CalloutState state;

    /** For subclasses. */
    protected CalloutStateContract() {}

    /**
     * Creates an empty state.
     *
     * @param limits its limits
     * @param clock the clock that it must use
     * @return a state that shares nothing with any other
     */
    protected abstract CalloutState create(CalloutLimits limits, MonotonicClock clock);

    @BeforeEach
    void start() {
        state = create(LIMITS, clock.monotonic());
    }

    // ---- entries ----

    @Test
    void permitsProbeOfUnknownAddress() {
        ProbePermit grant = granted(ask("a@d1.test"));
        assertThat(grant.prior()).isNull();
        assertThat(grant.family()).isNull();
        assertThat(grant.facts().at(clock.instant())).isEqualTo(DomainEntry.NONE);
    }

    @Test
    void servesFreshEntryWithoutProbe() {
        AddressEntry answer = negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3));
        store(ask("a@d1.test"), answer, null);
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, false, null));
    }

    @Test
    void probesAgainWithPreviousEntryIfNotServable() {
        AddressEntry answer = negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3));
        store(ask("a@d1.test"), answer, null);
        clock.advance(Duration.ofHours(3));
        assertThat(granted(ask("a@d1.test")).prior()).isEqualTo(answer);
    }

    @Test
    void expiresEntries() {
        store(ask("a@d1.test"), negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3)), null);
        clock.advance(Duration.ofDays(8));
        assertThat(granted(ask("a@d1.test")).prior()).isNull();
    }

    @Test
    void servesStaleEntryAndRefreshesOnce() {
        AddressEntry answer = positive();
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
    void servesStaleEntryDespiteLimits() {
        AddressEntry answer = positive();
        store(ask("a@d1.test"), answer, null);
        clock.advance(Duration.ofHours(25));
        assertThat(admit(ask("a@d1.test").withMayProbe(false))).isEqualTo(new Known(answer, false, true, null));
    }

    @Test
    void domainEntryPrecedesAddressEntry() {
        AddressEntry standing = negative(CalloutReason.NULL_MX, Duration.ofHours(1));
        store(ask("a@d1.test"), positive(), standing(standing));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(standing, true, false, null));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Known(standing, true, false, null));
        clock.advance(Duration.ofHours(1));
        assertThat(((Known) admit(ask("a@d1.test"))).ofDomain()).isFalse();
        granted(ask("b@d1.test"));
    }

    @Test
    void undecidedDomainKeepsPositiveAddress() {
        AddressEntry answer = positive();
        AddressEntry standing = negative(CalloutReason.UNREACHABLE, Duration.ofDays(2));
        store(ask("a@d1.test"), answer, standing(standing));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, false, null));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Known(standing, true, false, null));
        clock.advance(Duration.ofHours(25));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Known(answer, false, true, null));
    }

    @Test
    void permitContainsDomainFactsUntilExpiry() {
        DomainEntry facts =
                new DomainEntry(null, ProbeReport.TriState.NO, clock.instant().plus(Duration.ofDays(7)));
        store(ask("a@d1.test"), positive(), facts);
        clock.advance(Duration.ofDays(6));
        assertThat(granted(ask("b@d1.test")).facts().catchAll()).isEqualTo(ProbeReport.TriState.NO);
        clock.advance(Duration.ofDays(1));
        assertThat(granted(ask("c@d1.test")).facts().catchAll()).isEqualTo(ProbeReport.TriState.UNKNOWN);
    }

    // ---- base addresses and patterns ----

    @Test
    void servesPositiveEntryOfBaseAddress() {
        AddressEntry answer = positive();
        storeAt("base@d1.test", answer);
        assertThat(admit(member("tag1", "base@d1.test"))).isEqualTo(new Known(answer, false, false, null));
    }

    @Test
    void ignoresNegativeEntryOfBase() {
        storeAt("base@d1.test", negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3)));
        assertThat(granted(member("tag1", "base@d1.test")).family()).isNull();
    }

    @Test
    void addressEntryPrecedesBaseEntry() {
        storeAt("base@d1.test", positive());
        AddressEntry own = negative(CalloutReason.NO_SUCH_MAILBOX, Duration.ofHours(3));
        storeAt("tag1", own);
        assertThat(admit(member("tag1", "base@d1.test"))).isEqualTo(new Known(own, false, false, null));
    }

    @Test
    void servesStaleBaseEntryAndPermitsRefresh() {
        AddressEntry answer = positive();
        storeAt("base@d1.test", answer);
        clock.advance(Duration.ofHours(25));
        Known known = (Known) admit(member("tag1", "base@d1.test"));
        assertThat(known.stale()).isTrue();
        assertThat(known.refresh()).isNotNull();
        assertThat(known.refresh().family()).isEqualTo(new ProbePermit.PatternAnswer("base@d1.test", answer));
    }

    @Test
    void provesPatternByThreeAddresses() {
        AddressEntry proof = positive();
        for (String address : List.of("x1", "x2", "x2")) {
            prove(address, proof);
            clock.advance(Duration.ofSeconds(30));
        }
        assertThat(admit(patterned("x9"))).isInstanceOf(Granted.class);
        state = create(LIMITS, clock.monotonic());
        for (String address : List.of("x1", "x2", "x3")) {
            prove(address, proof);
            clock.advance(Duration.ofSeconds(30));
        }
        assertThat(admit(patterned("x9"))).isEqualTo(new Known(proof, false, false, null));
    }

    // ---- leases ----

    @Test
    void grantsOneProbeAndReportsRunning() {
        ProbePermit grant = granted(ask("a@d1.test"));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Running());
        state.release(grant);
        granted(ask("a@d1.test"));
    }

    @Test
    void updateEndsLeaseOfAddressButNotProbe() {
        knowCatchAll("d1.test");
        ProbePermit first = granted(ask("a@d1.test"));
        state.apply(update(first, Map.of(), null, Tally.NONE, false, null));
        ProbePermit second = granted(ask("a@d1.test"));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN_PROBES));
        state.release(first);
        granted(preferred("b@d1.test"));
        assertThat(second.token()).isNotEqualTo(first.token());
    }

    @Test
    void expiresLeaseThatIsNotEnded() {
        ProbePermit lost = granted(ask("a@d1.test"));
        clock.advance(StateConstants.LEASE.minusMillis(1));
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Running());
        clock.advance(Duration.ofMillis(1));
        granted(ask("a@d1.test"));
        // A late update of the lost lease does not affect the new one.
        state.release(lost);
        assertThat(admit(ask("a@d1.test"))).isEqualTo(new Running());
    }

    @Test
    void permitsOneProbeUntilCatchAllIsKnown() {
        ProbePermit scout = granted(ask("a@d1.test"));
        assertThat(admit(ask("b@d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN_PROBES));
        state.release(scout);
        knowCatchAll("d1.test");
        granted(ask("b@d1.test"));
        granted(ask("c@d1.test"));
        assertThat(admit(ask("e@d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN_PROBES));
        granted(ask("a@d2.test"));
    }

    @Test
    void countsOtherProbesAfterOneEnds() {
        knowCatchAll("d1.test");
        ProbePermit first = granted(preferred("a@d1.test"));
        granted(preferred("b@d1.test"));
        state.release(first);
        granted(preferred("c@d1.test"));
        assertThat(admit(preferred("e@d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN_PROBES));
    }

    // ---- rate limits ----

    @Test
    void reservesHalfOfDomainBurstForSpfPass() {
        assertThat(grantsInARow("d1.test", false)).isEqualTo(2);
        assertThat(admit(ask("z@d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        assertThat(grantsInARow("d1.test", true)).isEqualTo(2);
        assertThat(admit(preferred("z@d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
    }

    @Test
    void refillsDomainRate() {
        grantsInARow("d1.test", true);
        clock.advance(Duration.ofMillis(9_999));
        assertThat(grantsInARow("d1.test", true)).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(grantsInARow("d1.test", true)).isEqualTo(1);
        clock.advance(Duration.ofHours(1));
        assertThat(grantsInARow("d1.test", true)).isEqualTo(4);
    }

    @Test
    void multipliesDomainRateByBoost() {
        int grants = 0;
        while (admit(boosted("a" + grants + "@d1.test", 3)) instanceof Granted granted) {
            state.release(granted.grant());
            grants++;
        }
        assertThat(grants).isEqualTo(6);
    }

    @Test
    void subdomainsShareRateOfRegistrableDomain() {
        for (int i = 0; i < 2; i++) {
            state.release(granted(sub("a@h" + i + ".d1.test", "d1.test")));
        }
        assertThat(admit(sub("a@h9.d1.test", "d1.test"))).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
    }

    @Test
    void globalRateHoldsAcrossDomains() {
        int grants = 0;
        for (int i = 0; i < 20; i++) {
            if (admit(ask("a@o" + i + ".test")) instanceof Granted granted) {
                state.release(granted.grant());
                grants++;
            }
        }
        assertThat(grants).isEqualTo(6);
        assertThat(admit(ask("a@o99.test"))).isEqualTo(new Limited(CalloutLimiter.OVERALL));
    }

    @Test
    void limitsRequestThatMayNotProbe() {
        assertThat(admit(ask("a@d1.test").withMayProbe(false))).isEqualTo(new Limited(CalloutLimiter.OVERALL));
    }

    @Test
    void deniedRequestUsesNoRate() {
        for (int i = 0; i < 50; i++) {
            admit(ask("a@d1.test").withMayProbe(false));
        }
        assertThat(grantsInARow("d1.test", false)).isEqualTo(2);
    }

    // ---- mail servers ----

    @Test
    void hostRateHoldsForAllRequests() {
        InetAddress host = host("192.0.2.1");
        assertThat(enter(host, ask("a@d1.test"))).isEqualTo(new HostAdmission.Admitted(HostEntry.NONE));
        assertThat(enter(host, ask("a@d2.test"))).isInstanceOf(HostAdmission.Admitted.class);
        assertThat(enter(host, ask("a@d3.test"))).isEqualTo(new HostAdmission.RateLimited());
        assertThat(enter(host, preferred("a@d3.test"))).isInstanceOf(HostAdmission.Admitted.class);
        assertThat(enter(host("192.0.2.2"), ask("a@d3.test"))).isInstanceOf(HostAdmission.Admitted.class);
        clock.advance(Duration.ofSeconds(2));
        assertThat(enter(host, ask("a@d3.test"))).isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void ipv6NetworkSharesOneRate() {
        assertThat(enter(host("2001:db8::1"), ask("a@d1.test"))).isInstanceOf(HostAdmission.Admitted.class);
        assertThat(enter(host("2001:db8::2"), ask("a@d1.test"))).isInstanceOf(HostAdmission.Admitted.class);
        assertThat(enter(host("2001:db8::3"), ask("a@d1.test"))).isEqualTo(new HostAdmission.RateLimited());
        assertThat(enter(host("2001:db8:0:1::1"), ask("a@d1.test"))).isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void admitsNoConnectionDuringBackoff() {
        InetAddress host = host("192.0.2.1");
        HostEntry blocked = new HostEntry(
                CalloutReason.HOST_BUSY,
                clock.instant().plus(Duration.ofMinutes(5)),
                1,
                clock.instant().plus(Duration.ofDays(7)),
                Instant.EPOCH);
        ProbePermit grant = granted(ask("a@d1.test"));
        state.apply(new StateUpdate(grant, Map.of(), null, Map.of(host, blocked), Map.of(), Tally.NONE, false, null));
        state.release(grant);
        assertThat(enter(host, ask("b@d1.test"))).isEqualTo(new HostAdmission.BackingOff(CalloutReason.HOST_BUSY));
        clock.advance(Duration.ofMinutes(5));
        assertThat(enter(host, ask("b@d1.test"))).isEqualTo(new HostAdmission.Admitted(blocked));
    }

    // ---- circuit breakers of mail servers ----

    @Test
    void opensServerBreakerAcrossDomains() {
        MailServer server = new MailServer(host("192.0.2.1"), "mx.test");
        reject(server, "f", 6, BreakerScope.UNPROVEN);
        assertThat(state.admitHost(server, permit(BreakerScope.UNPROVEN, "z.test")))
                .isEqualTo(new HostAdmission.UnderAttack());
    }

    @Test
    void opensServerBreakerUnderAnyMxName() {
        reject(new MailServer(host("192.0.2.1"), "mx.test"), "f", 3, BreakerScope.UNPROVEN);
        reject(new MailServer(host("192.0.2.1"), "other.test"), "g", 3, BreakerScope.UNPROVEN);
        assertThat(enterAs(host("192.0.2.1"), "third.test", BreakerScope.UNPROVEN))
                .isEqualTo(new HostAdmission.UnderAttack());
    }

    @Test
    void opensMxDomainBreakerAcrossAddresses() {
        for (int i = 1; i <= 6; i++) {
            reject(new MailServer(host("192.0.2." + i), "mx.test"), "f" + i, 1, BreakerScope.PROVEN);
        }
        assertThat(enterAs(host("198.51.100.77"), "mx.test", BreakerScope.PROVEN))
                .isEqualTo(new HostAdmission.UnderAttack());
    }

    @Test
    void keepsNeighborInNetworkOfAttackedServer() {
        reject(new MailServer(host("192.0.2.1"), "mx.test"), "f", 6, BreakerScope.UNPROVEN);
        assertThat(enterAs(host("192.0.2.2"), "neighbor.test", BreakerScope.UNPROVEN))
                .isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void keepsProvenDomainsWhenUnprovenFlood() {
        MailServer server = new MailServer(host("192.0.2.1"), "mx.test");
        reject(server, "f", 6, BreakerScope.UNPROVEN);
        assertThat(state.admitHost(server, permit(BreakerScope.PROVEN, "own.test")))
                .isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void keepsReservedMailWhenProvenDomainsFlood() {
        MailServer server = new MailServer(host("192.0.2.1"), "mx.test");
        reject(server, "f", 6, BreakerScope.UNPROVEN);
        reject(server, "g", 6, BreakerScope.PROVEN);
        assertThat(state.admitHost(server, permit(BreakerScope.PROVEN, "own.test")))
                .isEqualTo(new HostAdmission.UnderAttack());
        assertThat(state.admitHost(server, permit(BreakerScope.RESERVED, "own.test")))
                .isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void admitsUnprovenProbeEveryTwoHoursWhileOpen() {
        MailServer server = new MailServer(host("192.0.2.1"), "mx.test");
        reject(server, "f", 6, BreakerScope.UNPROVEN);
        int admitted = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            clock.advance(Duration.ofMinutes(1));
            ProbePermit permit = permit(BreakerScope.UNPROVEN, "z" + minute + ".test");
            if (state.admitHost(server, permit) instanceof HostAdmission.Admitted) {
                state.apply(answered(permit, server, Tally.BAD));
                admitted++;
            }
        }
        assertThat(admitted).isBetween(10, 14);
    }

    @Test
    void closesServerBreakerAfterQuietTime() {
        MailServer server = new MailServer(host("192.0.2.1"), "mx.test");
        reject(server, "f", 6, BreakerScope.UNPROVEN);
        clock.advance(Duration.ofHours(6));
        for (int i = 0; i < 2; i++) {
            assertThat(state.admitHost(server, permit(BreakerScope.UNPROVEN, "z" + i + ".test")))
                    .isInstanceOf(HostAdmission.Admitted.class);
        }
    }

    @Test
    void keepsServerBreakerClosedWithGoodAnswers() {
        MailServer server = new MailServer(host("192.0.2.1"), "mx.test");
        ProbePermit good = permit(BreakerScope.PROVEN, "good.test");
        state.apply(answered(good, server, Tally.GOOD));
        reject(server, "f", 9, BreakerScope.PROVEN);
        assertThat(state.admitHost(server, permit(BreakerScope.PROVEN, "z.test")))
                .isInstanceOf(HostAdmission.Admitted.class);
    }

    // ---- reserve ----

    @Test
    void closesReserveToNewDomainForOneDay() {
        ProbePermit first = granted(preferred("a@new.test"));
        assertThat(first.reserved()).isFalse();
        state.release(first);
        clock.advance(Duration.ofDays(1).minusMillis(1));
        ProbePermit early = granted(preferred("b@new.test"));
        assertThat(early.reserved()).isFalse();
        state.release(early);
        clock.advance(Duration.ofMillis(1));
        assertThat(granted(preferred("c@new.test")).reserved()).isTrue();
    }

    @Test
    void closesReserveWithoutSpfPass() {
        state.release(granted(ask("a@old.test")));
        clock.advance(Duration.ofDays(1));
        assertThat(granted(ask("b@old.test")).reserved()).isFalse();
    }

    @Test
    void countsFirstSightOfRegistrableDomainOnce() {
        state.release(granted(sub("a@one.d1.test", "d1.test")));
        clock.advance(Duration.ofDays(1));
        AdmissionRequest other = question("a@two.d1.test", null, null, "d1.test", "198.51.100.9", true, 1);
        assertThat(granted(other).reserved()).isTrue();
    }

    @Test
    void keepsReserveOfLimitForAllFromNewDomains() {
        state.release(granted(preferred("a@known.test")));
        clock.advance(Duration.ofDays(1));
        for (int i = 0; i < 6; i++) {
            state.release(granted(preferred("a@o" + i + ".test")));
        }
        assertThat(admit(preferred("a@o99.test"))).isEqualTo(new Limited(CalloutLimiter.OVERALL));
        granted(preferred("b@known.test"));
    }

    // ---- circuit breakers of domains ----

    @Test
    void opensDomainBreakerAfterFailures() {
        answer("d1.test", Tally.BAD, 6, false);
        assertThat(admit(ask("z@d1.test"))).isEqualTo(new Limited(CalloutLimiter.FORGERY));
        granted(ask("z@d2.test"));
    }

    @Test
    void countsSpfPassMailSeparately() {
        answer("d1.test", Tally.BAD, 6, false);
        ProbePermit preferred = granted(preferred("z@d1.test"));
        state.release(preferred);
        answer("d1.test", Tally.BAD, 6, true);
        assertThat(admit(preferred("y@d1.test"))).isEqualTo(new Limited(CalloutLimiter.FORGERY));
    }

    @Test
    void keepsBreakerClosedAtTenPercentSuccess() {
        answer("d1.test", Tally.GOOD, 1, false);
        answer("d1.test", Tally.BAD, 9, false);
        granted(ask("z@d1.test"));
    }

    @Test
    void countsNoResultWithoutServer() {
        answer("d1.test", Tally.NONE, 20, false);
        granted(ask("z@d1.test"));
    }

    @Test
    void dropsNegativeAnswersAfterTenMinutes() {
        answer("d1.test", Tally.BAD, 2, false);
        clock.advance(Duration.ofMinutes(10));
        answer("d1.test", Tally.BAD, 5, false);
        granted(ask("z@d1.test"));
    }

    @Test
    void halfOpenBreakerPermitsProbeEveryFiveMinutes() {
        answer("d1.test", Tally.BAD, 6, false);
        clock.advance(Duration.ofMinutes(5));
        ProbePermit trickle = granted(ask("t1@d1.test"));
        state.apply(update(trickle, Map.of(), null, Tally.BAD, false, null));
        state.release(trickle);
        assertThat(admit(ask("t2@d1.test"))).isEqualTo(new Limited(CalloutLimiter.FORGERY));
        // The hour is over with negative results only: another one.
        clock.advance(Duration.ofMinutes(56));
        state.release(granted(ask("t3@d1.test")));
        assertThat(admit(ask("t4@d1.test"))).isEqualTo(new Limited(CalloutLimiter.FORGERY));
        // This one has no negative result, which closes the breaker.
        clock.advance(Duration.ofMinutes(61));
        state.release(granted(ask("t5@d1.test")));
        granted(ask("t6@d1.test"));
    }

    // ---- clients ----

    @Test
    void blocksClientForOneHourAfterFailures() {
        for (int i = 0; i < 3; i++) {
            granted(from("198.51.100.1", "a@good" + i + ".test"));
            bad(from("198.51.100.1", "a@c" + i + ".test"));
        }
        assertThat(admit(from("198.51.100.1", "a@c9.test"))).isEqualTo(new Limited(CalloutLimiter.CLIENT));
        clock.advance(Duration.ofSeconds(10));
        granted(from("198.51.100.2", "a@c9.test"));
        clock.advance(Duration.ofMinutes(59));
        assertThat(admit(from("198.51.100.1", "a@c9.test"))).isEqualTo(new Limited(CalloutLimiter.CLIENT));
        clock.advance(Duration.ofMinutes(1));
        granted(from("198.51.100.1", "a@c9.test"));
    }

    @Test
    void countsClientFailuresForOneHour() {
        bad(from("198.51.100.1", "a@c0.test"));
        clock.advance(Duration.ofMinutes(50));
        bad(from("198.51.100.1", "a@c1.test"));
        clock.advance(Duration.ofMinutes(20));
        bad(from("198.51.100.1", "a@c2.test"));
        granted(from("198.51.100.1", "a@c9.test"));
    }

    @Test
    void countsSameUndeliverableSenderOnce() {
        for (int i = 0; i < 5; i++) {
            bad(from("198.51.100.1", "a@c1.test"));
            clock.advance(Duration.ofMinutes(1));
        }
        granted(from("198.51.100.1", "a@c9.test"));
    }

    // ---- steps ----

    private Admission admit(AdmissionRequest question) {
        return state.admit(question).toCompletableFuture().join();
    }

    /** Has a server answer negatively about addresses of as many domains. */
    private void reject(MailServer server, String prefix, int domains, BreakerScope scope) {
        for (int i = 0; i < domains; i++) {
            state.apply(answered(permit(scope, prefix + i + ".test"), server, Tally.BAD));
        }
    }

    private HostAdmission enterAs(InetAddress host, String mxDomain, BreakerScope scope) {
        return state.admitHost(new MailServer(host, mxDomain), permit(scope, "z.test"));
    }

    private static StateUpdate answered(ProbePermit permit, MailServer server, Tally tally) {
        return new StateUpdate(permit, Map.of(), null, Map.of(), Map.of(server, tally), tally, false, null);
    }

    private ProbePermit permit(BreakerScope scope, String domain) {
        boolean reserved = scope == BreakerScope.RESERVED;
        DomainEntry facts = scope == BreakerScope.UNPROVEN
                ? DomainEntry.NONE
                : new DomainEntry(null, ProbeReport.TriState.NO, clock.instant().plus(Duration.ofDays(1)));
        AdmissionRequest question = question("a@" + domain, null, null, domain, "198.51.100.9", reserved, 1);
        ProbePermit permit = new ProbePermit(question, "token", null, null, facts, reserved);
        assertThat(permit.scope()).isEqualTo(scope);
        return permit;
    }

    private HostAdmission enter(InetAddress host, AdmissionRequest question) {
        return state.admitHost(new MailServer(host, null), permit(question));
    }

    private static ProbePermit permit(AdmissionRequest question) {
        return new ProbePermit(question, "token", null, null, DomainEntry.NONE, question.preferred());
    }

    private ProbePermit granted(AdmissionRequest question) {
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

    private void store(AdmissionRequest question, AddressEntry answer, @Nullable DomainEntry facts) {
        ProbePermit grant = granted(question);
        state.apply(update(grant, Map.of(question.address(), answer), facts, Tally.NONE, false, null));
        state.release(grant);
    }

    private void storeAt(String key, AddressEntry answer) {
        ProbePermit grant = granted(ask("other@d1.test"));
        state.apply(update(grant, Map.of(key, answer), null, Tally.NONE, false, null));
        state.release(grant);
        clock.advance(Duration.ofSeconds(10));
    }

    private void prove(String address, AddressEntry proof) {
        ProbePermit grant = granted(patterned(address));
        state.apply(update(grant, Map.of(), null, Tally.NONE, false, proof));
        state.release(grant);
    }

    private void knowCatchAll(String domain) {
        ProbePermit grant = granted(preferred("first@" + domain));
        DomainEntry facts =
                new DomainEntry(null, ProbeReport.TriState.NO, clock.instant().plus(Duration.ofDays(7)));
        state.apply(update(grant, Map.of(), facts, Tally.NONE, false, null));
        state.release(grant);
        clock.advance(Duration.ofMinutes(2));
    }

    /** Answers for a domain that did not come one after the other: the budget is no matter here. */
    private void answer(String domain, Tally tally, int times, boolean preferred) {
        List<ProbePermit> grants = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            clock.advance(Duration.ofSeconds(11));
            String address = tally + "" + i + preferred + "@" + domain;
            ProbePermit grant = granted(preferred ? preferred(address) : ask(address));
            state.release(grant);
            grants.add(grant);
        }
        grants.forEach(grant -> state.apply(update(grant, Map.of(), null, tally, false, null)));
    }

    private void bad(AdmissionRequest question) {
        ProbePermit grant = granted(question);
        state.apply(update(grant, Map.of(), null, Tally.NONE, true, null));
        state.release(grant);
        clock.advance(Duration.ofSeconds(1));
    }

    private static StateUpdate update(
            ProbePermit grant,
            Map<String, AddressEntry> addresses,
            @Nullable DomainEntry facts,
            Tally tally,
            boolean bad,
            @Nullable AddressEntry proof) {
        return new StateUpdate(grant, addresses, facts, Map.of(), Map.of(), tally, bad, proof);
    }

    private AddressEntry positive() {
        Instant now = clock.instant();
        Instant stale = now.plus(Duration.ofDays(7));
        return new AddressEntry(CalloutReason.ACCEPTED, null, now, now.plus(Duration.ofHours(24)), stale, stale, 0);
    }

    private AddressEntry negative(CalloutReason reason, Duration time) {
        Instant now = clock.instant();
        return new AddressEntry(reason, null, now, now.plus(time), now, now.plus(Duration.ofDays(7)), 0);
    }

    private static DomainEntry standing(AddressEntry answer) {
        return new DomainEntry(answer, ProbeReport.TriState.UNKNOWN, Instant.EPOCH);
    }

    private static AdmissionRequest ask(String address) {
        return question(address, null, null, domain(address), "198.51.100.9", false, 1);
    }

    private static AdmissionRequest preferred(String address) {
        return question(address, null, null, domain(address), "198.51.100.9", true, 1);
    }

    private static AdmissionRequest boosted(String address, int boost) {
        return question(address, null, null, domain(address), "198.51.100.9", false, boost);
    }

    private static AdmissionRequest sub(String address, String registrable) {
        return question(address, null, null, registrable, "198.51.100.9", false, 1);
    }

    private static AdmissionRequest from(String client, String address) {
        return question(address, null, null, domain(address), client, false, 1);
    }

    private static AdmissionRequest member(String address, String base) {
        return question(address, base, null, "d1.test", "198.51.100.9", false, 1);
    }

    private static AdmissionRequest patterned(String address) {
        return question(address, null, "pattern", "d1.test", "198.51.100.9", false, 1);
    }

    private static AdmissionRequest question(
            String address,
            @Nullable String base,
            @Nullable String pattern,
            String registrable,
            String client,
            boolean preferred,
            int boost) {
        return new AdmissionRequest(
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
