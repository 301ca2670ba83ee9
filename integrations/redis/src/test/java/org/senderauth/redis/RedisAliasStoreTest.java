package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.RedisPeer;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.AliasStore.Answer;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsForwarding;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsReason;
import org.senderauth.srs.SrsVerdict;

/** Aliases of SRS over a real Redis. */
class RedisAliasStoreTest {

    private static final String ALIAS = "abcdefghijklmnop";
    private static final String ADDRESS = "a.very.long.name.of.a.list-bob=example.com@lists.example.org";

    @TempDir
    static Path folder;

    private static RedisPeer server;
    private static SharedRedis redis;

    private AliasStore store;

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
        store = redis.aliasStore();
    }

    private static Answer known(String address) {
        return new Answer.Known(Optional.ofNullable(address));
    }

    private static long millisLeft() {
        String key = server.command("KEYS", "*:n:*").strip();
        return Long.parseLong(server.command("PTTL", key).strip());
    }

    @Test
    void keepsAddressUnderAlias() {
        assertThat(store.get(ALIAS).join()).isEqualTo(known(null));
        assertThat(store.put(ALIAS, ADDRESS, Duration.ofDays(22)).join()).isEqualTo(known(ADDRESS));
        assertThat(store.get(ALIAS).join()).isEqualTo(known(ADDRESS));
        assertThat(store.get("ponmlkjihgfedcba").join()).isEqualTo(known(null));
    }

    @Test
    void keepsAddressBeyondAscii() {
        store.put(ALIAS, "b\u00fccher@b\u00fccher.example", Duration.ofDays(1)).join();
        assertThat(store.get(ALIAS).join()).isEqualTo(known("b\u00fccher@b\u00fccher.example"));
    }

    @Test
    void lifetimeIsNeverShortened() {
        store.put(ALIAS, ADDRESS, Duration.ofDays(22)).join();
        store.put(ALIAS, ADDRESS, Duration.ofDays(1)).join();
        assertThat(millisLeft()).isGreaterThan(Duration.ofDays(21).toMillis());
        store.put(ALIAS, ADDRESS, Duration.ofDays(40)).join();
        assertThat(millisLeft()).isGreaterThan(Duration.ofDays(39).toMillis());
    }

    @Test
    void valuesOfOthersCountAsAbsent() {
        store.put(ALIAS, ADDRESS, Duration.ofDays(22)).join();
        String key = server.command("KEYS", "*:n:*").strip();
        server.command("SET", key, "2 " + ADDRESS);
        assertThat(store.get(ALIAS).join()).isEqualTo(known(null));
        server.command("SET", key, "1 " + "a".repeat(2_000));
        assertThat(store.get(ALIAS).join()).isInstanceOf(Answer.Unavailable.class);
        server.command("DEL", key);
        server.command("SADD", key, "x");
        assertThat(store.get(ALIAS).join()).isEqualTo(known(null));
    }

    @Test
    void bounceReturnsThroughAnotherHost() {
        SrsKeyring keys = SrsKeyring.builder().sign(SecretKeys.of(new byte[32])).build();
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
        Srs first = Srs.builder()
                .keyring(keys)
                .domain("srs.example.net")
                .clock(clock)
                .aliases(store)
                .build();
        Srs second = Srs.builder()
                .keyring(keys)
                .domain("srs.example.net")
                .clock(clock)
                .aliases(redis.aliasStore())
                .build();
        SrsForwarding forwarded = first.forward(MailAddress.of(ADDRESS));
        assertThat(forwarded.outcome()).isEqualTo(SrsForwarding.Outcome.ALIAS);
        assertThat(second.reverse(forwarded.address()).original()).contains(MailAddress.of(ADDRESS));
        server.command("FLUSHALL");
        assertThat(second.reverse(forwarded.address()).reason()).isEqualTo(SrsReason.UNKNOWN_ALIAS);
    }

    @Test
    void withoutRedisSendersStayAndBouncesAreDeferred() {
        try (SharedRedis away = SharedRedis.connect(
                RedisSettings.of("redis://127.0.0.1:1"), RedisObserver.NONE, () -> RedisFixture.NO_WAIT)) {
            Srs srs = Srs.builder()
                    .keyring(SrsKeyring.builder()
                            .sign(SecretKeys.of(new byte[32]))
                            .build())
                    .domain("srs.example.net")
                    .aliases(away.aliasStore())
                    .build();
            Srs connected = Srs.builder()
                    .keyring(SrsKeyring.builder()
                            .sign(SecretKeys.of(new byte[32]))
                            .build())
                    .domain("srs.example.net")
                    .aliases(store)
                    .build();
            MailAddress sender = MailAddress.of(ADDRESS);
            assertThat(srs.forward(sender).outcome()).isEqualTo(SrsForwarding.Outcome.STORE_UNAVAILABLE);
            assertThat(srs.reverse(connected.forward(sender).address()).verdict())
                    .isEqualTo(SrsVerdict.UNAVAILABLE);
        }
    }
}
