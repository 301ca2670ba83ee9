package org.senderauth.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.ReplayLedgerContract;
import org.senderauth.testkit.RedisPeer;

/** The contract of ledgers over a real Redis. */
class RedisReplayLedgerTest extends ReplayLedgerContract {

    @TempDir
    static Path folder;

    private static RedisPeer server;
    private static SharedRedis redis;

    private ReplayLedger ledger;

    @BeforeAll
    static void startRedis() {
        server = RedisPeer.start(folder);
        redis = SharedRedis.connect(RedisFixture.settings(server), RedisFixture.NO_TROUBLE);
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

    @BeforeEach
    void emptyRedis() {
        server.command("FLUSHALL");
        ledger = redis.replayLedger(InstantSource.system());
    }

    @Override
    protected ReplayLedger ledger() {
        return ledger;
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected Duration lifetime() {
        return Duration.ofSeconds(2);
    }

    /** By Redis' own clock: it lets a command wait. */
    @Override
    protected void pass(Duration time) {
        server.command("BLPOP", "nothing", Double.toString(time.toMillis() / 1e3));
    }
}
