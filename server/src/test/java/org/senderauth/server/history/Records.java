package org.senderauth.server.history;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.spf.SpfVerifier;

/** Decisions for tests of the history. */
final class Records {

    static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private Records() {}

    static HistoryRecord decision(String id, Instant time) {
        return decision(id, time, "192.0.2.1", "alice@example.org", "bob@example.net", "spf:fail,callout:skipped");
    }

    static HistoryRecord decision(String id, Instant time, String client, String from, String to, String steps) {
        InetAddress address = IpAddresses.parse(client).orElseThrow();
        return new HistoryRecord(
                id,
                time,
                "reject",
                "550 5.7.23 SPF check failed",
                "spf",
                null,
                address,
                "mail.example.org",
                from,
                to,
                "4Qx1",
                steps,
                12,
                client + " is not authorized");
    }

    static HistoryStore.Entry entry(HistoryRecord decision) {
        return new HistoryStore.Entry(
                decision,
                new HistoryTrace(
                        decision.id(),
                        List.of(new HistoryTrace.Step(
                                "spf", "enforce", "fail", "fail", "not authorized", List.of("? TXT example.org"))),
                        List.of()));
    }

    static HistoryFilter filter(String... values) {
        Map<String, String> map = new java.util.LinkedHashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            map.put(values[i], values[i + 1]);
        }
        return HistoryFilter.of(map, InstantSource.fixed(START));
    }

    static List<String> ids(HistorySource source, int limit, String... filter) throws java.io.IOException {
        List<String> ids = new ArrayList<>();
        source.search(filter(filter), limit, decision -> ids.add(decision.id()));
        return ids;
    }

    /** Returns a policy that rejects senders at example.org, and keeps what SPF saw. */
    static SenderPolicy policy() {
        ZoneDnsClient dns = ZoneDnsClient.builder()
                .text("example.org. 300 IN TXT \"v=spf1 -all\"\n")
                .build();
        return SenderPolicy.builder("mx.example.org")
                .spf(SpfVerifier.builder().dns(dns).trace(true).build(), SpfStrictness.FAIL_ONLY)
                .build();
    }
}
