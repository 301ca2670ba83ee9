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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.probe.HostGate;
import org.senderauth.callout.probe.ProbeListener;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.probe.ProbeRequest;
import org.senderauth.callout.probe.Prober;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Question;
import org.senderauth.core.MailAddress;

/** Runs granted probes, at most so many at once, and has the state learn from them. Thread-safe. */
final class Probing {

    private final Prober prober;
    private final CalloutState state;
    private final Remembering remembering;
    private final InstantSource clock;
    private final Executor executor;
    private final CalloutObserver observer;
    private final int probesPerHost;

    /** One for each probe that may run now. */
    private final Semaphore permits;

    /** Probes that are running in this process, by the key of their address. */
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();

    /** Connections by the mail server's address; no more entries than probes. */
    private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();

    Probing(
            Prober prober,
            CalloutState state,
            Remembering remembering,
            InstantSource clock,
            Executor executor,
            CalloutObserver observer,
            CalloutLimits limits) {
        this.prober = prober;
        this.state = state;
        this.remembering = remembering;
        this.clock = clock;
        this.executor = executor;
        this.observer = observer;
        this.probesPerHost = limits.probesPerHost();
        this.permits = new Semaphore(limits.probesAtOnce());
    }

    /** Reserves a probe. What is reserved must be given back, or passed on to {@link #start}. */
    boolean reserve() {
        return permits.tryAcquire();
    }

    void giveBack() {
        permits.release();
    }

    /** The answer of a probe that is running in this process, or that has answered and is about to end. */
    @Nullable
    CompletableFuture<ProbeReport> running(Question question) {
        Flight flight = flights.get(question.address());
        return flight == null ? null : flight.answer;
    }

    /**
     * Starts a granted probe for which one was reserved.
     *
     * @return its answer; exceptionally only if the prober itself fails, or no thread could be had for it
     */
    CompletableFuture<ProbeReport> start(
            Grant grant, MailAddress address, InetAddress client, List<InetSocketAddress> hosts) {
        Flight flight = new Flight(grant, address, client);
        flights.put(grant.question().address(), flight);
        ProbeRequest request = new ProbeRequest(
                address, null, grant.facts().catchAll(), grant.facts().control(), hosts, flight);
        try {
            executor.execute(() -> {
                observer.probing();
                try {
                    prober.probe(request, flight);
                } catch (RuntimeException e) {
                    flight.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            flight.fail(e);
        }
        return flight.answer;
    }

    /** One probe: lets it into hosts, hears of its answer and of its end. */
    private final class Flight implements ProbeListener, HostGate {

        final CompletableFuture<ProbeReport> answer = new CompletableFuture<>();
        private final Grant grant;
        private final MailAddress address;
        private final InetAddress client;
        private final Instant begun = clock.instant();
        private final Map<InetAddress, HostRecord> entered = new ConcurrentHashMap<>();
        private final AtomicBoolean ended = new AtomicBoolean();

        Flight(Grant grant, MailAddress address, InetAddress client) {
            this.grant = grant;
            this.address = address;
            this.client = client;
        }

        @Override
        public Leave enter(InetAddress host) {
            if (!connect(host)) {
                observer.limited(Limiter.HOST);
                return new Refused(CalloutReason.RATE_LIMITED);
            }
            HostAdmission admission = state.enterHost(host, grant.question());
            if (admission instanceof HostAdmission.Open open) {
                entered.put(host, open.host());
                Instant now = clock.instant();
                return new Entered(
                        now.isBefore(open.host().needsTlsUntil()),
                        now.isBefore(open.host().refusesNullUntil()));
            }
            leave(host);
            if (admission instanceof HostAdmission.Blocked blocked) {
                observer.avoided(blocked.trouble());
                return new Refused(blocked.trouble());
            }
            observer.limited(Limiter.HOST);
            return new Refused(CalloutReason.RATE_LIMITED);
        }

        private boolean connect(InetAddress host) {
            int now = connections.merge(host, 1, Integer::sum);
            if (now > probesPerHost) {
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
            state.learn(remembering.lesson(grant, report, entered, clock.instant()));
            answer.complete(report);
        }

        @Override
        public void finished(ProbeReport report) {
            if (end()) {
                observer.probed(new CalloutObserver.Probed(
                        begun,
                        Duration.between(begun, clock.instant()),
                        client,
                        address,
                        RegistrableDomain.of(address.domain()),
                        report));
            }
        }

        void fail(RuntimeException e) {
            end();
            answer.completeExceptionally(e);
        }

        private boolean end() {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            flights.remove(grant.question().address(), this);
            state.release(grant);
            giveBack();
            return true;
        }
    }
}
