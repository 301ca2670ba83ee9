package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.DomainFacts;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;
import org.senderauth.redis.RedisSettings;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.RedisPeer;

/** What the service tells a monitor of a real Redis that comes and goes. */
class SharedTest {

    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path folder;

    private final ServiceMetrics metrics = new ServiceMetrics();
    private final StringWriter log = new StringWriter();

    @Test
    void aMonitorSeesRedisGoAndComeBackThoughThereIsNoMail() {
        try (RedisPeer server = RedisPeer.start(folder);
                Shared shared = connect(server, ServeConfig.WithoutRedis.DEFER)) {
            assertThat(metrics.scrape())
                    .contains(
                            "redis_available 1.0",
                            "redis_outages_total 0.0",
                            "redis_bypassed_total{work=\"admission\"} 0.0",
                            "redis_bypassed_total{work=\"mail-server\"} 0.0",
                            "redis_bypassed_total{work=\"ses-count\"} 0.0",
                            "redis_bypassed_total{work=\"ses-numbers\"} 0.0");
            server.kill();
            awaitMetric("redis_available 0.0");
            awaitLog("redis is away, this host goes by itself: ");
            shared.ledger().read("b:1").toCompletableFuture().join();
            shared.callouts().admit(question()).toCompletableFuture().join();
            assertThat(metrics.scrape())
                    .contains(
                            "redis_outages_total 1.0",
                            "redis_bypassed_total{work=\"admission\"} 1.0",
                            "redis_bypassed_total{work=\"ses-count\"} 1.0",
                            "callout_shared_latency_seconds_count 1");
            server.restart();
            awaitMetric("redis_available 1.0");
            awaitLog("redis answers");
            assertThat(log.toString()).containsPattern("redis is away, this host goes by itself: .+\\R");
        }
    }

    @Test
    void whatThisHostHasLearntItselfIsCountedThoughRedisHasItToo() {
        try (RedisPeer server = RedisPeer.start(folder);
                Shared shared = connect(server, ServeConfig.WithoutRedis.COUNT_HERE)) {
            Instant later = CLOCK.instant().plus(Duration.ofDays(1));
            AddressRecord good =
                    new AddressRecord(CalloutReason.ACCEPTED, null, CLOCK.instant(), later, later, later, 0);
            Grant grant = new Grant(question(), "none", null, null, DomainFacts.NONE);
            shared.callouts()
                    .learn(new Lesson(
                            grant, Map.of("s:a@b.example", good), null, Map.of(), Lesson.Tally.GOOD, false, null));
            metrics.callout().look(shared.ownFigures());
            assertThat(metrics.scrape()).contains("callout_cache_size{level=\"address\"} 1.0");
            assertThat(server.command("KEYS", "*:a:*")).isNotEmpty();
        }
    }

    private Shared connect(RedisPeer server, ServeConfig.WithoutRedis ses) {
        return Shared.connect(
                new ServeConfig.Redis(RedisSettings.of(server.uri()).withDeadline(Duration.ofSeconds(10)), ses),
                MemoryReplayLedger.create(),
                CLOCK,
                new PrintWriter(log, true),
                metrics.meters());
    }

    private void awaitMetric(String line) {
        Patience.until(line, () -> metrics.scrape().contains(line));
    }

    // What the metric shows is told a moment later.
    private void awaitLog(String text) {
        Patience.until(text, () -> log.toString().contains(text));
    }

    private static Question question() {
        return new Question("s:a@b.example", null, null, "s:b.example", "s:b.example", "c", true, 1, true);
    }
}
