package org.senderauth.callout.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;
import org.senderauth.testkit.Await;

/** A probe answers in the middle of another's admission: at each of the moments at which that looks at the clock. */
@Timeout(60)
class UpdateDuringAdmissionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant TOMORROW = NOON.plus(Duration.ofDays(1));

    /** A fixed clock; at the given reading, another thread applies an update. */
    private static final class InterruptedClock implements LongSupplier {

        private int looks;
        private @Nullable Runnable learning;
        private @Nullable Thread learner;

        @Override
        public long getAsLong() {
            Runnable now = learning;
            if (now != null && Thread.currentThread() != learner && --looks == 0) {
                learning = null;
                Thread started = new Thread(now);
                learner = started;
                started.start();
                Await.until(
                        "an answer that is learnt, or waits for the end of the admission",
                        () -> !started.isAlive() || started.getState() == Thread.State.WAITING);
            }
            return 0;
        }
    }

    // A second probe was admitted once: the cache had no entry when it was read, but the catch-all domain was cached
    // when
    // the number of probes was decided.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void admitsNoOtherProbeAfterCatchAllUpdate(int look) throws Exception {
        InterruptedClock clock = new InterruptedClock();
        InMemoryCalloutState state =
                InMemoryCalloutState.create(CalloutLimits.DEFAULT, MonotonicClock.startingAt(NOON, clock));
        ProbePermit before = granted(state, "before");
        state.apply(update(before, new DomainEntry(null, TriState.UNKNOWN, NOON)));
        state.release(before);
        ProbePermit only = granted(state, "only");
        AddressEntry anything =
                new AddressEntry(CalloutReason.ACCEPTS_ALL, null, NOON, TOMORROW, TOMORROW, TOMORROW, 0);
        DomainEntry catchAll = new DomainEntry(anything, TriState.YES, TOMORROW);

        clock.looks = look;
        clock.learning = () -> state.apply(update(only, catchAll));
        Admission other = state.admit(question("other")).toCompletableFuture().join();

        assertThat(other).isNotInstanceOf(Granted.class);
        if (clock.learner != null) {
            clock.learner.join();
        }
    }

    private static StateUpdate update(ProbePermit grant, DomainEntry facts) {
        return new StateUpdate(grant, Map.of(), facts, Map.of(), Map.of(), StateUpdate.Tally.GOOD, false, null);
    }

    private static ProbePermit granted(InMemoryCalloutState state, String localPart) {
        Admission admission =
                state.admit(question(localPart)).toCompletableFuture().join();
        return ((Granted) admission).grant();
    }

    private static AdmissionRequest question(String localPart) {
        return new AdmissionRequest(
                localPart + "@example.org", null, null, "example.org", "example.org", "client", true, 1, true);
    }
}
