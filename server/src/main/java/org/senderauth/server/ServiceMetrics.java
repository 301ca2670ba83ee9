package org.senderauth.server;

import static org.senderauth.server.MetricRegistry.word;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.senderauth.milter.MilterAction;
import org.senderauth.milter.MilterObserver;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.ses.SesObserver;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.SesSigningResult;
import org.senderauth.ses.VerificationPurpose;

/** All that the service counts for Prometheus; {@link CalloutMetrics} has the callouts. */
final class ServiceMetrics {

    private static final String EXEMPT = "exempt";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MetricRegistry meters = new MetricRegistry(registry);
    private final CalloutMetrics callout = new CalloutMetrics(meters);

    ServiceMetrics() {
        ProcessMetrics.register(registry);
        presentFromTheStart();
    }

    /** All metrics in Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    MetricRegistry meters() {
        return meters;
    }

    CalloutMetrics callout() {
        return callout;
    }

    void reloaded(boolean good) {
        meters.count(Metric.CONFIG_RELOADS, "result", good ? "success" : "failure");
    }

    private void presentFromTheStart() {
        String version = ServiceMetrics.class.getPackage().getImplementationVersion();
        ProcessMetrics.info(
                registry,
                "senderauth_build",
                "The running version; always 1",
                version == null ? "unpackaged" : version);
        List.of("success", "failure").forEach(result -> meters.present(Metric.CONFIG_RELOADS, "result", result));
        for (Decision.Action action : Decision.Action.values()) {
            meters.present(Metric.POLICY_DECISIONS, "action", action.text());
            if (action != Decision.Action.CONTINUE) {
                meters.present(Metric.POLICY_WITHHELD, "action", action.text());
            }
        }
        meters.present(Metric.POLICY_DECISIONS, "action", EXEMPT);
        meters.timer(Metric.POLICY_DECISION_DURATION);
        for (Step step : Step.values()) {
            meters.present(Metric.CHECK_ERRORS, "check", step.text());
            meters.timer(Metric.CHECK_DURATION, "check", step.text());
        }
        meters.present(Metric.MILTER_FAILURES);
        meters.present(Metric.MILTER_PROTOCOL_VIOLATIONS);
        for (MilterAction action : MilterAction.values()) {
            meters.present(Metric.MILTER_CHANGES_LEFT_OUT, "action", word(action));
        }
    }

    /** Counts decisions and the result of each check. */
    PolicyObserver policy() {
        return new PolicyObserver() {
            @Override
            public void stepCompleted(Step step, StepResult result, Duration time) {
                // The codes of block lists are not ours to bound.
                String word = step == Step.DNSBL ? result.outcome().text() : result.result();
                meters.count(
                        Metric.CHECKS,
                        "check",
                        step.text(),
                        "result",
                        word,
                        "outcome",
                        result.outcome().text());
                meters.time(Metric.CHECK_DURATION, time, "check", step.text());
            }

            @Override
            public void failed(Step step, Throwable cause) {
                meters.count(Metric.CHECK_ERRORS, "check", step.text());
            }

            @Override
            public void decided(Transaction transaction, Decision decision, Duration time) {
                boolean exempt = decision.steps().isEmpty();
                meters.count(
                        Metric.POLICY_DECISIONS,
                        "action",
                        exempt ? EXEMPT : decision.action().text());
                decision.withheld()
                        .ifPresent(reply -> meters.count(
                                Metric.POLICY_WITHHELD,
                                "action",
                                Decision.Action.of(reply).text()));
                meters.time(Metric.POLICY_DECISION_DURATION, time);
            }
        };
    }

    /** Counts signatures, and what became of them. */
    SesObserver ses() {
        return new SesObserver() {
            @Override
            public void signed(SesSigningResult signing) {
                meters.count(Metric.SES_SIGNATURES, "result", word(signing.outcome()));
            }

            @Override
            public void verified(VerificationPurpose use, SesResult result) {
                meters.count(Metric.SES_VERIFICATIONS, "purpose", word(use), "result", word(result.verdict()));
            }
        };
    }

    /** The public lookups of signatures in the SES zone since the start, by result. */
    Map<String, Long> publicLookups() {
        return meters.counts(Metric.SES_VERIFICATIONS, "result", "purpose", word(VerificationPurpose.PUBLIC));
    }

    /** Counts what goes wrong between mail servers and the milter. */
    MilterObserver milter() {
        return new MilterObserver() {
            @Override
            public void failed(Throwable cause) {
                meters.count(Metric.MILTER_FAILURES);
            }

            @Override
            public void broken(String problem) {
                meters.count(Metric.MILTER_PROTOCOL_VIOLATIONS);
            }

            @Override
            public void leftOut(MilterAction action) {
                meters.count(Metric.MILTER_CHANGES_LEFT_OUT, "action", word(action));
            }
        };
    }

    /** Creates the counters of a map before its first lookup. */
    void presentMap(String map) {
        for (Class<?> reply : MapReply.class.getPermittedSubclasses()) {
            meters.present(Metric.SOCKETMAP_LOOKUPS, "map", map, "result", kind(reply));
        }
    }

    private static String kind(Class<?> reply) {
        return reply.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Counts what a map says. */
    void mapped(String map, MapReply reply) {
        meters.count(Metric.SOCKETMAP_LOOKUPS, "map", map, "result", kind(reply.getClass()));
    }

    /** Counts the connections of one server. */
    ServerObserver server(String protocol, String address, Supplier<Number> connections) {
        for (ServerObserver.CloseReason reason : ServerObserver.CloseReason.values()) {
            meters.present(Metric.SERVER_CONNECTIONS_CLOSED, "protocol", protocol, "reason", word(reason));
        }
        meters.present(Metric.SERVER_CONNECTION_LIMIT_HITS, "protocol", protocol);
        meters.present(Metric.SERVER_FAILURES, "protocol", protocol);
        meters.timer(Metric.SERVER_REQUEST_DURATION, "protocol", protocol);
        meters.gauge(Metric.SERVER_CONNECTIONS, connections, "protocol", protocol, "address", address);
        return new ServerObserver() {
            @Override
            public void closed(CloseReason end) {
                meters.count(Metric.SERVER_CONNECTIONS_CLOSED, "protocol", protocol, "reason", word(end));
            }

            @Override
            public void full() {
                meters.count(Metric.SERVER_CONNECTION_LIMIT_HITS, "protocol", protocol);
            }

            @Override
            public void answered(Duration time) {
                meters.time(Metric.SERVER_REQUEST_DURATION, time, "protocol", protocol);
            }

            @Override
            public void failed(Throwable cause) {
                meters.count(Metric.SERVER_FAILURES, "protocol", protocol);
            }
        };
    }
}
