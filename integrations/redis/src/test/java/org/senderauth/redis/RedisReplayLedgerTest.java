package org.senderauth.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.RedisPeer;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.ReplayLedgerContract;
import org.senderauth.testkit.ManualClock;

/** The contract of ledgers over a real Redis. */
class RedisReplayLedgerTest extends ReplayLedgerContract {

    @TempDir
    static Path folder;

    private static RedisPeer server;
    private static SharedRedis redis;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private ReplayLedger ledger;

    @BeforeAll
    static void startRedis() {
        server = RedisPeer.start(folder);
        redis = RedisFixture.connect(RedisFixture.settings(server), RedisFixture.NO_TROUBLE);
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
        ledger = redis.replayLedger(clock);
    }

    @Override
    protected ReplayLedger ledger() {
        return ledger;
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    /** For Redis, which ends what has no time left. */
    @Override
    protected void pass(Duration time) {
        clock.advance(time);
        for (String key : server.command("KEYS", "*").split("\n")) {
            long left = Long.parseLong(server.command("PTTL", key));
            if (left >= 0) {
                server.command("PEXPIRE", key, Long.toString(left - time.toMillis()));
            }
        }
    }
}
