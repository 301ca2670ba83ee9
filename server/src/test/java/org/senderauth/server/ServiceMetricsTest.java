package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.CalloutObserver.Probed;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.postfix.ServerObserver.CloseReason;
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
                TriState.UNKNOWN,
                TriState.UNKNOWN,
                List.of(new HostReport(host, trouble, ProbeStage.RCPT, encrypted, false, false)),
                new ProbeReport.Sent(1, 1, 2, 3),
                true,
                List.of());
        return new Probed(
                Instant.EPOCH, Duration.ofMillis(20), host, MailAddress.of("bob@example.com"), "example.com", report);
    }

    @Test
    void probesMoveTheirMetrics() {
        metrics.callout().probing();
        assertThat(metrics.scrape()).contains("senderauth_callout_probes_in_flight 1.0");
        metrics.callout().probed(probe(true, null));
        metrics.callout().probing();
        metrics.callout().probed(probe(false, CalloutReason.TLS_REQUIRED));
        metrics.callout().limited(CalloutLimiter.DOMAIN_PROBES);
        metrics.callout().avoided(CalloutReason.UNREACHABLE);
        metrics.callout().joined();
        assertThat(metrics.scrape())
                .contains(
                        "senderauth_callout_probes_in_flight 0.0",
                        "senderauth_callout_probe_duration_seconds_count{stage=\"rcpt\"} 2",
                        "senderauth_callout_connections_total{result=\"answered\"} 1.0",
                        "senderauth_callout_connections_total{result=\"tls-required\"} 1.0",
                        "senderauth_callout_tls_total{result=\"encrypted\"} 1.0",
                        "senderauth_callout_tls_total{result=\"failed\"} 1.0",
                        "senderauth_callout_rcpts_total{kind=\"target\"} 2.0",
                        "senderauth_callout_rcpts_total{kind=\"random\"} 4.0",
                        "senderauth_callout_rcpts_total{kind=\"control\"} 6.0",
                        "senderauth_callout_protocol_violations_total 2.0",
                        "senderauth_callout_rate_limited_total{limit=\"domain-probes\"} 1.0",
                        "senderauth_callout_backoff_skips_total{reason=\"unreachable\"} 1.0",
                        "senderauth_callout_coalesced_total 1.0",
                        "senderauth_callout_rcpts_per_request_ratio 0.0")
                .doesNotContain("example.com");
    }

    @Test
    void cacheMetricsExistFromTheStart() {
        assertThat(metrics.scrape())
                .contains(
                        "senderauth_callout_cache_entries{level=\"address\"} 0.0",
                        "senderauth_callout_cache_entries{level=\"domain\"} 0.0",
                        "senderauth_callout_cache_entries{level=\"host\"} 0.0",
                        "senderauth_callout_cache_evictions_total 0.0",
                        "senderauth_callout_circuit_breakers_open{scope=\"domain\"} 0.0",
                        "senderauth_callout_circuit_breakers_open{scope=\"host\"} 0.0");
    }

    @Test
    void timeOfASharedStateIsThatOfItsAdmissions() {
        CalloutState shared = new MeteredCalloutState(
                InMemoryCalloutState.create(CalloutLimits.DEFAULT, MonotonicClock.system()), metrics.meters());
        AdmissionRequest question =
                new AdmissionRequest("s:a@b.example", null, null, "s:b.example", "s:b.example", "c", true, 1, false);
        assertThat(shared.admit(question)).isCompleted();
        assertThat(shared.admit(question)).isCompleted();
        assertThat(metrics.scrape())
                .contains("senderauth_redis_admission_duration_seconds_count 2")
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
                        "senderauth_dns_queries_total{result=\"records\"} 1.0",
                        "senderauth_dns_queries_total{result=\"no-data\"} 1.0",
                        "senderauth_dns_queries_total{result=\"no-such-domain\"} 1.0",
                        "senderauth_dns_queries_total{result=\"unavailable\"} 1.0",
                        "senderauth_dns_query_duration_seconds_count 4");
    }

    @Test
    void connectionsMoveTheirMetrics() {
        ServerObserver observer = metrics.server("policy", "inet:127.0.0.1:1", () -> 3);
        observer.full();
        observer.failed(new IllegalStateException());
        observer.closed(CloseReason.TIMEOUT);
        observer.answered(Duration.ofMillis(1));
        metrics.mapped("unsign", MapReply.NOT_FOUND);
        metrics.reloaded(true);
        assertThat(metrics.scrape())
                .contains(
                        "server_connections{address=\"inet:127.0.0.1:1\",protocol=\"policy\"} 3.0",
                        "senderauth_server_connections_closed_total{protocol=\"policy\",reason=\"timeout\"} 1.0",
                        "senderauth_server_connection_limit_hits_total{protocol=\"policy\"} 1.0",
                        "senderauth_server_failures_total{protocol=\"policy\"} 1.0",
                        "senderauth_server_request_duration_seconds_count{protocol=\"policy\"} 1",
                        "senderauth_socketmap_lookups_total{map=\"unsign\",result=\"notfound\"} 1.0",
                        "senderauth_config_reloads_total{result=\"success\"} 1.0");
    }
}
