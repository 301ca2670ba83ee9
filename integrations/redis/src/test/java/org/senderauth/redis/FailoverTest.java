package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.redis.RedisFixture.admit;
import static org.senderauth.redis.RedisFixture.granted;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.peers.RedisPeer;
import org.senderauth.peers.RedisTopology;
import org.senderauth.ses.ReplayLedger.UseCount;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;

/** Another Redis takes over, or the same one starts again from its file, and lacks what was written last. */
class FailoverTest {

    private static final CalloutLimits LIMITS = CalloutLimits.DEFAULT;
    private static final Duration INTERVAL = LIMITS.domainRate().interval();
    private static final long TIMECODE = 1000;

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void replicaAtPrimaryAddressRepeatsNoSerialNumber() throws Exception {
        RedisPeer primary = opened(RedisPeer.start(folder));
        RedisPeer replica = opened(RedisTopology.replica(folder, primary));
        SharedRedis redis = connected(RedisFixture.settings(primary));
        MessageIdsSeen ids = new MessageIdsSeen();
        ids.takeBlock(redis, TIMECODE - 5);
        ids.takeBlock(redis, TIMECODE);
        awaitReplicated(primary, replica);
        replica.command("REPLICAOF", "NO", "ONE");
        // The replica never hears of these, nor of the whole time unit that follows.
        ids.takeBlock(redis, TIMECODE);
        ids.takeBlock(redis, TIMECODE + 1);
        primary.kill();
        replica.replace(primary);
        awaitAvailable(redis);
        ids.takeBlock(redis, TIMECODE);
        ids.takeBlock(redis, TIMECODE);
        ids.takeBlock(redis, TIMECODE + 1);
        ids.takeBlock(redis, TIMECODE - 5);
        assertThat(redis.serialNumbers().next(TIMECODE + 2)).isEqualTo(1);
    }

    @Test
    void restoredPrimaryRepeatsNoSerialNumber() throws Exception {
        RedisPeer primary = opened(RedisPeer.start(folder));
        RedisPeer replica = opened(RedisTopology.replica(folder, primary));
        SharedRedis redis = connected(RedisFixture.settings(primary));
        MessageIdsSeen ids = new MessageIdsSeen();
        ids.takeBlock(redis, TIMECODE);
        awaitReplicated(primary, replica);
        replica.command("REPLICAOF", "NO", "ONE");
        ids.takeBlock(redis, TIMECODE);
        // The host's connection to it stays, and the process is the same: only its data are older.
        primary.command("REPLICAOF", "127.0.0.1", Integer.toString(replica.port()));
        primary.await("master_link_status:up", "INFO", "replication");
        primary.command("REPLICAOF", "NO", "ONE");
        ids.takeBlock(redis, TIMECODE);
        assertThat(redis.isAvailable()).isTrue();
    }

    @Test
    void promotedReplicaStartsWithEmptyRateLimits() throws Exception {
        RedisPeer primary = opened(RedisPeer.start(folder));
        RedisPeer replica = opened(RedisTopology.replica(folder, primary));
        RedisSettings settings = RedisFixture.settings(primary);
        SharedRedis redis = connected(settings);
        RedisCalloutState state = RedisFixture.state(redis, settings, LIMITS, clock.monotonic());
        AddressEntry good = RedisFixture.good(clock);
        ProbePermit grant = granted(state, "known@d1.test");
        state.apply(new StateUpdate(
                grant, Map.of("known@d1.test", good), null, Map.of(), Map.of(), StateUpdate.Tally.GOOD, false, null));
        state.release(grant);
        awaitReplicated(primary, replica);
        replica.command("REPLICAOF", "NO", "ONE");
        // All that the budget has left, and the replica does not hear of it.
        for (int i = 1; i < LIMITS.domainRate().burst(); i++) {
            state.release(granted(state, "a" + i + "@d1.test"));
        }
        assertThat(admit(state, "b@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        primary.kill();
        replica.replace(primary);
        awaitAvailable(redis);
        assertThat(admit(state, "known@d1.test")).isEqualTo(new Known(good, false, false, null));
        assertThat(admit(state, "b@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        clock.advance(INTERVAL.minusMillis(1));
        assertThat(admit(state, "b@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        clock.advance(Duration.ofMillis(1));
        state.release(granted(state, "b@d1.test"));
        assertThat(admit(state, "c@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
    }

    @Test
    void promotedReplicaLosesUnreplicatedUsesOnly() throws Exception {
        RedisPeer primary = opened(RedisPeer.start(folder));
        RedisPeer replica = opened(RedisTopology.replica(folder, primary));
        SharedRedis redis = connected(RedisFixture.settings(primary));
        RedisReplayLedger ledger = redis.replayLedger(InstantSource.system());
        for (int use = 1; use <= 3; use++) {
            assertThat(used(ledger)).isEqualTo(new UseCount.Counted(use));
        }
        awaitReplicated(primary, replica);
        replica.command("REPLICAOF", "NO", "ONE");
        assertThat(used(ledger)).isEqualTo(new UseCount.Counted(4));
        assertThat(used(ledger)).isEqualTo(new UseCount.Counted(5));
        primary.kill();
        replica.replace(primary);
        awaitAvailable(redis);
        assertThat(used(ledger)).isEqualTo(new UseCount.Counted(4));
    }

    @Test
    void restartedRedisKeepsAnswersButNotLastUse() throws Exception {
        RedisPeer server = opened(RedisPeer.start(folder, "--appendonly", "yes", "--appendfsync", "always"));
        RedisSettings settings = RedisFixture.settings(server);
        SharedRedis redis = connected(settings);
        RedisCalloutState state = RedisFixture.state(redis, settings, LIMITS, clock.monotonic());
        MessageIdsSeen ids = new MessageIdsSeen();
        AddressEntry good = RedisFixture.good(clock);
        ProbePermit grant = granted(state, "known@d1.test");
        state.apply(new StateUpdate(
                grant, Map.of("known@d1.test", good), null, Map.of(), Map.of(), StateUpdate.Tally.GOOD, false, null));
        state.release(grant);
        ids.takeBlock(redis, TIMECODE);
        server.kill();
        server.restart();
        awaitAvailable(redis);
        assertThat(admit(state, "known@d1.test")).isEqualTo(new Known(good, false, false, null));
        assertThat(admit(state, "b@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        // Nothing is missing here, but no host can know that.
        assertThat(ids.takeBlock(redis, TIMECODE)).isGreaterThan(1_000L);
    }

    @Test
    void followsSentinelsToNewPrimaryWithoutRestart() throws Exception {
        RedisPeer first = opened(RedisPeer.start(folder));
        RedisPeer second = opened(RedisTopology.replica(folder, first));
        List<RedisPeer> sentinels = RedisTopology.sentinels(folder, first, 3);
        sentinels.forEach(this::opened);
        RedisSettings settings = RedisFixture.settings(List.of(sentinelUri(sentinels)), false);
        SharedRedis redis = connected(settings);
        RedisCalloutState state = RedisFixture.state(redis, settings, LIMITS, clock.monotonic());
        MessageIdsSeen ids = new MessageIdsSeen();
        state.release(granted(state, "a@d1.test"));
        ids.takeBlock(redis, TIMECODE);
        // The machine of the primary and the first sentinel: one is gone, the other does not answer.
        sentinels.get(0).pause();
        first.kill();
        // It refuses while it has not heard of the replica for some seconds.
        sentinels.get(1).await("OK", "SENTINEL", "FAILOVER", "main");
        awaitAvailable(redis);
        assertThat(second.command("ROLE")).startsWith("master");
        assertThat(admit(state, "b@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        clock.advance(INTERVAL);
        state.release(granted(state, "b@d1.test"));
        ids.takeBlock(redis, TIMECODE);
    }

    @Test
    void usesReplacedClusterMasterWithoutRestart() throws Exception {
        List<RedisPeer> nodes = RedisTopology.cluster(folder, 3, 1);
        nodes.forEach(this::opened);
        RedisSettings settings =
                RedisFixture.settings(List.of(nodes.get(0).uri(), nodes.get(1).uri()), true);
        SharedRedis redis = connected(settings);
        RedisCalloutState state = RedisFixture.state(redis, settings, LIMITS, clock.monotonic());
        List<String> domains = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            domains.add("d" + i + ".test");
            state.release(granted(state, "a@d" + i + ".test"));
        }
        MessageIdsSeen ids = new MessageIdsSeen();
        ids.takeBlock(redis, TIMECODE);
        nodes.get(0).kill();
        RedisTopology.takeOver(nodes.get(3), nodes.subList(1, nodes.size()));
        // Each domain in the dead master's slots is found in its replica's, and all others where they were.
        for (String domain : domains) {
            awaitAvailable(redis);
            admit(state, "b@" + domain);
        }
        awaitAvailable(redis);
        clock.advance(Duration.ofHours(1));
        for (String domain : domains) {
            state.release(granted(state, "c@" + domain));
        }
        ids.takeBlock(redis, TIMECODE);
        assertThat(Integer.parseInt(nodes.get(3).command("DBSIZE"))).isPositive();
    }

    /** Takes blocks of message ids as a host does that has just started, and insists that none comes twice. */
    private static final class MessageIdsSeen {

        private final Set<String> seen = new HashSet<>();

        long takeBlock(SharedRedis redis, long timecode) throws IOException {
            RedisSerialNumbers ids = redis.serialNumbers();
            long first = ids.next(timecode);
            for (long id = first; id < first + RedisSerialNumbers.BLOCK; id++) {
                assertThat(seen.add(timecode + "/" + id))
                        .as("%d of %d", id, timecode)
                        .isTrue();
            }
            return first;
        }
    }

    private <T extends AutoCloseable> T opened(T what) {
        open.add(what);
        return what;
    }

    private SharedRedis connected(RedisSettings settings) {
        return opened(RedisFixture.connect(settings, RedisObserver.NONE));
    }

    private void awaitAvailable(SharedRedis redis) {
        RedisCalloutState any = redis.calloutState(LIMITS, clock.monotonic());
        // A question is what finds out that Redis is away, if nothing else has.
        admit(any, "nobody@found-again.test");
        RedisFixture.awaitAvailable(redis, any);
    }

    /** A replica gets everything in order. */
    private static void awaitReplicated(RedisPeer primary, RedisPeer replica) {
        primary.command("SET", "marker", "last");
        replica.await("last", "GET", "marker");
    }

    private static String sentinelUri(List<RedisPeer> sentinels) {
        List<String> places =
                sentinels.stream().map(peer -> "127.0.0.1:" + peer.port()).toList();
        return "redis-sentinel://" + String.join(",", places) + "#main";
    }

    private static UseCount used(RedisReplayLedger ledger) throws Exception {
        return ledger.increment("b:1", RedisFixture.FAR_FUTURE)
                .toCompletableFuture()
                .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
