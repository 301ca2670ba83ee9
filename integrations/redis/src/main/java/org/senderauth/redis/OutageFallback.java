package org.senderauth.redis;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;

/**
 * The local callout state of one host during an outage of Redis: its part of each rate limit, and nothing at the start of the
 * outage, since the other hosts may just have used the burst. So all hosts together stay within the limits. It starts with
 * the entries of this host. Thread-safe.
 */
final class OutageFallback {

    private final InMemoryCalloutState state;
    private final boolean none;
    private int outage = -1;

    OutageFallback(CalloutLimits limits, int hosts, MonotonicClock clock) {
        Rate domainRate = share(limits.domainRate(), hosts);
        Rate hostRate = share(limits.hostRate(), hosts);
        Rate overall = share(limits.overall(), hosts);
        this.none = domainRate == null || hostRate == null || overall == null;
        this.state = InMemoryCalloutState.create(with(limits, domainRate, hostRate, overall, hosts), clock);
    }

    /**
     * Returns one host's part of a rate. The parts of a burst are never more than the burst; a host whose part is less than the
     * minimum of two has none.
     */
    static @Nullable Rate share(Rate rate, int hosts) {
        int burst = rate.burst() / hosts;
        return burst < 2 ? null : new Rate(rate.interval().multipliedBy(hosts), burst);
    }

    /** Returns the limits with these rates; unchanged where one is missing, since then nothing is probed anyway. */
    private static CalloutLimits with(
            CalloutLimits limits,
            @Nullable Rate domainRate,
            @Nullable Rate hostRate,
            @Nullable Rate overall,
            int hosts) {
        if (domainRate == null || hostRate == null || overall == null) {
            return limits;
        }
        return limits.toBuilder()
                .domainRate(domainRate)
                .hostRate(hostRate)
                .overall(overall)
                .probesPerDomain(Math.max(1, limits.probesPerDomain() / hosts))
                .build();
    }

    /** Starts an outage, unless one has started. */
    private synchronized void begin(int number) {
        if (outage != number) {
            outage = number;
            state.emptyBudgets();
        }
    }

    CompletionStage<Admission> admit(AdmissionRequest question, int outageNumber) {
        begin(outageNumber);
        return state.admit(none ? question.withMayProbe(false) : question);
    }

    HostAdmission admitHost(MailServer server, ProbePermit permit, int outageNumber) {
        begin(outageNumber);
        return none ? new HostAdmission.RateLimited() : state.admitHost(server, permit);
    }

    void apply(StateUpdate update) {
        state.apply(update);
    }

    void release(ProbePermit grant) {
        state.release(grant);
    }

    void forget(MailAddress address) {
        state.forget(address);
    }

    void forgetDomain(String domain) {
        state.forgetDomain(domain);
    }

    void forgetHost(InetAddress host) {
        state.forgetHost(host);
    }

    InMemoryCalloutState.Figures figures() {
        return state.figures();
    }

    /** Returns the time in which an empty burst is full again. */
    static Duration filling(Rate rate) {
        return rate.interval().multipliedBy(rate.burst());
    }
}
