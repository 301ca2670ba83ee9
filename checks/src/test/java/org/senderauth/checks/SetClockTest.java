package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.senderauth.batv.MemoryFailureCounter;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The wall clock is set back and forth by hours while lifetimes run, by another thread: what happens, and when, is the
 * same as without the change.
 */
class SetClockTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int STEPS = 400;

    @Test
    void settingTheClockChangesNoLifetime() throws Exception {
        assertThat(run(true)).isEqualTo(run(false));
    }

    // What each second brings.
    private static List<String> run(boolean disturbed) throws Exception {
        ManualClock clock = ManualClock.at(START);
        AtomicBoolean over = new AtomicBoolean();
        Thread setter = new Thread(() -> {
            for (int turn = 0; !over.get(); turn++) {
                clock.set(START.plus(Duration.ofHours(turn % 2 == 0 ? turn % 48 : -(turn % 48))));
            }
        });
        if (disturbed) {
            setter.start();
        }
        try {
            return events(clock);
        } finally {
            over.set(true);
            setter.join();
        }
    }

    private static List<String> events(ManualClock clock) throws Exception {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        Upstream upstream = new Upstream();
        DnsClient dns = CachingDnsClient.of(upstream, 1 << 20, clock::nanoTime);
        SpfVerifier spf = SpfVerifier.builder()
                .dns(dns)
                .clock(clock)
                .nanoTime(clock::nanoTime)
                .build();
        InMemoryCalloutState state = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock.monotonic());
        MemoryFailureCounter failures = new MemoryFailureCounter(Duration.ofSeconds(30), clock::nanoTime);
        MemoryReplayLedger ledger = MemoryReplayLedger.create(clock, clock::nanoTime, 100);
        ledger.increment("b:1", START.plus(Duration.ofDays(400)));
        List<String> events = new ArrayList<>();
        for (int second = 0; second < STEPS; second++) {
            String spfResult = spf.verify(SpfQuery.mailFrom(client, "alice@example.org", "mail.example.org"))
                    .verdict()
                    .text();
            Admission admission =
                    state.admit(question(second % 7)).toCompletableFuture().join();
            if (admission instanceof Admission.Granted granted) {
                if (second % 3 == 0) {
                    learn(state, granted.grant(), clock);
                }
                // Each fifth lease is never released, so that its own end counts.
                if (second % 5 != 0) {
                    state.release(granted.grant());
                }
            }
            ReplayLedger.UseCount uses =
                    ledger.read("b:1").toCompletableFuture().join();
            events.add(second + " " + spfResult + " " + upstream.questions + " "
                    + admission.getClass().getSimpleName() + " " + failures.failed(client) + " " + uses);
            clock.advance(STEP);
        }
        return events;
    }

    private static void learn(InMemoryCalloutState state, ProbePermit grant, ManualClock clock) {
        Instant now = clock.monotonic().instant();
        Instant end = now.plusSeconds(20);
        AddressEntry good = new AddressEntry(CalloutReason.ACCEPTED, null, now, end, end, end, 0);
        state.apply(new StateUpdate(
                grant,
                Map.of(grant.question().address(), good),
                DomainEntry.NONE,
                Map.of(),
                Map.of(),
                StateUpdate.Tally.GOOD,
                false,
                null));
    }

    private static AdmissionRequest question(int number) {
        return new AdmissionRequest(
                "s:a" + number + "@example.org",
                null,
                null,
                "s:example.org",
                "s:example.org",
                "192.0.2.1",
                false,
                1,
                true);
    }

    /** Answers with a record that lives for three seconds. */
    private static final class Upstream implements DnsClient {

        private int questions;

        @Override
        public CompletionStage<DnsAnswer> query(Name name, int type) {
            questions++;
            DnsAnswer answer = type == Type.TXT && name.equals(DomainNames.of("example.org"))
                    ? new DnsAnswer.Records(
                            List.of(new TXTRecord(name, DClass.IN, 3, "v=spf1 ip4:192.0.2.1 -all")),
                            3,
                            List.of(),
                            List.of())
                    : new DnsAnswer.NoSuchDomain(name, 3, List.of());
            return CompletableFuture.completedFuture(answer);
        }
    }
}
