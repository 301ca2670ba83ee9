package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.CalloutRequest.Spf;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;

/** Who may probe, and connect, at the same time as others; and that every place is given back. */
class ProbeConcurrencyLimitTest {

    private static final CalloutLimits USUAL = CalloutLimits.DEFAULT;
    private static final InetAddress HOST = IpAddresses.parse("192.0.2.25").orElseThrow();

    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-01T12:00:00Z"));
    private final ScriptedProber prober = new ScriptedProber(time);
    private final CalloutCounters counters = new CalloutCounters();

    @Test
    void skippedRequestTakesNoProbeSlot() {
        CalloutVerifier verifier = verifier(limits(2, 5, USUAL.hostRate()));
        verify(verifier, "known@known.example");
        time.goOn(Duration.ofSeconds(1));
        CompletableFuture<CalloutResult> first = verify(verifier, "running@busy.example");
        for (int i = 0; i < 5; i++) {
            assertThat(now(verify(verifier, "known@known.example")).verdict()).isEqualTo(CalloutVerdict.DELIVERABLE);
            assertThat(verify(verifier, "running@busy.example")).isNotDone();
            assertThat(now(verify(verifier, "limited@busy.example")).reason()).isEqualTo(CalloutReason.RATE_LIMITED);
        }
        assertThat(first).isNotDone();
        verify(verifier, "other@other.example");
        assertThat(prober.asked())
                .containsExactly("known@known.example", "running@busy.example", "other@other.example");
        CalloutResult third = now(verify(verifier, "third@third.example"));
        assertThat(third.reason()).isEqualTo(CalloutReason.RATE_LIMITED);
        assertThat(third.limiter()).contains(CalloutLimiter.ALL_PROBES);
    }

    @Test
    void failingStateTakesNoProbeSlot() {
        WatchedState state = new WatchedState(InMemoryCalloutState.create(USUAL, time.monotonic()));
        CalloutVerifier verifier =
                builder(limits(1, 5, USUAL.hostRate())).state(state).build();
        state.broken = true;
        for (int i = 0; i < 3; i++) {
            assertThat(now(verify(verifier, "a@a.example")).reason()).isEqualTo(CalloutReason.UNAVAILABLE);
        }
        state.broken = false;
        verify(verifier, "a@a.example");
        assertThat(prober.asked()).containsExactly("a@a.example");
    }

    @Test
    void probeThatCannotStartTakesNoProbeSlot() {
        boolean[] broken = {true};
        CalloutVerifier verifier = builder(limits(1, 5, USUAL.hostRate()))
                .executor(task -> {
                    if (broken[0]) {
                        throw new IllegalStateException("broken");
                    }
                    task.run();
                })
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(now(verify(verifier, "a@a.example")).reason()).isEqualTo(CalloutReason.UNAVAILABLE);
        }
        broken[0] = false;
        verify(verifier, "a@a.example");
        assertThat(prober.asked()).containsExactly("a@a.example");
    }

    @Test
    void stateThatThrowsTakesNoProbeSlot() {
        CalloutState memory = InMemoryCalloutState.create(USUAL, time.monotonic());
        boolean[] broken = {true};
        CalloutState state = (CalloutState) Proxy.newProxyInstance(
                CalloutState.class.getClassLoader(),
                new Class<?>[] {CalloutState.class},
                (proxy, method, arguments) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("broken");
                    }
                    return method.invoke(memory, arguments);
                });
        CalloutVerifier verifier =
                builder(limits(1, 5, USUAL.hostRate())).state(state).build();
        for (int i = 0; i < 3; i++) {
            assertThat(now(verify(verifier, "a@a.example")).reason()).isEqualTo(CalloutReason.UNAVAILABLE);
        }
        broken[0] = false;
        verify(verifier, "a@a.example");
        assertThat(prober.asked()).containsExactly("a@a.example");
    }

    @Test
    void closedVerifierKeepsResponseTimeout() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CalloutVerifier verifier = CalloutVerifier.builder((request, listener) -> {
                    try {
                        ended.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .limits(CalloutLimits.builder()
                        .responseTimeout(Duration.ofMillis(100))
                        .build())
                .build();
        CompletableFuture<CalloutResult> waiting = verify(verifier, "slow@example.org");
        verifier.close();
        assertThat(waiting.get(30, TimeUnit.SECONDS).reason()).isEqualTo(CalloutReason.IN_PROGRESS);
        ended.countDown();
    }

    @Test
    void pollsProbeOfOtherHostUntilTimeout() {
        WatchedState state = new WatchedState(InMemoryCalloutState.create(USUAL, time.monotonic()));
        prober.answer("slow@example.org", CalloutReason.ACCEPTED, Duration.ofSeconds(30));
        verify(builder(USUAL).state(state).build(), "slow@example.org");
        state.admitted.clear();
        CompletableFuture<CalloutResult> waiting =
                verify(builder(USUAL).state(state).build(), "slow@example.org");
        time.goOn(Duration.ofMillis(7_999));
        assertThat(waiting).isNotDone();
        time.goOn(Duration.ofMillis(1));
        assertThat(now(waiting).reason()).isEqualTo(CalloutReason.IN_PROGRESS);
        time.goOn(Duration.ofSeconds(10));
        assertThat(state.admitted)
                .extracting(at -> Duration.between(state.admitted.get(0), at).toMillis())
                .containsExactly(0L, 50L, 150L, 350L, 750L, 1550L, 2550L, 3550L, 4550L, 5550L, 6550L, 7550L);
    }

    @Test
    void endedConnectionFreesItsSlot() {
        CalloutVerifier verifier = verifier(limits(100, 2, USUAL.hostRate()));
        List<HostLimiter> gates = new ArrayList<>();
        prober.onProbe(request -> gates.add(request.gate()));
        for (int i = 0; i < 5; i++) {
            verify(verifier, "a@victim" + i + ".com");
        }
        HostLimiter.Leave refused = new HostLimiter.Refused(CalloutReason.RATE_LIMITED);
        HostLimiter.Leave entered = new HostLimiter.Entered(false, false);
        assertThat(gates.get(0).enter("mx.example.net", HOST)).isEqualTo(entered);
        assertThat(gates.get(1).enter("mx.example.net", HOST)).isEqualTo(entered);
        assertThat(gates.get(2).enter("mx.example.net", HOST)).isEqualTo(refused);
        gates.get(0).leave(HOST);
        assertThat(gates.get(3).enter("mx.example.net", HOST)).isEqualTo(entered);
        assertThat(gates.get(4).enter("mx.example.net", HOST)).isEqualTo(refused);
        assertThat(counters.counts()).containsEntry("callout.limited{by=HOST_PROBES}", 2L);
    }

    @Test
    void connectsToNoRateLimitedServer() {
        CalloutVerifier verifier = verifier(limits(100, 2, new Rate(Duration.ofSeconds(1), 2)));
        List<HostLimiter> gates = new ArrayList<>();
        prober.onProbe(request -> gates.add(request.gate()));
        for (int i = 0; i < 4; i++) {
            verify(verifier, "a@victim" + i + ".com");
        }
        assertThat(gates.get(0).enter("mx.example.net", HOST)).isInstanceOf(HostLimiter.Entered.class);
        for (int i = 0; i < 3; i++) {
            assertThat(gates.get(1).enter("mx.example.net", HOST))
                    .isEqualTo(new HostLimiter.Refused(CalloutReason.RATE_LIMITED));
        }
        assertThat(counters.counts()).containsEntry("callout.limited{by=HOST}", 3L);
        // A denied connection uses no slot.
        time.goOn(Duration.ofSeconds(1));
        assertThat(gates.get(1).enter("mx.example.net", HOST)).isInstanceOf(HostLimiter.Entered.class);
    }

    @Test
    void reservesHalfOfBurstForSpfPassMail() {
        CalloutVerifier verifier = verifier(USUAL);
        for (Spf spf : List.of(Spf.NONE, Spf.PASS)) {
            for (int i = 0; i < 15; i++) {
                verifier.verifyAsync(CalloutRequest.sender(MailAddress.of(spf + "" + i + "@example.org"))
                        .client(HOST)
                        .spf(spf)
                        .build());
                time.goOn(Duration.ofMillis(250));
            }
        }
        assertThat(prober.asked())
                .hasSize(20)
                .filteredOn(asked -> asked.startsWith("NONE"))
                .hasSize(10);
    }

    @Test
    void allowsOwnHostsTenTimesTheConnections() {
        CalloutVerifier verifier = builder(USUAL)
                .callforward("example.org", List.of(new InetSocketAddress(HOST, 25)))
                .build();
        prober.answerAll(CalloutReason.MAILBOX_FULL);
        for (int i = 0; i < 50; i++) {
            verifier.verifyRecipientAsync(MailAddress.of("r" + i + "@example.org"), HOST);
            time.goOn(Duration.ofMillis(300));
        }
        assertThat(prober.asked()).hasSize(50);
        prober.answerAll(CalloutReason.NO_SUCH_MAILBOX);
        verifier.verifyRecipientAsync(MailAddress.of("nobody@example.org"), HOST);
        time.goOn(Duration.ofMillis(300));
        CompletableFuture<CalloutResult> known =
                verifier.verifyRecipientAsync(MailAddress.of("nobody@example.org"), HOST);
        assertThat(now(known).targetReply().map(Object::toString)).contains("550 5.1.1 planned");
    }

    @Test
    void closingEndsOwnThreadsAndNoOthers() {
        CalloutVerifier own = CalloutVerifier.builder((request, listener) ->
                        ScriptedProber.tell(listener, ScriptedProber.report(CalloutReason.ACCEPTED, TriState.NO)))
                .build();
        own.close();
        assertThat(verify(own, "a@example.org").join().failure()).containsInstanceOf(RejectedExecutionException.class);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            CalloutVerifier.builder(prober).executor(threads).build().close();
            assertThat(threads.isShutdown()).isFalse();
        } finally {
            threads.shutdown();
        }
    }

    // ---- parts ----

    private final class WatchedState implements CalloutState {

        private final CalloutState state;
        private final List<Instant> admitted = new ArrayList<>();
        private boolean broken;

        WatchedState(CalloutState state) {
            this.state = state;
        }

        @Override
        public CompletionStage<Admission> admit(AdmissionRequest question) {
            admitted.add(time.instant());
            return broken
                    ? CompletableFuture.failedFuture(new IllegalStateException("broken on purpose"))
                    : state.admit(question);
        }

        @Override
        public HostAdmission admitHost(MailServer server, ProbePermit permit) {
            return state.admitHost(server, permit);
        }

        @Override
        public void apply(StateUpdate update) {
            state.apply(update);
        }

        @Override
        public void release(ProbePermit grant) {
            state.release(grant);
        }
    }

    private static CalloutLimits limits(int maxConcurrentProbes, int probesPerHost, Rate hostRate) {
        return USUAL.toBuilder()
                .hostRate(hostRate)
                .probesPerHost(probesPerHost)
                .maxConcurrentProbes(maxConcurrentProbes)
                .build();
    }

    private CalloutVerifier verifier(CalloutLimits limits) {
        return builder(limits).build();
    }

    private CalloutVerifierBuilder builder(CalloutLimits limits) {
        return CalloutVerifier.builder(prober)
                .limits(limits)
                .clock(time)
                .monotonicClock(time.monotonic())
                .timer(time)
                .observer(counters)
                .executor(Runnable::run);
    }

    private static CalloutResult now(CompletableFuture<CalloutResult> result) {
        assertThat(result).isCompleted();
        return result.join();
    }

    private static CompletableFuture<CalloutResult> verify(CalloutVerifier verifier, String sender) {
        return verifier.verifyAsync(CalloutRequest.sender(sender).client(HOST).build());
    }
}
