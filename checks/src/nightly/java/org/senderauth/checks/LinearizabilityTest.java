package org.senderauth.checks;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.senderauth.batv.MemoryFailureCounter;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutStateContract;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;
import org.senderauth.dns.IpAddresses;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.ReplayLedger.UseCount;

/**
 * Whatever several threads ask of the states in memory at once, they answer as if it had been asked in some order by one
 * (Lincheck). The clock never moves, so nothing depends on it.
 */
class LinearizabilityTest {

    private static final int ITERATIONS = Integer.getInteger("lincheck.iterations", 100);
    private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 2_000);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static void check(Class<?> subject) {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(3)
                .actorsPerThread(3)
                .check(subject);
    }

    @Test
    void calloutState() {
        check(CalloutStateSubject.class);
    }

    @Test
    void replayLedger() {
        check(LedgerSubject.class);
    }

    @Test
    void failureCounter() {
        check(FailureCounterSubject.class);
    }

    /**
     * Answers of a callout state: what is granted, known, running or limited. Each operation is one call of the state: a probe
     * stores its result and ends in two, between which others see it stored and still running.
     */
    @Param(name = "address", gen = IntGen.class, conf = "0:2")
    @Param(name = "token", gen = IntGen.class, conf = "1:4")
    public static class CalloutStateSubject {

        private final InMemoryCalloutState state =
                InMemoryCalloutState.create(CalloutStateContract.LIMITS, MonotonicClock.startingAt(NOW, () -> 0));

        /** Asks about an address. */
        @Operation
        public String admit(@Param(name = "address") int address) {
            Admission admission =
                    state.admit(question(address)).toCompletableFuture().join();
            if (admission instanceof Admission.Granted granted) {
                return "granted " + granted.grant().token();
            }
            return admission instanceof Admission.Limited limited
                    ? limited.by().text()
                    : admission.getClass().getSimpleName();
        }

        /** Stores the result of a probe. */
        @Operation
        public void learn(@Param(name = "address") int address, @Param(name = "token") int token) {
            AddressEntry entry = new AddressEntry(
                    CalloutReason.NO_SUCH_MAILBOX, null, NOW, NOW.plusSeconds(9), NOW, NOW.plusSeconds(99), 0);
            ProbePermit permit = permit(address, token);
            state.apply(new StateUpdate(
                    permit,
                    Map.of(permit.question().address(), entry),
                    null,
                    Map.of(),
                    Map.of(),
                    StateUpdate.Tally.BAD,
                    true,
                    null));
        }

        /** Ends a probe, if one with this token runs. */
        @Operation
        public void end(@Param(name = "token") int token) {
            state.release(permit(0, token));
        }

        private static AdmissionRequest question(int address) {
            String domain = "d" + address % 2 + ".test";
            return new AdmissionRequest(
                    "a" + address + '@' + domain, null, null, domain, domain, "client", true, 1, true);
        }

        private static ProbePermit permit(int address, int token) {
            return new ProbePermit(
                    question(address), Integer.toString(token), null, null, DomainEntry.NONE, true);
        }
    }

    /** Uses of signatures. */
    @Param(name = "key", gen = IntGen.class, conf = "0:1")
    public static class LedgerSubject {

        private final MemoryReplayLedger ledger = MemoryReplayLedger.create(() -> NOW, () -> 0, 100);

        /** Counts a use. */
        @Operation
        public long increment(@Param(name = "key") int key) {
            return uses(ledger.increment("b:" + key, NOW.plusSeconds(60)).join());
        }

        /** Reads the uses. */
        @Operation
        public long read(@Param(name = "key") int key) {
            return uses(ledger.read("b:" + key).join());
        }

        private static long uses(UseCount count) {
            return ((UseCount.Counted) count).uses();
        }
    }

    /** Failures of clients. */
    @Param(name = "client", gen = IntGen.class, conf = "1:2")
    public static class FailureCounterSubject {

        private final MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofHours(1), () -> 0);

        /** Counts a failure. */
        @Operation
        public int failed(@Param(name = "client") int client) {
            return counter.failed(address(client));
        }

        /** Reads the failures. */
        @Operation
        public int failures(@Param(name = "client") int client) {
            return counter.failures(address(client));
        }

        private static InetAddress address(int client) {
            return IpAddresses.parse("192.0.2." + client).orElseThrow();
        }
    }
}
