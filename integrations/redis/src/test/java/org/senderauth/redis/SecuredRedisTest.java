package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutStateAdmin;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.core.SecretFiles;
import org.senderauth.peers.PeerProcess;
import org.senderauth.peers.RedisPeer;
import org.senderauth.peers.RedisTopology;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;

/** TLS, ACL users and passwords, with a real Redis and a real sentinel. */
class SecuredRedisTest {

    /** The user of docs/redis.md: no more rights than are needed. */
    private static final String[] USER = block("ACL SETUSER")
            .replace(">PASSWORD", ">s3cret")
            .replace("~senderauth:*", "~mail:*")
            .strip()
            .split(" ");

    private static String block(String start) {
        try {
            Matcher block = Pattern.compile(
                            "^```\n(" + Pattern.quote(start) + ".*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                    .matcher(Files.readString(Path.of("..", "..", "docs", "redis.md")));
            assertThat(block.find()).isTrue();
            return block.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(RedisFixture.FAR_FUTURE);
    private final Queue<String> causes = new ConcurrentLinkedQueue<>();
    private @Nullable RedisPeer server;

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void redisAcceptsTheSettingsOfTheGuide() throws Exception {
        server = RedisPeer.start(folder);
        String settings = block("min-replicas-to-write") + block("maxmemory");
        assertThat(settings.lines()).hasSize(6).allSatisfy(line -> {
            String[] words = line.split(" ");
            assertThat(server.command("CONFIG", "SET", words[0], words[1]))
                    .as(line)
                    .isEqualTo("OK");
        });
    }

    @Test
    void userWithFewRightsIsSufficient() throws Exception {
        server = RedisPeer.start(folder);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL", "SETUSER", "default", "off");
        try (SharedRedis redis = connect(server.uri(), "mail", password("s3cret"), null)) {
            assertThat(causes).isEmpty();
            RedisCalloutState state = state(redis);
            ProbePermit grant = RedisFixture.granted(state, "a@d1.test");
            state.apply(new StateUpdate(grant, Map.of(), null, Map.of(), Map.of(), StateUpdate.Tally.BAD, true, null));
            state.release(grant);
            // Once more: what is known of a domain is kept longer.
            RedisFixture.granted(state, "b@d1.test");
            state.admitHost(
                    new MailServer(InetAddress.getLoopbackAddress(), "mx.test"), RedisFixture.permit(grant.question()));
            redis.serialNumbers().next(1);
            redis.replayLedger(InstantSource.system())
                    .increment("b:1", RedisFixture.FAR_FUTURE)
                    .toCompletableFuture()
                    .join();
            assertThat(causes).isEmpty();
            assertThat(redis.isAvailable()).isTrue();
        }
    }

    @Test
    void userWithFewRightsIsSufficientForCluster() throws Exception {
        List<RedisPeer> nodes = RedisTopology.cluster(folder, 3);
        try {
            nodes.forEach(node -> assertThat(node.command(USER)).isEqualTo("OK"));
            nodes.forEach(node -> node.command("ACL", "SETUSER", "default", "off"));
            RedisSettings settings = RedisSettings.builder()
                    .uris(List.of(nodes.get(0).uri()))
                    .cluster(true)
                    .user("mail")
                    .passwordFile(password("s3cret"))
                    .prefix("mail")
                    .deadline(RedisSettings.MAX_DEADLINE)
                    .build();
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
    void reportsWrongPasswordAndReadsCorrectedOne() throws Exception {
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
    void listsAndEvictsWithTheUserOfTheGuide() throws Exception {
        server = RedisPeer.start(folder);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL", "SETUSER", "default", "off");
        try (SharedRedis redis = connect(server.uri(), "mail", password("s3cret"), null)) {
            RedisCalloutState state = redis.calloutState(CalloutLimits.DEFAULT, MonotonicClock.system());
            RedisFixture.awaitAvailable(redis, state);
            for (CalloutStateAdmin.Listing listing : CalloutStateAdmin.Listing.values()) {
                assertThat(state.entries(listing, 100, InstantSource.system()).complete())
                        .isTrue();
            }
            assertThat(state.forget(MailAddress.of("alice@d1.test"))).isZero();
            assertThat(state.forgetDomain("d1.test")).isZero();
            assertThat(state.forgetHost(InetAddress.getByName("192.0.2.1"))).isZero();
        }
        assertThat(causes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pttl", "zcount", "hsetnx", "incr"})
    void reportsMissingRightAtConnect(String command) throws Exception {
        server = RedisPeer.start(folder);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL", "SETUSER", "mail", "-" + command);
        server.command("ACL", "SETUSER", "default", "off");
        try (SharedRedis redis = connect(server.uri(), "mail", password("s3cret"), null)) {
            Await.until("the cause", () -> !causes.isEmpty());
            assertThat(causes)
                    .singleElement()
                    .asString()
                    .contains("NOPERM, this user may not run " + command.toUpperCase(Locale.ROOT));
            assertThat(redis.isAvailable()).isFalse();
            assertThat(redis.awaitAvailable(Await.LIMIT))
                    .hasValueSatisfying(cause -> assertThat(cause).contains("NOPERM"));
        }
    }

    @Test
    void reportsLaterCauseOfSameOutage() throws Exception {
        server = RedisPeer.start(folder, "--requirepass", "s3cret");
        server.kill();
        Queue<String> further = new ConcurrentLinkedQueue<>();
        RedisSettings settings = settings(server.uri(), null, password("wrong"), null, null);
        try (SharedRedis redis = RedisFixture.connect(settings, new RedisObserver() {
            @Override
            public void lost(String cause) {
                causes.add(cause);
            }

            @Override
            public void stillLost(String cause) {
                further.add(cause);
            }
        })) {
            Await.until("the first cause", () -> !causes.isEmpty());
            assertThat(causes).singleElement().asString().contains("refused");
            server.restart();
            Await.until("the other cause", () -> {
                redis.look();
                return further.toString().contains("WRONGPASS");
            });
            assertThat(causes).hasSize(1);
        }
    }

    @Test
    void guideGrantsAllRightsThatScriptsUse() {
        Set<String> used = commands(Script.values());
        assertThat(commands(Script.CHECK)).isEqualTo(used);
        assertThat(List.of(USER))
                .containsAll(used.stream().map(name -> "+" + name).toList());
    }

    private static Set<String> commands(Script... scripts) {
        Set<String> names = new TreeSet<>();
        for (Script script : scripts) {
            Matcher call = Pattern.compile("(?:redis\\.call|\\bon|\\bmay)\\('([A-Z]+)'")
                    .matcher(script.source());
            while (call.find()) {
                names.add(call.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    @Test
    void reportsMissingPasswordFileUntilItExists() throws Exception {
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
        int tlsPort = PeerProcess.freePort();
        server = tlsServer(tlsPort);
        String uri = "rediss://127.0.0.1:" + tlsPort;
        try (SharedRedis redis = connect(uri, null, null, folder.resolve("server.pem"))) {
            assertThat(causes).isEmpty();
            RedisFixture.granted(state(redis), "a@d1.test");
        }
        try (SharedRedis redis = connect(uri, null, null, folder.resolve("other.pem"))) {
            Await.until("the cause", () -> !causes.isEmpty());
            assertThat(causes).singleElement().asString().contains("certification path");
            assertThat(redis.isAvailable()).isFalse();
        }
    }

    @Test
    void sentinelsHaveAPasswordOfTheirOwnAndTheSameTls() throws Exception {
        certificate("server");
        int tlsPort = PeerProcess.freePort();
        server = tlsServer(tlsPort);
        assertThat(server.command(USER)).isEqualTo("OK");
        server.command("ACL SETUSER watcher on >w4tch ~* &* +@all".split(" "));
        server.command("ACL", "SETUSER", "default", "off");
        int sentinelPort = PeerProcess.freePort();
        String uri = "rediss-sentinel://127.0.0.1:" + sentinelPort + "#main";
        Path right = password("password", "s3cret");
        Path sentinels = password("sentinel-password", "s3ntinel");
        try (PeerProcess sentinel = sentinel(sentinelPort, tlsPort)) {
            assertThat(sentinel.process().isAlive()).isTrue();
            try (SharedRedis redis = connect(settings(uri, "mail", right, sentinels, folder.resolve("server.pem")))) {
                RedisFixture.awaitAvailable(redis, state(redis));
                RedisFixture.granted(state(redis), "a@d1.test");
            }
            // A sentinel has one second, which a busy machine may exceed: that would be told instead.
            long end = System.nanoTime() + Await.LIMIT.toNanos();
            do {
                causes.clear();
                try (SharedRedis redis = connect(settings(uri, "mail", right, right, folder.resolve("server.pem")))) {
                    assertThat(redis.isAvailable()).isFalse();
                }
            } while (!causes.toString().contains("WRONGPASS") && System.nanoTime() < end);
            assertThat(causes).singleElement().asString().contains("WRONGPASS").doesNotContain("s3cret");
        }
    }

    private PeerProcess sentinel(int port, int redisPort) throws IOException {
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
        return PeerProcess.start(
                        folder,
                        folder.resolve("sentinel.log"),
                        List.of(PeerProcess.program("redis-server").toString(), conf.toString(), "--sentinel"))
                .awaitTcp(port, Await.LIMIT);
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
        RedisSettings.Builder builder =
                RedisSettings.builder().uris(List.of(uri)).prefix("mail").deadline(RedisSettings.MAX_DEADLINE);
        if (user != null) {
            builder.user(user);
        }
        if (passwordFile != null) {
            builder.passwordFile(passwordFile);
        }
        if (sentinelPasswordFile != null) {
            builder.sentinelPasswordFile(sentinelPasswordFile);
        }
        if (certificates != null) {
            builder.certificates(certificates);
        }
        return builder.build();
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
                new RedisClock(clock.monotonic(), true));
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
                        PeerProcess.program("openssl").toString(),
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
