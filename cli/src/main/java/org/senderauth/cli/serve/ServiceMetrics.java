package org.senderauth.cli.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Finding;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.ses.SesObserver;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.SesUse;

/** Counts for Prometheus. Labels are words of ours, never an address or a domain, so that their number is bounded. */
final class ServiceMetrics {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger probesInFlight = new AtomicInteger();
    private final AtomicLong calloutQuestions = new AtomicLong();
    private final AtomicLong calloutRecipients = new AtomicLong();

    ServiceMetrics() {
        Gauge.builder("callout.probes.inflight", probesInFlight, AtomicInteger::get)
                .description("Callout probes under way")
                .register(registry);
        Gauge.builder("callout.amplification", this, ServiceMetrics::amplification)
                .description("RCPT commands sent for each question asked; alert above 0.05")
                .register(registry);
    }

    private double amplification() {
        long questions = calloutQuestions.get();
        return questions == 0 ? 0 : (double) calloutRecipients.get() / questions;
    }

    /** All metrics in Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    private void count(String name, String... labels) {
        Counter.builder(name).tags(labels).register(registry).increment();
    }

    private void time(String name, Duration time, String... labels) {
        Timer.builder(name)
                .tags(labels)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(60))
                .register(registry)
                .record(time);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void reloaded(boolean good) {
        count("config.reloads", "result", good ? "good" : "refused");
    }

    /** Counts decisions and what each step found: spf, csv, batv and ses by their results, such as {@code spf_checks}. */
    PolicyObserver policy() {
        return new PolicyObserver() {
            @Override
            public void found(Step step, Finding finding, Duration time) {
                // The block lists' own codes are not ours to bound.
                String result = step == Step.DNSBL ? word(finding.standing()) : finding.result();
                String name = step.text().replace('-', '.');
                count(name + ".checks", "result", result, "standing", word(finding.standing()));
                time(name + ".duration", time);
            }

            @Override
            public void failed(Step step, Throwable cause) {
                count("policy.failures", "step", step.text());
            }

            @Override
            public void decided(Transaction transaction, Decision decision, Duration time) {
                boolean exempt = decision.steps().isEmpty();
                String action = word(decision.action());
                count("policy.decisions", "action", exempt ? "exempt" : action);
                time("policy.decision.duration", time);
            }
        };
    }

    CalloutObserver callout() {
        return new CalloutObserver() {
            @Override
            public void answered(CalloutResult result, Duration waited) {
                calloutQuestions.incrementAndGet();
                count(
                        "callout.requests",
                        "verdict",
                        word(result.verdict()),
                        "reason",
                        word(result.reason()),
                        "source",
                        word(result.source()));
                time("callout.caller.wait", waited);
            }

            @Override
            public void limited(Limiter by) {
                count("callout.limited", "by", word(by));
            }

            @Override
            public void joined() {
                count("callout.singleflight.joined");
            }

            @Override
            public void probing() {
                probesInFlight.incrementAndGet();
            }

            @Override
            public void probed(Probed probe) {
                probesInFlight.decrementAndGet();
                ProbeReport report = probe.report();
                time("callout.probe.duration", probe.took(), "stage", word(report.stage()));
                ProbeReport.Sent sent = report.sent();
                calloutRecipients.addAndGet(sent.recipients());
                add("callout.rcpts", sent.targetRecipients(), "kind", "target");
                add("callout.rcpts", sent.randomRecipients(), "kind", "random");
                add("callout.rcpts", sent.controlRecipients(), "kind", "control");
                add("callout.connections", sent.connections(), "result", word(report.reason()));
                if (report.protocolViolation()) {
                    count("callout.protocol.violations");
                }
            }
        };
    }

    private void add(String name, int amount, String... labels) {
        Counter.builder(name).tags(labels).register(registry).increment(amount);
    }

    SesObserver ses() {
        return new SesObserver() {
            @Override
            public void verified(SesUse use, SesResult result) {
                count("ses.verifications", "use", word(use), "verdict", word(result.verdict()));
            }
        };
    }

    /** Counts what a map says. */
    void mapped(String map, MapReply reply) {
        count("socketmap.lookups", "map", map, "reply", word(reply));
    }

    private static String word(MapReply reply) {
        return reply.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Counts the connections of one server. */
    ServerObserver server(String protocol, String address, Supplier<Number> connections) {
        Gauge.builder("server.connections", connections)
                .tag("protocol", protocol)
                .tag("address", address)
                .register(registry);
        return new ServerObserver() {
            @Override
            public void closed(End end) {
                count("server.connections.closed", "protocol", protocol, "end", word(end));
            }

            @Override
            public void full() {
                count("server.full", "protocol", protocol);
            }

            @Override
            public void answered(Duration time) {
                time("server.requests", time, "protocol", protocol);
            }

            @Override
            public void failed(Throwable cause) {
                count("server.failures", "protocol", protocol);
            }
        };
    }
}
