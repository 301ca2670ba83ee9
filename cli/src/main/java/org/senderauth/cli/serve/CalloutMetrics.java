package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.Meters.word;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.probe.HostFinding;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.callout.state.InMemoryCalloutState.Figures;

/** Counts callouts: what was asked here, what was asked of other mail servers, and whom the limits spare. */
final class CalloutMetrics implements CalloutObserver {

    private final Meters meters;
    private final AtomicInteger probesInFlight = new AtomicInteger();
    private final AtomicLong questions = new AtomicLong();
    private final AtomicLong recipients = new AtomicLong();
    private volatile Figures figures = new Figures(0, 0, 0, 0, 0, 0);

    CalloutMetrics(Meters meters) {
        this.meters = meters;
        meters.gauge("callout.probes.inflight", probesInFlight::get);
        meters.gauge("callout.amplification", this::amplification);
        figure(Figures::addresses, "callout.cache.size", "level", "address");
        figure(Figures::domains, "callout.cache.size", "level", "domain");
        figure(Figures::hosts, "callout.cache.size", "level", "host");
        figure(Figures::evicted, "callout.cache.evictions");
        figure(Figures::blockedHosts, "callout.breaker.open", "scope", "host");
        figure(Figures::forgedDomains, "callout.breaker.open", "scope", "domain");
    }

    private void figure(Function<Figures, Long> figure, String name, String... labels) {
        meters.gauge(name, () -> figure.apply(figures), labels);
    }

    // What a good neighbour keeps below 0.05.
    private double amplification() {
        long asked = questions.get();
        return asked == 0 ? 0 : (double) recipients.get() / asked;
    }

    /** Takes the figures of the moment, before they are read. */
    void look(Figures current) {
        figures = current;
    }

    @Override
    public void answered(CalloutResult result, Duration waited) {
        questions.incrementAndGet();
        meters.count(
                "callout.requests",
                "verdict",
                word(result.verdict()),
                "reason",
                word(result.reason()),
                "source",
                word(result.source()));
        meters.time("callout.caller.wait", waited);
    }

    @Override
    public void limited(Limiter by) {
        meters.count("callout.limited", "by", word(by));
    }

    @Override
    public void avoided(CalloutReason trouble) {
        meters.count("callout.avoided", "trouble", word(trouble));
    }

    @Override
    public void joined() {
        meters.count("callout.singleflight.joined");
    }

    @Override
    public void probing() {
        probesInFlight.incrementAndGet();
    }

    @Override
    public void probed(Probed probe) {
        ProbeReport report = probe.report();
        ProbeReport.Sent sent = report.sent();
        recipients.addAndGet(sent.recipients());
        meters.count("callout.rcpts", sent.targetRecipients(), "kind", "target");
        meters.count("callout.rcpts", sent.randomRecipients(), "kind", "random");
        meters.count("callout.rcpts", sent.controlRecipients(), "kind", "control");
        report.hosts().forEach(this::connected);
        if (report.protocolViolation()) {
            meters.count("callout.protocol.violations");
        }
        probesInFlight.decrementAndGet();
        // Last: who sees that a probe has ended finds all that it has sent.
        meters.time("callout.probe.duration", probe.took(), "stage", word(report.stage()));
    }

    private void connected(HostFinding host) {
        CalloutReason trouble = host.trouble();
        meters.count("callout.connections", "result", trouble == null ? "answered" : word(trouble));
        if (host.encrypted() || trouble == CalloutReason.TLS_REQUIRED) {
            meters.count("callout.tls", "result", host.encrypted() ? "encrypted" : "failed");
        }
    }
}
