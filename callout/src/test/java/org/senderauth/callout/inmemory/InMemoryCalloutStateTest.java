package org.senderauth.callout.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateContract;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.testkit.ManualClock;

class InMemoryCalloutStateTest extends CalloutStateContract {

    @Override
    protected CalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return InMemoryCalloutState.create(limits, clock);
    }

    @Test
    void refillsEmptiedRates() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
        InetAddress host = InetAddress.getLoopbackAddress();
        ask(state, "seen.test");
        state.admitHost(new MailServer(host, null), permit("seen.test"));
        state.emptyBudgets();
        assertThat(state.admitHost(new MailServer(host, null), permit("seen.test")))
                .isInstanceOf(HostAdmission.RateLimited.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(state.admitHost(new MailServer(host, null), permit("seen.test")))
                .isInstanceOf(HostAdmission.Admitted.class);
        for (String domain : new String[] {"seen.test", "new.test"}) {
            assertThat(ask(state, domain)).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        }
        clock.advance(Duration.ofSeconds(9));
        for (String domain : new String[] {"seen.test", "new.test"}) {
            assertThat(ask(state, domain)).isInstanceOf(Granted.class);
            assertThat(ask(state, domain)).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        }
    }

    @Test
    void refillsEmptiedGlobalRate() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
        clock.advance(Duration.ofHours(1));
        state.emptyBudgets();
        clock.advance(LIMITS.domainRate().interval());
        int granted = 0;
        for (int i = 0; i < 20; i++) {
            granted += ask(state, "d" + i + ".test") instanceof Granted ? 1 : 0;
        }
        // Ten of twelve are filled; new domains have no part in the upper six.
        assertThat(granted).isEqualTo(4);
    }

    @Test
    void countsEntriesBlocksBreakersAndEvictions() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
        InetAddress host = InetAddress.getLoopbackAddress();
        Instant later = clock.instant().plus(Duration.ofHours(1));
        HostEntry blocked = new HostEntry(CalloutReason.HOST_BUSY, later, 0, Instant.EPOCH, Instant.EPOCH);
        AddressEntry good = new AddressEntry(CalloutReason.ACCEPTED, null, clock.instant(), later, later, later, 0);
        for (int i = 0; i < LIMITS.cacheSize() + 7; i++) {
            ProbePermit grant = new ProbePermit(question("d1.test"), "", null, null, DomainEntry.NONE, false);
            StateUpdate.Tally tally = i < LIMITS.forgeryThreshold() ? StateUpdate.Tally.BAD : StateUpdate.Tally.NONE;
            state.apply(new StateUpdate(
                    grant, Map.of("k" + i, good), null, Map.of(host, blocked), Map.of(), tally, false, null));
        }
        assertThat(state.figures()).isEqualTo(new InMemoryCalloutState.Figures(LIMITS.cacheSize(), 0, 1, 7, 1, 1, 0));
        clock.advance(Duration.ofHours(1));
        assertThat(state.figures().blockedHosts()).isZero();
        clock.advance(Duration.ofHours(1));
        assertThat(state.figures().forgedDomains()).isZero();
    }

    @Test
    void listsEntriesWithExpiryAndEvictsThem() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
        InetAddress host = InetAddress.getLoopbackAddress();
        Instant later = clock.instant().plus(Duration.ofHours(1));
        AddressEntry good = new AddressEntry(CalloutReason.ACCEPTED, null, clock.instant(), later, later, later, 0);
        AddressEntry bad = new AddressEntry(
                CalloutReason.NO_SUCH_MAILBOX,
                new TargetReply(550, "5.1.1", "no such user"),
                clock.instant(),
                later,
                later,
                later,
                0);
        HostEntry blocked = new HostEntry(CalloutReason.HOST_BUSY, later, 2, Instant.EPOCH, Instant.EPOCH);
        AdmissionRequest question = new AdmissionRequest(
                "s:a@d1.test", null, null, "s:d1.test", "s:d1.test", "198.51.100.1", true, 1, true);
        for (int i = 0; i < LIMITS.forgeryThreshold(); i++) {
            state.apply(new StateUpdate(
                    new ProbePermit(question, "", null, null, DomainEntry.NONE, false),
                    Map.of("s:a@d1.test", good, "sb:news@d1.test", good, "r:B@d2.test", bad),
                    new DomainEntry(null, ProbeReport.TriState.YES, later),
                    Map.of(host, blocked),
                    Map.of(),
                    StateUpdate.Tally.BAD,
                    false,
                    null));
        }
        assertThat(state.entries(InMemoryCalloutState.Listing.CALLOUTS, 100, clock)
                        .entries())
                .containsExactlyInAnyOrder(
                        new StateEntry("sender", "a@d1.test", "accepted", Optional.of(later), ""),
                        new StateEntry("base", "news@d1.test", "accepted", Optional.of(later), ""),
                        new StateEntry(
                                "recipient",
                                "B@d2.test",
                                "no-such-mailbox",
                                Optional.of(later),
                                "550 5.1.1 no such user"),
                        new StateEntry("domain", "d1.test", "catch-all", Optional.of(later), ""));
        assertThat(state.entries(InMemoryCalloutState.Listing.BREAKERS, 100, clock)
                        .entries())
                .anyMatch(entry -> entry.kind().equals("host")
                        && entry.state().equals("backoff")
                        && entry.detail().equals("host-busy, repeated 2 times"))
                .anyMatch(entry -> entry.kind().equals("domain")
                        && entry.name().equals("d1.test")
                        && entry.state().equals("open")
                        && entry.until().orElseThrow().isAfter(clock.instant()));
        assertThat(state.forget(MailAddress.parse("B@D2.test").orElseThrow())).isEqualTo(1);
        assertThat(state.forget(MailAddress.parse("b@d2.test").orElseThrow())).isZero();
        assertThat(state.forgetHost(host)).isEqualTo(1);
        // Two addresses, the domain itself, and its breaker.
        assertThat(state.forgetDomain("D1.test")).isEqualTo(4);
        assertThat(state.entries(InMemoryCalloutState.Listing.CALLOUTS, 100, clock)
                        .entries())
                .isEmpty();
        assertThat(state.entries(InMemoryCalloutState.Listing.BREAKERS, 100, clock)
                        .entries())
                .isEmpty();
    }

    @Test
    void listsRateLimitsInUse() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
        assertThat(state.entries(InMemoryCalloutState.Listing.LIMITS, 100, clock)
                        .entries())
                .isEmpty();
        ask(state, "d1.test");
        Instant full = clock.instant().plus(LIMITS.domainRate().interval());
        assertThat(state.entries(InMemoryCalloutState.Listing.LIMITS, 100, clock)
                        .entries())
                .anyMatch(entry -> entry.kind().equals("domain")
                        && entry.name().equals("d1.test")
                        && entry.state().equals("1 of " + LIMITS.domainRate().burst())
                        && entry.until().equals(Optional.of(full)))
                .anyMatch(entry -> entry.kind().equals("global"));
        clock.advance(Duration.ofHours(1));
        assertThat(state.entries(InMemoryCalloutState.Listing.LIMITS, 100, clock)
                        .entries())
                .isEmpty();
    }

    private static Admission ask(CalloutState state, String domain) {
        Admission admission =
                state.admit(question(domain)).toCompletableFuture().join();
        if (admission instanceof Granted granted) {
            state.release(granted.grant());
        }
        return admission;
    }

    private static ProbePermit permit(String domain) {
        return new ProbePermit(question(domain), "", null, null, DomainEntry.NONE, true);
    }

    private static AdmissionRequest question(String domain) {
        return new AdmissionRequest("a@" + domain, null, null, domain, domain, "198.51.100.1", true, 1, true);
    }
}
