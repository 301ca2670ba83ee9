package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.prober.Prober;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.RegistrableDomain;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;

/** Runs permitted probes, up to a limit, and passes their updates to the state. Thread-safe. */
final class ProbeRunner {

    /** The factor of the connection limit for the hosts of a callforward. */
    private static final int CALLFORWARD_CONNECTIONS = 10;

    private final Prober prober;
    private final CalloutState state;
    private final CachePolicy remembering;
    private final InstantSource wall;
    private final MonotonicClock clock;
    private final Executor executor;
    private final CalloutObserver observer;
    private final int probesPerHost;

    /** One permit for each probe that may start now. */
    private final Semaphore permits;

    /** The probes in flight in this process, by the key of their address. */
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();

    /** Open connections by the address of the mail server; no more entries than probes. */
    private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();

    ProbeRunner(
            Prober prober,
            CalloutState state,
            CachePolicy remembering,
            InstantSource wall,
            MonotonicClock clock,
            Executor executor,
            CalloutObserver observer,
            CalloutLimits limits) {
        this.prober = prober;
        this.state = state;
        this.remembering = remembering;
        this.wall = wall;
        this.clock = clock;
        this.executor = executor;
        this.observer = observer;
        this.probesPerHost = limits.probesPerHost();
        this.permits = new Semaphore(limits.maxConcurrentProbes());
    }

    /** Reserves a probe. The reservation must be returned, or passed to {@link #start}. */
    boolean reserve() {
        return permits.tryAcquire();
    }

    void giveBack() {
        permits.release();
    }

    /** Returns the result of a probe that is in flight in this process, or that has replied and is about to end. */
    @Nullable
    CompletableFuture<ProbeReport> running(AdmissionRequest question) {
        Flight flight = flights.get(question.address());
        return flight == null ? null : flight.answer;
    }

    /**
     * Starts a permitted probe with its reservation.
     *
     * @return its result; exceptionally only if the prober fails, or no thread is available
     */
    CompletableFuture<ProbeReport> start(
            ProbePermit grant, MailAddress address, InetAddress client, List<InetSocketAddress> hosts) {
        Flight flight = new Flight(grant, address, client, !hosts.isEmpty());
        flights.put(grant.question().address(), flight);
        try {
            flight.begin();
            ProbeRequest request = new ProbeRequest(address, null, grant.facts().catchAll(), hosts, flight);
            executor.execute(() -> {
                try {
                    observer.probing();
                    prober.probe(request, flight);
                } catch (RuntimeException | Error e) {
                    flight.fail(e);
                }
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            // OutOfMemoryError: the system has no more threads. The reservation must be returned in any case.
            flight.fail(e);
        }
        return flight.answer;
    }

    /** One probe: admits it to hosts, and receives its verdict and its end. */
    private final class Flight implements ProbeListener, HostLimiter {

        final CompletableFuture<ProbeReport> answer = new CompletableFuture<>();
        private final ProbePermit grant;
        private final MailAddress address;
        private final InetAddress client;
        private Instant date = Instant.EPOCH;
        private Instant begun = Instant.EPOCH;
        private final Map<MailServer, HostEntry> entered = new ConcurrentHashMap<>();

        /** The hosts are configured, for a recipient: they are our own, so no rate limit or circuit breaker protects them. */
        private final boolean callforward;

        private final AtomicBoolean ended = new AtomicBoolean();

        Flight(ProbePermit grant, MailAddress address, InetAddress client, boolean callforward) {
            this.grant = grant;
            this.callforward = callforward;
            this.address = address;
            this.client = client;
        }

        void begin() {
            date = wall.instant();
            begun = clock.instant();
        }

        @Override
        public Leave enter(String name, InetAddress host) {
            if (!connect(host)) {
                observer.limited(CalloutLimiter.HOST_PROBES);
                return new Refused(CalloutReason.RATE_LIMITED);
            }
            if (callforward) {
                return new Entered(false, false);
            }
            // No MX record refers to an address literal.
            MailServer server = new MailServer(host, address.isAddressLiteral() ? null : RegistrableDomain.of(name));
            HostAdmission admission = state.admitHost(server, grant);
            if (admission instanceof HostAdmission.Admitted open) {
                entered.put(server, open.host());
                Instant now = clock.instant();
                return new Entered(
                        now.isBefore(open.host().needsTlsUntil()),
                        now.isBefore(open.host().refusesNullUntil()));
            }
            leave(host);
            if (admission instanceof HostAdmission.BackingOff blocked) {
                observer.avoided(blocked.trouble());
                return new Refused(blocked.trouble());
            }
            CalloutLimiter limiter =
                    admission instanceof HostAdmission.UnderAttack ? CalloutLimiter.HOST_BREAKER : CalloutLimiter.HOST;
            observer.limited(limiter);
            return new Refused(limiter.reason());
        }

        private boolean connect(InetAddress host) {
            int now = connections.merge(host, 1, Integer::sum);
            if (now > (callforward ? probesPerHost * CALLFORWARD_CONNECTIONS : probesPerHost)) {
                leave(host);
                return false;
            }
            return true;
        }

        @Override
        public void leave(InetAddress host) {
            connections.computeIfPresent(host, (address, count) -> count == 1 ? null : count - 1);
        }

        @Override
        public void verdict(ProbeReport report) {
            StateUpdate update = remembering.update(grant, report, entered, clock.instant());
            state.apply(callforward ? update.uncounted() : update);
            answer.complete(report);
        }

        @Override
        public void finished(ProbeReport report) {
            if (end()) {
                observer.probed(new CalloutObserver.Probed(
                        date,
                        Duration.between(begun, clock.instant()),
                        client,
                        address,
                        RegistrableDomain.of(address.domain()),
                        report));
            }
        }

        void fail(Throwable e) {
            try {
                end();
            } finally {
                answer.completeExceptionally(e);
            }
        }

        private boolean end() {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            flights.remove(grant.question().address(), this);
            try {
                state.release(grant);
            } finally {
                giveBack();
            }
            return true;
        }
    }
}
