package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutObserver.Probed;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.HostFinding;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.callout.probe.ProbeStage;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.callout.state.Question;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.postfix.ServerObserver.End;
import org.xbill.DNS.Type;

class ServiceMetricsTest {

    private final ServiceMetrics metrics = new ServiceMetrics();

    private static Probed probe(boolean encrypted, CalloutReason trouble) {
        InetAddress host = InetAddress.getLoopbackAddress();
        ProbeReport report = new ProbeReport(
                CalloutReason.NO_SUCH_MAILBOX,
                ProbeStage.RCPT,
                null,
                "mx.example.com",
                host,
                null,
                Known.UNKNOWN,
                Known.UNKNOWN,
                List.of(new HostFinding(host, trouble, ProbeStage.RCPT, encrypted, false, false)),
                new ProbeReport.Sent(1, 1, 2, 3),
                true,
                List.of());
        return new Probed(
                Instant.EPOCH, Duration.ofMillis(20), host, MailAddress.of("bob@example.com"), "example.com", report);
    }

    @Test
    void probesMoveTheirMetrics() {
        metrics.callout().probing();
        assertThat(metrics.scrape()).contains("callout_probes_inflight 1.0");
        metrics.callout().probed(probe(true, null));
        metrics.callout().probing();
        metrics.callout().probed(probe(false, CalloutReason.TLS_REQUIRED));
        metrics.callout().limited(Limiter.DOMAIN_PROBES);
        metrics.callout().avoided(CalloutReason.UNREACHABLE);
        metrics.callout().joined();
        assertThat(metrics.scrape())
                .contains(
                        "callout_probes_inflight 0.0",
                        "callout_probe_duration_seconds_count{stage=\"rcpt\"} 2",
                        "callout_connections_total{result=\"answered\"} 1.0",
                        "callout_connections_total{result=\"tls-required\"} 1.0",
                        "callout_tls_total{result=\"encrypted\"} 1.0",
                        "callout_tls_total{result=\"failed\"} 1.0",
                        "callout_rcpts_total{kind=\"target\"} 2.0",
                        "callout_rcpts_total{kind=\"random\"} 4.0",
                        "callout_rcpts_total{kind=\"control\"} 6.0",
                        "callout_protocol_violations_total 2.0",
                        "callout_limited_total{by=\"domain-probes\"} 1.0",
                        "callout_avoided_total{trouble=\"unreachable\"} 1.0",
                        "callout_singleflight_joined_total 1.0",
                        "callout_amplification 0.0")
                .doesNotContain("example.com");
    }

    @Test
    void whatIsRememberedAndSparedIsThereFromTheStart() {
        assertThat(metrics.scrape())
                .contains(
                        "callout_cache_size{level=\"address\"} 0.0",
                        "callout_cache_size{level=\"domain\"} 0.0",
                        "callout_cache_size{level=\"host\"} 0.0",
                        "callout_cache_evictions 0.0",
                        "callout_breaker_open{scope=\"domain\"} 0.0",
                        "callout_breaker_open{scope=\"host\"} 0.0");
    }

    @Test
    void timeOfASharedStateIsThatOfItsAdmissions() {
        CalloutState shared = new MeteredCalloutState(
                InMemoryCalloutState.create(CalloutLimits.DEFAULT, () -> Instant.EPOCH), metrics.meters());
        Question question =
                new Question("s:a@b.example", null, null, "s:b.example", "s:b.example", "c", true, 1, false);
        assertThat(shared.admit(question)).isCompleted();
        assertThat(shared.admit(question)).isCompleted();
        assertThat(metrics.scrape())
                .contains("callout_shared_latency_seconds_count 2")
                .doesNotContain("b.example");
    }

    @Test
    void questionsToNameServersAreCountedByTheirAnswers() {
        ZoneDnsClient zone = ZoneDnsClient.builder()
                .text("a.example. 300 IN A 192.0.2.1\n")
                .trouble(DomainNames.of("away.example"), DnsAnswer.Unavailable.Cause.TIMEOUT)
                .build();
        DnsClient client = new MeteredDnsClient(zone, metrics.meters());
        for (String name : List.of("a.example", "b.example", "away.example")) {
            client.query(DomainNames.of(name), Type.A).toCompletableFuture().join();
        }
        client.query(DomainNames.of("a.example"), Type.MX).toCompletableFuture().join();
        new MeteredDnsClient((name, type) -> new CompletableFuture<>(), metrics.meters())
                .query(DomainNames.of("a.example"), Type.A);
        assertThat(metrics.scrape())
                .contains(
                        "dns_questions_total{answer=\"records\"} 1.0",
                        "dns_questions_total{answer=\"no-data\"} 1.0",
                        "dns_questions_total{answer=\"no-such-domain\"} 1.0",
                        "dns_questions_total{answer=\"unavailable\"} 1.0",
                        "dns_duration_seconds_count 4");
    }

    @Test
    void connectionsMoveTheirMetrics() {
        ServerObserver observer = metrics.server("policy", "inet:127.0.0.1:1", () -> 3);
        observer.full();
        observer.failed(new IllegalStateException());
        observer.closed(End.TIMEOUT);
        observer.answered(Duration.ofMillis(1));
        metrics.mapped("unsign", MapReply.NOT_FOUND);
        metrics.reloaded(true);
        assertThat(metrics.scrape())
                .contains(
                        "server_connections{address=\"inet:127.0.0.1:1\",protocol=\"policy\"} 3.0",
                        "server_connections_closed_total{end=\"timeout\",protocol=\"policy\"} 1.0",
                        "server_full_total{protocol=\"policy\"} 1.0",
                        "server_failures_total{protocol=\"policy\"} 1.0",
                        "server_requests_seconds_count{protocol=\"policy\"} 1",
                        "socketmap_lookups_total{map=\"unsign\",reply=\"notfound\"} 1.0",
                        "config_reloads_total{result=\"good\"} 1.0");
    }
}
