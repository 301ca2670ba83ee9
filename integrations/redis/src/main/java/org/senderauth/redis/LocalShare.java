package org.senderauth.redis;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;

/**
 * What one of several hosts may ask by itself while Redis is away: of every budget the part that one host has, and at
 * the beginning of an outage nothing, since the others may just have spent it. So all hosts together stay within the
 * budgets. It knows what this host has learnt. Thread-safe.
 */
final class LocalShare {

    private final InMemoryCalloutState state;
    private final boolean none;
    private int outage = -1;

    LocalShare(CalloutLimits limits, int hosts, InstantSource clock) {
        Rate perDomain = share(limits.perDomain(), hosts);
        Rate perHost = share(limits.perHost(), hosts);
        Rate overall = share(limits.overall(), hosts);
        this.none = perDomain == null || perHost == null || overall == null;
        this.state = InMemoryCalloutState.create(with(limits, perDomain, perHost, overall, hosts), clock);
    }

    /**
     * One host's part of a rate. The parts of all bursts together are never more than the burst; where that leaves a
     * host less than the two that a rate needs, it has no part at all.
     */
    static @Nullable Rate share(Rate rate, int hosts) {
        int burst = rate.burst() / hosts;
        return burst < 2 ? null : new Rate(rate.interval().multipliedBy(hosts), burst);
    }

    /** The limits with these rates; unchanged where one is missing, since then nothing is asked anyway. */
    private static CalloutLimits with(
            CalloutLimits limits, @Nullable Rate perDomain, @Nullable Rate perHost, @Nullable Rate overall, int hosts) {
        if (perDomain == null || perHost == null || overall == null) {
            return limits;
        }
        return limits.withRates(perDomain, perHost, overall)
                .withProbes(
                        Math.max(1, limits.probesPerDomain() / hosts), limits.probesPerHost(), limits.probesAtOnce());
    }

    /** Begins an outage, unless it has begun. */
    private synchronized void begin(int number) {
        if (outage != number) {
            outage = number;
            state.emptyBudgets();
        }
    }

    CompletionStage<Admission> admit(Question question, int outageNumber) {
        begin(outageNumber);
        return state.admit(none ? question.withMayProbe(false) : question);
    }

    HostAdmission enterHost(InetAddress address, Question question, int outageNumber) {
        begin(outageNumber);
        return none ? new HostAdmission.Exhausted() : state.enterHost(address, question);
    }

    void learn(Lesson lesson) {
        state.learn(lesson);
    }

    void release(Grant grant) {
        state.release(grant);
    }

    InMemoryCalloutState.Figures figures() {
        return state.figures();
    }

    /** How long it takes until a budget that was empty is full. */
    static Duration filling(Rate rate) {
        return rate.interval().multipliedBy(rate.burst());
    }
}
