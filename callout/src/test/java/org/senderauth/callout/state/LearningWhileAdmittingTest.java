package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.testkit.Patience;

/** A probe answers in the middle of another's admission: at each of the moments at which that looks at the clock. */
@Timeout(60)
class LearningWhileAdmittingTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant TOMORROW = NOON.plus(Duration.ofDays(1));

    /** Stands still; when it is looked at for the given time, an answer is learnt by another thread. */
    private static final class InterruptedClock implements InstantSource {

        private int looks;
        private @Nullable Runnable learning;
        private @Nullable Thread learner;

        @Override
        public Instant instant() {
            Runnable now = learning;
            if (now != null && Thread.currentThread() != learner && --looks == 0) {
                learning = null;
                Thread started = new Thread(now);
                learner = started;
                started.start();
                Patience.until(
                        "an answer that is learnt, or waits for the end of the admission",
                        () -> !started.isAlive() || started.getState() == Thread.State.WAITING);
            }
            return NOON;
        }
    }

    // A second probe was let in: nothing was known when an answer was looked for, but that the domain takes anything
    // was known when it was decided how many may ask.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatTheOnlyProbeOfADomainLearnsLetsNobodyElseIn(int look) throws Exception {
        InterruptedClock clock = new InterruptedClock();
        InMemoryCalloutState state = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock);
        Grant before = granted(state, "before");
        state.learn(lesson(before, new DomainFacts(null, Known.UNKNOWN, NOON, Known.YES, TOMORROW)));
        state.release(before);
        Grant only = granted(state, "only");
        AddressRecord anything =
                new AddressRecord(CalloutReason.ACCEPTS_ANYTHING, null, NOON, TOMORROW, TOMORROW, TOMORROW, 0);
        DomainFacts catchAll = new DomainFacts(anything, Known.YES, TOMORROW, Known.YES, TOMORROW);

        clock.looks = look;
        clock.learning = () -> state.learn(lesson(only, catchAll));
        Admission other = state.admit(question("other")).toCompletableFuture().join();

        assertThat(other).isNotInstanceOf(Granted.class);
        if (clock.learner != null) {
            clock.learner.join();
        }
    }

    private static Lesson lesson(Grant grant, DomainFacts facts) {
        return new Lesson(grant, Map.of(), facts, Map.of(), Lesson.Tally.GOOD, false, null);
    }

    private static Grant granted(InMemoryCalloutState state, String localPart) {
        Admission admission =
                state.admit(question(localPart)).toCompletableFuture().join();
        return ((Granted) admission).grant();
    }

    private static Question question(String localPart) {
        return new Question(
                localPart + "@example.org", null, null, "example.org", "example.org", "client", true, 1, true);
    }
}
