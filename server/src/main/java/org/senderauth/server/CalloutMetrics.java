package org.senderauth.server;

import static org.senderauth.server.MetricRegistry.word;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.inmemory.InMemoryCalloutState.Figures;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;

/** Counts callouts: what was asked here, what was asked of other mail servers, and whom the limits spare. */
final class CalloutMetrics implements CalloutObserver {

    private final MetricRegistry meters;
    private final AtomicInteger probesInFlight = new AtomicInteger();
    private final AtomicLong questions = new AtomicLong();
    private final AtomicLong recipients = new AtomicLong();
    private volatile Figures figures = new Figures(0, 0, 0, 0, 0, 0, 0);

    CalloutMetrics(MetricRegistry meters) {
        this.meters = meters;
        presentFromTheStart();
        meters.gauge(Metric.CALLOUT_PROBES_IN_FLIGHT, probesInFlight::get);
        meters.gauge(Metric.CALLOUT_RCPTS_PER_REQUEST, this::amplification);
        figure(Figures::addresses, Metric.CALLOUT_CACHE_ENTRIES, "level", "address");
        figure(Figures::domains, Metric.CALLOUT_CACHE_ENTRIES, "level", "domain");
        figure(Figures::hosts, Metric.CALLOUT_CACHE_ENTRIES, "level", "host");
        meters.counter(Metric.CALLOUT_CACHE_EVICTIONS, this, self -> self.figures.evicted());
        figure(Figures::blockedHosts, Metric.CALLOUT_CIRCUIT_BREAKERS_OPEN, "scope", "host");
        figure(Figures::forgedDomains, Metric.CALLOUT_CIRCUIT_BREAKERS_OPEN, "scope", "domain");
        figure(Figures::hostBreakersOpen, Metric.CALLOUT_CIRCUIT_BREAKERS_OPEN, "scope", "attacked-host");
    }

    private void presentFromTheStart() {
        for (CalloutLimiter limit : CalloutLimiter.values()) {
            meters.present(Metric.CALLOUT_RATE_LIMITED, "limit", word(limit));
        }
        for (String kind : List.of("target", "random", "control")) {
            meters.present(Metric.CALLOUT_RCPTS, "kind", kind);
        }
        meters.timer(Metric.CALLOUT_RESPONSE_DURATION);
        meters.present(Metric.CALLOUT_CONNECTIONS, "result", "answered");
        meters.present(Metric.CALLOUT_PROTOCOL_VIOLATIONS);
        meters.present(Metric.CALLOUT_COALESCED);
    }

    private void figure(Function<Figures, Long> figure, Metric metric, String... labels) {
        meters.gauge(metric, () -> figure.apply(figures), labels);
    }

    // Should stay below 0.05.
    private double amplification() {
        long asked = questions.get();
        return asked == 0 ? 0 : (double) recipients.get() / asked;
    }

    /** Updates the figures before they are read. */
    void look(Figures current) {
        figures = current;
    }

    @Override
    public void answered(CalloutResult result, Duration waited) {
        questions.incrementAndGet();
        meters.count(
                Metric.CALLOUT_REQUESTS,
                "verdict",
                word(result.verdict()),
                "reason",
                word(result.reason()),
                "source",
                word(result.source()));
        meters.time(Metric.CALLOUT_RESPONSE_DURATION, waited);
    }

    @Override
    public void limited(CalloutLimiter by) {
        meters.count(Metric.CALLOUT_RATE_LIMITED, "limit", word(by));
    }

    @Override
    public void avoided(CalloutReason trouble) {
        meters.count(Metric.CALLOUT_BACKOFF_SKIPS, "reason", word(trouble));
    }

    @Override
    public void joined() {
        meters.count(Metric.CALLOUT_COALESCED);
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
        meters.count(Metric.CALLOUT_RCPTS, sent.targetRecipients(), "kind", "target");
        meters.count(Metric.CALLOUT_RCPTS, sent.randomRecipients(), "kind", "random");
        meters.count(Metric.CALLOUT_RCPTS, sent.controlRecipients(), "kind", "control");
        report.hosts().forEach(this::connected);
        if (report.protocolViolation()) {
            meters.count(Metric.CALLOUT_PROTOCOL_VIOLATIONS);
        }
        probesInFlight.decrementAndGet();
        // Last: who sees that a probe has ended finds all that it has sent.
        meters.time(Metric.CALLOUT_PROBE_DURATION, probe.took(), "stage", word(report.stage()));
    }

    private void connected(HostReport host) {
        CalloutReason trouble = host.trouble();
        meters.count(Metric.CALLOUT_CONNECTIONS, "result", trouble == null ? "answered" : word(trouble));
        if (host.encrypted() || trouble == CalloutReason.TLS_REQUIRED) {
            meters.count(Metric.CALLOUT_TLS, "result", host.encrypted() ? "encrypted" : "failed");
        }
    }
}
