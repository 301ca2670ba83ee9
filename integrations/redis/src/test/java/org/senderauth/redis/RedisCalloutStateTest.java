package org.senderauth.redis;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateContract;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;

/** The contract of states over a real Redis. */
class RedisCalloutStateTest extends CalloutStateContract {

    @TempDir
    static Path folder;

    private static RedisPeer server;
    private static RedisSettings settings;
    private static SharedRedis redis;

    @BeforeAll
    static void startRedis() {
        server = RedisPeer.start(folder);
        settings = RedisFixture.settings(server);
        redis = RedisFixture.connect(settings, RedisFixture.NO_TROUBLE);
    }

    @AfterAll
    static void endRedis() {
        if (redis != null) {
            redis.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected CalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return RedisFixture.state(redis, settings, limits, clock);
    }
}
