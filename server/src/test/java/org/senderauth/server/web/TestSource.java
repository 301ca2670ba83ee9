package org.senderauth.server.web;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Transaction;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistorySource;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.spf.lint.LintReport;
import org.senderauth.spf.lint.SpfLinter;
import org.senderauth.testkit.ManualClock;

/** A service whose history contains what a test puts there, unfiltered. */
final class TestSource implements WebSource, HistorySource {

    final ManualClock clock;
    final DecisionFigures figures;
    final List<HistorySource.Found> decisions = new ArrayList<>();
    final List<StateRow> rows = new ArrayList<>();
    final List<String> evicted = new ArrayList<>();
    boolean shared;
    String record = "v=spf1 include:spf.example.net -all";

    private final DnsClient dns = ZoneDnsClient.builder().text("""
                    example.org.     300 IN TXT "v=spf1 include:spf.example.net -all"
                    spf.example.net. 300 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
                    """).build();
    private final SenderPolicy policy = SenderPolicy.builder("mx.example.org")
            .spf(SpfVerifier.builder().dns(dns).trace(true).build(), SpfStrictness.FAIL_ONLY)
            .build();

    TestSource(ManualClock clock) {
        this.clock = clock;
        this.figures = new DecisionFigures(clock, PolicyObserver.NONE);
    }

    @Override
    public String hostname() {
        return "mx.example.org";
    }

    @Override
    public Decision decide(Transaction transaction) {
        return policy.decide(transaction);
    }

    @Override
    public LintReport lint(String domain) {
        return SpfLinter.of(dns).lintDraft(domain, record);
    }

    @Override
    public HistorySource history() {
        return this;
    }

    @Override
    public DecisionFigures figures() {
        return figures;
    }

    @Override
    public List<Health> health() {
        return List.of(
                new Health("Service and DNS", true, "ok: 1 listener"), new Health("Redis", false, "unavailable"));
    }

    @Override
    public List<StateRow> state(String topic) throws IOException {
        if (shared) {
            throw new IOException("this host shares the state");
        }
        return rows;
    }

    @Override
    public Forgotten forget(String what, String user) throws IOException {
        if (!what.contains("@")) {
            throw new IOException("forget requires an address, was " + what);
        }
        evicted.add(user + " " + what);
        return new Forgotten(1, "");
    }

    @Override
    public Map<String, Long> publicLookups() {
        return Map.of("valid", 3L);
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public void search(HistoryFilter filter, int limit, Sink sink) throws IOException {
        for (HistorySource.Found found : decisions) {
            sink.accept(found.decision());
        }
    }

    @Override
    public Optional<Found> find(String id) {
        return decisions.stream()
                .filter(found -> found.decision().id().equals(id))
                .findFirst();
    }

    @Override
    public Position end() {
        return new Position(0, 0);
    }

    @Override
    public Position follow(Position from, HistoryFilter filter, Sink sink) {
        return from;
    }
}
