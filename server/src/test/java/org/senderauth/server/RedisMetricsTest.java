package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;
import org.senderauth.redis.RedisSettings;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.testkit.Await;

/** What the service tells a monitor of a real Redis that comes and goes. */
class RedisMetricsTest {

    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path folder;

    private final ServiceMetrics metrics = new ServiceMetrics();
    private final StringWriter log = new StringWriter();
    private final LogQueue lines = LogQueue.start(log);

    @Test
    void reportsOutageOfRedisWithoutMail() {
        try (RedisPeer server = RedisPeer.start(folder);
                RedisServices shared = connect(server, ServeConfig.SesOnOutage.DEFER)) {
            assertThat(metrics.scrape())
                    .contains(
                            "senderauth_redis_up 1.0",
                            "senderauth_redis_outages_total 0.0",
                            "senderauth_redis_fallbacks_total{operation=\"admission\"} 0.0",
                            "senderauth_redis_fallbacks_total{operation=\"mail-server\"} 0.0",
                            "senderauth_redis_fallbacks_total{operation=\"ses-count\"} 0.0",
                            "senderauth_redis_fallbacks_total{operation=\"ses-numbers\"} 0.0");
            server.kill();
            awaitMetric("senderauth_redis_up 0.0");
            awaitLog("redis: unavailable, using local limits: ");
            shared.ledger().read("b:1").toCompletableFuture().join();
            shared.callouts().admit(question()).toCompletableFuture().join();
            assertThat(metrics.scrape())
                    .contains(
                            "senderauth_redis_outages_total 1.0",
                            "senderauth_redis_fallbacks_total{operation=\"admission\"} 1.0",
                            "senderauth_redis_fallbacks_total{operation=\"ses-count\"} 1.0",
                            "senderauth_redis_admission_duration_seconds_count 1");
            server.restart();
            awaitMetric("senderauth_redis_up 1.0");
            awaitLog("redis: connected");
            assertThat(log.toString()).containsPattern("redis: unavailable, using local limits: .+\\R");
        }
    }

    @Test
    void countsLocalCacheEntriesBesidesRedis() {
        try (RedisPeer server = RedisPeer.start(folder);
                RedisServices shared = connect(server, ServeConfig.SesOnOutage.LOCAL)) {
            Instant later = CLOCK.instant().plus(Duration.ofDays(1));
            AddressEntry good = new AddressEntry(CalloutReason.ACCEPTED, null, CLOCK.instant(), later, later, later, 0);
            ProbePermit grant = new ProbePermit(question(), "none", null, null, DomainEntry.NONE, false);
            shared.callouts()
                    .apply(new StateUpdate(
                            grant,
                            Map.of("s:a@b.example", good),
                            null,
                            Map.of(),
                            Map.of(),
                            StateUpdate.Tally.GOOD,
                            false,
                            null));
            metrics.callout().look(shared.ownFigures());
            assertThat(metrics.scrape()).contains("senderauth_callout_cache_entries{level=\"address\"} 1.0");
            assertThat(server.command("KEYS", "*:a:*")).isNotEmpty();
        }
    }

    @AfterEach
    void endLog() {
        lines.close();
    }

    private RedisServices connect(RedisPeer server, ServeConfig.SesOnOutage ses) {
        return RedisServices.connect(
                new ServeConfig.Redis(RedisSettings.of(server.uri()).withDeadline(Duration.ofSeconds(10)), ses),
                CalloutLimits.DEFAULT,
                MemoryReplayLedger.create(),
                CLOCK,
                MonotonicClock.system(),
                lines,
                metrics.meters());
    }

    private void awaitMetric(String line) {
        Await.until(line, () -> metrics.scrape().contains(line));
    }

    // The metric changes a moment later.
    private void awaitLog(String text) {
        Await.until(text, () -> log.toString().contains(text));
    }

    private static AdmissionRequest question() {
        return new AdmissionRequest("s:a@b.example", null, null, "s:b.example", "s:b.example", "c", true, 1, true);
    }
}
