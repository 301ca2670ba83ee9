package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.Lesson;
import org.senderauth.core.SecretFiles;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.RealPeer;
import org.senderauth.testkit.RedisGroups;
import org.senderauth.testkit.RedisPeer;
import org.senderauth.testkit.SteppingClock;

/** TLS, ACL users and passwords, with a real Redis and a real sentinel. */
class SecuredRedisTest {

    /** The user of docs/redis.md: no more rights than are needed. */
    private static final String[] USER =
            ("ACL SETUSER mail on >s3cret ~mail:* +hello +auth +ping +client|setname +info +eval +evalsha"
                            + " +time +get +mget +set +del +exists +pexpire +incr +incrby +hget +hlen +hset +hsetnx"
                            + " +sadd +scard +zadd +zcount +zrem +zremrangebyscore +cluster|nodes +cluster|myid")
                    .split(" ");

    @TempDir
    Path folder;

    private final SteppingClock clock = SteppingClock.at(RedisFixture.FAR_FUTURE);
    private final Queue<String> causes = new ConcurrentLinkedQueue<>();
    private @Nullable RedisPeer server;

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aUserWithFewRightsIsEnough() throws Exception {
        server = RedisPeer.start(folder);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL", "SETUSER", "default", "off");
        try (SharedRedis redis = connect(server.uri(), "mail", password("s3cret"), null)) {
            assertThat(causes).isEmpty();
            RedisCalloutState state = state(redis);
            Grant grant = RedisFixture.granted(state, "a@d1.test");
            state.learn(new Lesson(grant, Map.of(), null, Map.of(), Lesson.Tally.BAD, true, null));
            state.release(grant);
            state.enterHost(InetAddress.getLoopbackAddress(), grant.question());
            redis.messageIds().next(1);
            redis.replayLedger(InstantSource.system())
                    .increment("b:1", RedisFixture.FAR_FUTURE)
                    .toCompletableFuture()
                    .join();
            assertThat(causes).isEmpty();
            assertThat(redis.isAvailable()).isTrue();
        }
    }

    @Test
    void aUserWithFewRightsIsEnoughForACluster() throws Exception {
        List<RedisPeer> nodes = RedisGroups.cluster(folder, 3);
        try {
            nodes.forEach(node -> assertThat(node.command(USER)).isEqualTo("OK"));
            nodes.forEach(node -> node.command("ACL", "SETUSER", "default", "off"));
            RedisSettings settings = new RedisSettings(
                    List.of(nodes.get(0).uri()),
                    true,
                    "mail",
                    password("s3cret"),
                    null,
                    null,
                    "mail",
                    RedisSettings.MAX_DEADLINE,
                    1);
            try (SharedRedis redis = RedisFixture.connect(settings, RedisFixture.NO_TROUBLE)) {
                RedisReplayLedger ledger = redis.replayLedger(InstantSource.system());
                for (int i = 0; i < 30; i++) {
                    ledger.increment("b:" + i, RedisFixture.FAR_FUTURE)
                            .toCompletableFuture()
                            .join();
                }
                assertThat(redis.isAvailable()).isTrue();
            }
        } finally {
            nodes.forEach(RedisPeer::close);
        }
    }

    @Test
    void aWrongPasswordIsTroubleThatIsToldAndARightOneIsReadAnew() throws Exception {
        server = RedisPeer.start(folder);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL", "SETUSER", "default", "off");
        Path file = password("wrong");
        try (SharedRedis redis = connect(server.uri(), "mail", file, null)) {
            assertThat(causes).singleElement().asString().contains("WRONGPASS").doesNotContain("wrong\"");
            password("s3cret");
            RedisFixture.awaitAvailable(redis, state(redis));
        }
    }

    @Test
    void aPasswordFileThatIsNotThereIsTroubleThatIsToldUntilItIs() throws Exception {
        server = RedisPeer.start(folder, "--requirepass", "s3cret");
        try (SharedRedis redis = connect(server.uri(), null, folder.resolve("password"), null)) {
            assertThat(causes).singleElement().asString().contains("password");
            password("s3cret");
            RedisFixture.awaitAvailable(redis, state(redis));
        }
    }

    @Test
    void tlsIsUsedAndTheServersCertificateChecked() throws Exception {
        certificate("server");
        certificate("other");
        int tlsPort = RealPeer.freePort();
        server = tlsServer(tlsPort);
        String uri = "rediss://127.0.0.1:" + tlsPort;
        try (SharedRedis redis = connect(uri, null, null, folder.resolve("server.pem"))) {
            assertThat(causes).isEmpty();
            RedisFixture.granted(state(redis), "a@d1.test");
        }
        try (SharedRedis redis = connect(uri, null, null, folder.resolve("other.pem"))) {
            assertThat(causes).hasSize(1);
            assertThat(redis.isAvailable()).isFalse();
        }
    }

    @Test
    void sentinelsHaveAPasswordOfTheirOwnAndTheSameTls() throws Exception {
        certificate("server");
        int tlsPort = RealPeer.freePort();
        server = tlsServer(tlsPort);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL SETUSER watcher on >w4tch ~* &* +@all".split(" "));
        server.command("ACL", "SETUSER", "default", "off");
        int sentinelPort = RealPeer.freePort();
        String uri = "rediss-sentinel://127.0.0.1:" + sentinelPort + "#main";
        Path right = password("password", "s3cret");
        Path sentinels = password("sentinel-password", "s3ntinel");
        try (RealPeer sentinel = sentinel(sentinelPort, tlsPort)) {
            assertThat(sentinel.process().isAlive()).isTrue();
            try (SharedRedis redis = connect(settings(uri, "mail", right, sentinels, folder.resolve("server.pem")))) {
                RedisFixture.awaitAvailable(redis, state(redis));
                RedisFixture.granted(state(redis), "a@d1.test");
            }
            // A sentinel has one second, which a busy machine may exceed: that would be told instead.
            long end = System.nanoTime() + Patience.LIMIT.toNanos();
            do {
                causes.clear();
                try (SharedRedis redis = connect(settings(uri, "mail", right, right, folder.resolve("server.pem")))) {
                    assertThat(redis.isAvailable()).isFalse();
                }
            } while (!causes.toString().contains("WRONGPASS") && System.nanoTime() < end);
            assertThat(causes).singleElement().asString().contains("WRONGPASS").doesNotContain("s3cret");
        }
    }

    private RealPeer sentinel(int port, int redisPort) throws IOException {
        Path conf = folder.resolve("sentinel.conf");
        Files.writeString(
                conf,
                tls(port).entrySet().stream()
                                .map(option -> option.getKey() + " " + option.getValue() + "\n")
                                .collect(Collectors.joining())
                        + """
                        port 0
                        bind 127.0.0.1
                        tls-replication yes
                        requirepass s3ntinel
                        sentinel monitor main 127.0.0.1 %d 1
                        sentinel auth-user main watcher
                        sentinel auth-pass main w4tch
                        """.formatted(redisPort));
        return RealPeer.start(
                        folder,
                        folder.resolve("sentinel.log"),
                        List.of(RealPeer.program("redis-server").toString(), conf.toString(), "--sentinel"))
                .awaitTcp(port, Patience.LIMIT);
    }

    // Of a server that asks its clients for no certificate.
    private static Map<String, String> tls(int port) {
        return Map.of(
                "tls-port", Integer.toString(port),
                "tls-cert-file", "server.pem",
                "tls-key-file", "server.key",
                "tls-ca-cert-file", "server.pem",
                "tls-auth-clients", "no");
    }

    private RedisPeer tlsServer(int port) {
        return RedisPeer.start(
                folder,
                tls(port).entrySet().stream()
                        .flatMap(option -> Stream.of("--" + option.getKey(), option.getValue()))
                        .toArray(String[]::new));
    }

    private SharedRedis connect(
            String uri, @Nullable String user, @Nullable Path passwordFile, @Nullable Path certificates) {
        return connect(settings(uri, user, passwordFile, null, certificates));
    }

    private static RedisSettings settings(
            String uri,
            @Nullable String user,
            @Nullable Path passwordFile,
            @Nullable Path sentinelPasswordFile,
            @Nullable Path certificates) {
        return new RedisSettings(
                List.of(uri),
                false,
                user,
                passwordFile,
                sentinelPasswordFile,
                certificates,
                "mail",
                RedisSettings.MAX_DEADLINE,
                1);
    }

    private SharedRedis connect(RedisSettings settings) {
        return RedisFixture.connect(settings, new RedisObserver() {
            @Override
            public void lost(String cause) {
                causes.add(cause);
            }
        });
    }

    private RedisCalloutState state(SharedRedis redis) {
        redis.link()
                .run(Script.START, redis.names().start(""), "1")
                .exceptionally(away -> List.of())
                .join();
        return new RedisCalloutState(
                redis.link(),
                redis.names(),
                RedisSettings.of("redis://127.0.0.1"),
                CalloutLimits.DEFAULT,
                new RedisTime(clock, true));
    }

    private Path password(String text) throws IOException {
        return password("password", text);
    }

    private Path password(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        SecretFiles.create(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
        return file;
    }

    private void certificate(String name) throws Exception {
        Process openssl = new ProcessBuilder(
                        RealPeer.program("openssl").toString(),
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=" + name + ".example.org",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        folder.resolve(name + ".key").toString(),
                        "-out",
                        folder.resolve(name + ".pem").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        assertThat(openssl.waitFor()).isZero();
    }
}
