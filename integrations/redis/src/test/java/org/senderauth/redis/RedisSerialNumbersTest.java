package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.RedisPeer;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.ses.SerialNumbersContract;

/** The contract of message ids over a real Redis. */
class RedisSerialNumbersTest extends SerialNumbersContract {

    @TempDir
    static Path folder;

    private static RedisPeer server;
    private static SharedRedis redis;

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
    }

    @Override
    protected SerialNumbers open() {
        return redis.serialNumbers();
    }

    @Test
    void newTimeUnitStartsAtOne() throws IOException {
        open().next(100);
        assertThat(open().next(102)).isEqualTo(1);
        assertThat(open().next(102)).isEqualTo(1 + RedisSerialNumbers.BLOCK);
        assertThat(open().next(103)).isEqualTo(1);
    }

    @Test
    void emptiedRedisSkipsEarlierNumbers() throws IOException {
        open().next(100);
        long given = open().next(102);
        server.command("FLUSHALL");
        long afterwards = open().next(102);
        assertThat(afterwards).isGreaterThan(given + 1000);
        // A host whose clock is ahead may have had some of these.
        assertThat(open().next(103)).isGreaterThan(1000);
        assertThat(open().next(104)).isEqualTo(1);
    }

    @Test
    void damagedCounterSkipsEarlierNumbers() throws IOException {
        open().next(100);
        long given = open().next(102);
        for (String key : server.command("KEYS", "*:counter:*").split("\n")) {
            server.command("SET", key, "101");
        }
        assertThat(open().next(102)).isGreaterThan(given + 1000);
    }

    @Test
    void everyCounterExpires() throws IOException {
        open().next(100);
        for (String key : server.command("KEYS", "*").split("\n")) {
            assertThat(Long.parseLong(server.command("PTTL", key))).as(key).isPositive();
        }
    }
}
