package org.senderauth.simulation;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;
import org.senderauth.ses.ReplayLedger;

/**
 * A Redis that several hosts share, as far as callouts and the replay ledger see it: commands take effect one by one, some
 * time after they were sent; it may be unreachable, and may return without its data. {@link RedisModelTest} holds it to the
 * contract that the real one passes. During an outage each host has its share of the limits, which starts empty.
 */
final class RedisModel {

    /** Receives the changes of a host's state, to check it. */
    interface Watch {
        void granted(ProbePermit permit, boolean shared);

        void answered(ProbePermit permit);

        void released(ProbePermit permit);

        void admitted(ProbePermit permit, MailServer server, HostAdmission admission);

        void learned(StateUpdate update);
    }

    private final CalloutLimits limits;
    private final int hosts;
    private final MonotonicClock clock;
    private final PlantedFault fault;
    private final Map<String, Long> uses = new HashMap<>();
    private final Map<InetAddress, Integer> failures = new HashMap<>();
    private InMemoryCalloutState data;
    private boolean unreachable;
    private int outages;

    RedisModel(CalloutLimits limits, int hosts, MonotonicClock clock, PlantedFault fault) {
        this.limits = limits;
        this.hosts = hosts;
        this.clock = clock;
        this.fault = fault;
        this.data = InMemoryCalloutState.create(limits, clock);
    }

    /** Starts an outage. */
    void stop(boolean losesData) {
        if (!unreachable) {
            unreachable = true;
            outages++;
        }
        if (losesData) {
            uses.clear();
            data = InMemoryCalloutState.create(limits, clock);
            if (fault != PlantedFault.FULL_LIMITS_AFTER_RESTART) {
                data.emptyBudgets();
            }
        }
    }

    void resume() {
        unreachable = false;
    }

    InMemoryCalloutState.Figures figures() {
        return data.figures();
    }

    // The planted circuit breaker: it counts the answers about all domains together.
    private void blame(MailServer server, boolean bad) {
        failures.merge(server.address(), 1, (count, one) -> bad ? count + one : 0);
    }

    private boolean isBlamed(MailServer server) {
        return fault == PlantedFault.BREAKER_OPENED_BY_STRANGERS
                && failures.getOrDefault(server.address(), 0) >= limits.forgeryThreshold();
    }

    /** The ledger; its answers do not wait, since a check of a signature waits for them on its thread. */
    ReplayLedger ledger() {
        return new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                return CompletableFuture.completedFuture(
                        unreachable
                                ? new UseCount.Unavailable("away")
                                : new UseCount.Counted(uses.merge(key, 1L, Long::sum)));
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                return CompletableFuture.completedFuture(
                        unreachable
                                ? new UseCount.Unavailable("away")
                                : new UseCount.Counted(uses.getOrDefault(key, 0L)));
            }
        };
    }

    /** The state as one host sees it; {@code travel} completes when a command has reached Redis, or a reply the host. */
    CalloutState seenBy(Watch watch, Supplier<CompletableFuture<Void>> travel) {
        return new View(watch, travel);
    }

    private final class View implements CalloutState {

        private final Watch watch;
        private final Supplier<CompletableFuture<Void>> travel;
        private final Map<ProbePermit, InMemoryCalloutState> sources = new IdentityHashMap<>();
        private final InMemoryCalloutState own;
        private int outage = -1;

        View(Watch watch, Supplier<CompletableFuture<Void>> travel) {
            this.watch = watch;
            this.travel = travel;
            this.own = InMemoryCalloutState.create(
                    limits.toBuilder()
                            .domainRate(share(limits.domainRate()))
                            .hostRate(share(limits.hostRate()))
                            .overall(share(limits.overall()))
                            .build(),
                    clock);
        }

        private Rate share(Rate rate) {
            return new Rate(rate.interval().multipliedBy(hosts), Math.max(2, rate.burst() / hosts));
        }

        private InMemoryCalloutState reachable() {
            if (!unreachable) {
                return data;
            }
            if (outage != outages) {
                outage = outages;
                own.emptyBudgets();
            }
            return own;
        }

        @Override
        public CompletionStage<Admission> admit(AdmissionRequest question) {
            return travel.get()
                    .thenApply(there -> run(question))
                    .thenCompose(admission -> travel.get().thenApply(back -> admission));
        }

        private Admission run(AdmissionRequest question) {
            InMemoryCalloutState state = reachable();
            Admission admission = state.admit(question).toCompletableFuture().join();
            if (tooFew(admission, question) && question.mayProbe()) {
                admission = new Admission.Granted(new ProbePermit(
                        question, "planted", null, null, org.senderauth.callout.state.DomainEntry.NONE, false));
            }
            ProbePermit permit = permit(admission);
            if (permit != null) {
                sources.put(permit, state);
                watch.granted(permit, state == data);
            }
            return admission;
        }

        private boolean tooFew(Admission admission, AdmissionRequest question) {
            return fault == PlantedFault.LEASE_IGNORED && admission instanceof Admission.Running
                    || fault == PlantedFault.CATCH_ALL_RACE
                            && admission instanceof Admission.Limited limited
                            && limited.by() == CalloutLimiter.DOMAIN_PROBES;
        }

        private @Nullable ProbePermit permit(Admission admission) {
            return admission instanceof Admission.Granted granted
                    ? granted.grant()
                    : admission instanceof Admission.Known known ? known.refresh() : null;
        }

        @Override
        public HostAdmission admitHost(MailServer server, ProbePermit permit) {
            HostAdmission admission = isBlamed(server)
                    ? new HostAdmission.UnderAttack()
                    : reachable().admitHost(server, permit);
            watch.admitted(permit, server, admission);
            return admission;
        }

        @Override
        public void apply(StateUpdate update) {
            watch.answered(update.grant());
            update.probed().forEach((server, tally) -> blame(server, tally == StateUpdate.Tally.BAD));
            InMemoryCalloutState now = reachable();
            if (sources.getOrDefault(update.grant(), now) == now) {
                now.apply(update);
                watch.learned(update);
            }
        }

        @Override
        public void release(ProbePermit permit) {
            watch.released(permit);
            InMemoryCalloutState source = sources.remove(permit);
            // What cannot be sent is lost: the lease ends by its time.
            if (source != null && source == reachable()) {
                source.release(permit);
            }
        }
    }

    /** The time that a command travels where it is not simulated. */
    static Supplier<CompletableFuture<Void>> atOnce() {
        return () -> CompletableFuture.completedFuture(null);
    }

    /** A delay that is simulated. */
    static Supplier<CompletableFuture<Void>> delayed(MailHost host, Supplier<Duration> delay) {
        return () -> {
            CompletableFuture<Void> arrived = new CompletableFuture<>();
            host.after(delay.get(), () -> arrived.complete(null));
            return arrived;
        };
    }
}
