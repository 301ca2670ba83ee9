package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.Meters.word;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Finding;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.ses.SesObserver;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.SesSigning;
import org.senderauth.ses.SesUse;

/** All that the service counts for Prometheus; {@link CalloutMetrics} has the callouts. */
final class ServiceMetrics {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final CalloutMetrics callout = new CalloutMetrics(meters);

    /** All metrics in Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    Meters meters() {
        return meters;
    }

    CalloutMetrics callout() {
        return callout;
    }

    void reloaded(boolean good) {
        meters.count("config.reloads", "result", good ? "good" : "refused");
    }

    /** Counts decisions and what each step found: spf, csv, batv and ses by their results, such as {@code spf_checks}. */
    PolicyObserver policy() {
        return new PolicyObserver() {
            @Override
            public void found(Step step, Finding finding, Duration time) {
                // The block lists' own codes are not ours to bound.
                String result = step == Step.DNSBL ? finding.standing().text() : finding.result();
                String name = step.text().replace('-', '.');
                meters.count(
                        name + ".checks",
                        "result",
                        result,
                        "standing",
                        finding.standing().text());
                meters.time(name + ".duration", time);
            }

            @Override
            public void failed(Step step, Throwable cause) {
                meters.count("policy.failures", "step", step.text());
            }

            @Override
            public void decided(Transaction transaction, Decision decision, Duration time) {
                boolean exempt = decision.steps().isEmpty();
                meters.count(
                        "policy.decisions",
                        "action",
                        exempt ? "exempt" : decision.action().text());
                meters.time("policy.decision.duration", time);
            }
        };
    }

    /** Counts signatures, and what became of them. */
    SesObserver ses() {
        return new SesObserver() {
            @Override
            public void signed(SesSigning signing) {
                meters.count("ses.signatures", "outcome", word(signing.outcome()));
            }

            @Override
            public void verified(SesUse use, SesResult result) {
                meters.count("ses.verifications", "use", word(use), "verdict", word(result.verdict()));
            }
        };
    }

    /** Counts what a map says. */
    void mapped(String map, MapReply reply) {
        meters.count(
                "socketmap.lookups",
                "map",
                map,
                "reply",
                reply.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    /** Counts the connections of one server. */
    ServerObserver server(String protocol, String address, Supplier<Number> connections) {
        meters.gauge("server.connections", connections, "protocol", protocol, "address", address);
        return new ServerObserver() {
            @Override
            public void closed(End end) {
                meters.count("server.connections.closed", "protocol", protocol, "end", word(end));
            }

            @Override
            public void full() {
                meters.count("server.full", "protocol", protocol);
            }

            @Override
            public void answered(Duration time) {
                meters.time("server.requests", time, "protocol", protocol);
            }

            @Override
            public void failed(Throwable cause) {
                meters.count("server.failures", "protocol", protocol);
            }
        };
    }
}
