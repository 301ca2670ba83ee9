package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.testkit.SteppingClock;

class InMemoryCalloutStateTest extends CalloutStateContract {

    @Override
    protected CalloutState create(CalloutLimits limits, InstantSource clock) {
        return InMemoryCalloutState.create(limits, clock);
    }

    @Test
    void emptiedBudgetsFillUpFromNothing() {
        SteppingClock clock = SteppingClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock);
        InetAddress host = InetAddress.getLoopbackAddress();
        ask(state, "seen.test");
        state.enterHost(host, question("seen.test"));
        state.emptyBudgets();
        assertThat(state.enterHost(host, question("seen.test"))).isInstanceOf(HostAdmission.Exhausted.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(state.enterHost(host, question("seen.test"))).isInstanceOf(HostAdmission.Open.class);
        for (String domain : new String[] {"seen.test", "new.test"}) {
            assertThat(ask(state, domain)).isEqualTo(new Limited(Limiter.DOMAIN));
        }
        clock.advance(Duration.ofSeconds(9));
        for (String domain : new String[] {"seen.test", "new.test"}) {
            assertThat(ask(state, domain)).isInstanceOf(Granted.class);
            assertThat(ask(state, domain)).isEqualTo(new Limited(Limiter.DOMAIN));
        }
    }

    @Test
    void theEmptiedBudgetForAllFillsUpFromNothing() {
        SteppingClock clock = SteppingClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock);
        clock.advance(Duration.ofHours(1));
        state.emptyBudgets();
        clock.advance(LIMITS.perDomain().interval());
        int granted = 0;
        for (int i = 0; i < 20; i++) {
            granted += ask(state, "d" + i + ".test") instanceof Granted ? 1 : 0;
        }
        assertThat(granted).isEqualTo(10);
    }

    @Test
    void figuresTellWhatIsHeldBlockedForgedAndForgotten() {
        SteppingClock clock = SteppingClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock);
        InetAddress host = InetAddress.getLoopbackAddress();
        Instant later = clock.instant().plus(Duration.ofHours(1));
        HostRecord blocked = new HostRecord(CalloutReason.HOST_BUSY, later, 0, Instant.EPOCH, Instant.EPOCH);
        AddressRecord good = new AddressRecord(CalloutReason.ACCEPTED, null, clock.instant(), later, later, later, 0);
        for (int i = 0; i < LIMITS.addresses() + 7; i++) {
            Grant grant = new Grant(question("d1.test"), "", null, null, DomainFacts.NONE);
            Lesson.Tally tally = i < LIMITS.forgeriesPerDomain() ? Lesson.Tally.BAD : Lesson.Tally.NONE;
            state.learn(new Lesson(grant, Map.of("k" + i, good), null, Map.of(host, blocked), tally, false, null));
        }
        assertThat(state.figures()).isEqualTo(new InMemoryCalloutState.Figures(LIMITS.addresses(), 0, 1, 7, 1, 1));
        clock.set(later);
        assertThat(state.figures().blockedHosts()).isZero();
        clock.advance(Duration.ofHours(1));
        assertThat(state.figures().forgedDomains()).isZero();
    }

    private static Admission ask(CalloutState state, String domain) {
        Admission admission =
                state.admit(question(domain)).toCompletableFuture().join();
        if (admission instanceof Granted granted) {
            state.release(granted.grant());
        }
        return admission;
    }

    private static Question question(String domain) {
        return new Question("a@" + domain, null, null, domain, domain, "198.51.100.1", true, 1, true);
    }
}
