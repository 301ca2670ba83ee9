package org.senderauth.redis;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateAdminContract;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;
import org.senderauth.peers.RedisTopology;

/** The contract of administrators over a real Redis of three cluster nodes. */
class ClusterCalloutStateAdminTest extends CalloutStateAdminContract {

    @TempDir
    static Path folder;

    private static List<RedisPeer> nodes = List.of();
    private static RedisSettings settings;
    private static SharedRedis redis;

    @BeforeAll
    static void startRedis() {
        nodes = RedisTopology.cluster(folder, 3);
        settings = RedisFixture.settings(List.of(nodes.get(0).uri()), true);
        redis = RedisFixture.connect(settings, RedisFixture.NO_TROUBLE);
    }

    @AfterAll
    static void endRedis() {
        if (redis != null) {
            redis.close();
        }
        nodes.forEach(RedisPeer::close);
    }

    @Override
    protected CalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return RedisFixture.state(redis, settings, limits, clock);
    }
}
