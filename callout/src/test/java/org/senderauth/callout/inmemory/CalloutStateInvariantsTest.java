package org.senderauth.callout.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.callout.state.StateUpdate.Tally;
import org.senderauth.testkit.ManualClock;

/** Whatever the order of questions, answers, ends and lost probes: what must hold, holds. */
class CalloutStateInvariantsTest {

    private static final Rate PER_DOMAIN = new Rate(Duration.ofSeconds(10), 6);
    private static final int PROBES_PER_DOMAIN = 2;
    private static final CalloutLimits LIMITS = CalloutLimits.builder()
            .responseTimeout(Duration.ofSeconds(8))
            .domainRate(PER_DOMAIN)
            .hostRate(new Rate(Duration.ofSeconds(1), 4))
            .overall(new Rate(Duration.ofMillis(10), 1_000))
            .probesPerDomain(PROBES_PER_DOMAIN)
            .probesPerHost(5)
            .maxConcurrentProbes(100)
            .forgeryThreshold(1_000)
            .clientFailureLimit(1_000)
            .positiveRefreshTime(Duration.ofHours(24))
            .positiveExpireTime(Duration.ofDays(7))
            .cacheSize(1_000)
            .build();

    private sealed interface Step {}

    private record Ask(int address, int domain, boolean preferred) implements Step {}

    private record Answer(int which, CalloutReason reason) implements Step {}

    private record End(int which) implements Step {}

    private record Wait(Duration time) implements Step {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> ask = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(true, false))
                .as(Ask::new);
        Arbitrary<Step> answer = Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(CalloutReason.ACCEPTED, CalloutReason.NO_SUCH_MAILBOX, CalloutReason.TEMPFAIL))
                .as(Answer::new);
        Arbitrary<Step> end = Arbitraries.integers().between(0, 5).map(End::new);
        Arbitrary<Step> wait = Arbitraries.of(
                        Duration.ofMillis(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        StateConstants.LEASE,
                        Duration.ofMinutes(20),
                        Duration.ofHours(25))
                .map(Wait::new);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(5, ask),
                        net.jqwik.api.Tuple.of(3, answer),
                        net.jqwik.api.Tuple.of(3, end),
                        net.jqwik.api.Tuple.of(2, wait))
                .list()
                .ofMaxSize(120);
    }

    /** A permit that has not been ended. */
    private record Open(ProbePermit grant, Instant since, boolean answered) {}

    @Property(tries = 1_000)
    void invariantsHoldForAnyInterleaving(@ForAll("steps") List<Step> steps) {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
        List<Open> open = new ArrayList<>();
        Map<String, List<Instant>> grants = new HashMap<>();
        Map<String, AddressEntry> stored = new HashMap<>();
        for (Step step : steps) {
            Instant now = clock.instant();
            if (step instanceof Wait wait) {
                clock.advance(wait.time());
            } else if (step instanceof Ask ask) {
                AdmissionRequest question = question(ask);
                Admission admission =
                        state.admit(question).toCompletableFuture().join();
                AddressEntry known = stored.get(question.address());
                if (known != null && known.isFresh(now)) {
                    assertThat(admission).isEqualTo(new Known(known, false, false, null));
                } else if (known != null && known.isServable(now)) {
                    assertThat(((Known) admission).answer()).isEqualTo(known);
                }
                ProbePermit grant = admission instanceof Granted granted
                        ? granted.grant()
                        : admission instanceof Known served ? served.refresh() : null;
                if (grant != null) {
                    assertLeaseIsNew(open, grant, now);
                    open.add(new Open(grant, now, false));
                    assertWithinBudget(grants, grant, now);
                }
            } else if (step instanceof Answer answer && answer.which() < open.size()) {
                Open which = open.get(answer.which());
                if (!which.answered()) {
                    AddressEntry record = record(answer.reason(), now);
                    String key = which.grant().question().address();
                    state.apply(new StateUpdate(
                            which.grant(),
                            Map.of(key, record),
                            facts(now),
                            Map.of(),
                            Map.of(),
                            Tally.GOOD,
                            false,
                            null));
                    stored.put(key, record);
                    open.set(answer.which(), new Open(which.grant(), which.since(), true));
                }
            } else if (step instanceof End end && end.which() < open.size()) {
                state.release(open.remove(end.which()).grant());
            }
        }
    }

    private static void assertLeaseIsNew(List<Open> open, ProbePermit grant, Instant now) {
        List<Open> living = open.stream()
                .filter(other -> now.isBefore(other.since().plus(StateConstants.LEASE)))
                .toList();
        assertThat(living)
                .as("one asks about an address at a time")
                .noneMatch(other -> !other.answered()
                        && other.grant()
                                .question()
                                .address()
                                .equals(grant.question().address()));
        assertThat(living.stream()
                        .filter(other -> other.grant()
                                .question()
                                .registrable()
                                .equals(grant.question().registrable())))
                .as("probes of one domain at once")
                .hasSizeLessThan(PROBES_PER_DOMAIN);
        assertThat(open).noneMatch(other -> other.grant().token().equals(grant.token()));
    }

    /** In no stretch of time more than the burst and what the rate allows for its length. */
    private static void assertWithinBudget(Map<String, List<Instant>> grants, ProbePermit grant, Instant now) {
        List<Instant> times = grants.computeIfAbsent(grant.question().registrable(), key -> new ArrayList<>());
        times.add(now);
        for (int i = 0; i < times.size(); i++) {
            long refilled = Duration.between(times.get(i), now).dividedBy(PER_DOMAIN.interval());
            assertThat((long) times.size() - i).isLessThanOrEqualTo(PER_DOMAIN.burst() + refilled);
        }
    }

    @Test
    void permitsOneOfManyThreads() throws Exception {
        InMemoryCalloutState state = InMemoryCalloutState.create(
                LIMITS, ManualClock.at(Instant.parse("2026-03-01T12:00:00Z")).monotonic());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Admission>> askers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                askers.add(() -> state.admit(question(new Ask(1, 1, true)))
                        .toCompletableFuture()
                        .join());
            }
            int granted = 0;
            for (Future<Admission> admission : threads.invokeAll(askers)) {
                granted += admission.get() instanceof Granted ? 1 : 0;
            }
            assertThat(granted).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    private static AdmissionRequest question(Ask ask) {
        String domain = "d" + ask.domain() + ".test";
        return new AdmissionRequest(
                "a" + ask.address() + "@" + domain, null, null, domain, domain, "client", ask.preferred(), 1, true);
    }

    private static AddressEntry record(CalloutReason reason, Instant now) {
        Instant fresh = now.plus(reason.shortest());
        Instant stale = reason == CalloutReason.ACCEPTED ? now.plus(Duration.ofDays(7)) : now;
        Instant keep = stale.isAfter(fresh) ? stale : fresh.plus(reason.longest());
        return new AddressEntry(reason, null, now, fresh, stale, keep, 0);
    }

    private static DomainEntry facts(Instant now) {
        return new DomainEntry(null, ProbeReport.TriState.NO, now.plus(Duration.ofDays(7)));
    }
}
