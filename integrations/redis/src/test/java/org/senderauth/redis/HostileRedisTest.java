package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.core.MonotonicClock;
import org.senderauth.ses.ReplayLedger.UseCount;
import org.senderauth.testkit.Await;

/** Servers that are no Redis, or answer what Redis never would. */
class HostileRedisTest {

    /** For a server that answers nothing; what it does answer comes sooner. */
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Never moves, so the local share of a rate limit stays empty. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

    private final AtomicReference<Duration> deadline = new AtomicReference<>(Await.LIMIT);

    /** Speaks as much of the protocol as a client needs to connect, until it answers scripts as told. */
    private static final class FakeRedis implements AutoCloseable {

        private final ServerSocket server;
        private final String answer;
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicInteger left = new AtomicInteger();
        private volatile boolean hostile;

        FakeRedis(String answer) throws IOException {
            this.answer = answer;
            this.server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
            Thread thread = new Thread(this::accept, "fake redis");
            thread.setDaemon(true);
            thread.start();
        }

        RedisSettings settings() {
            return RedisSettings.of("redis://127.0.0.1:" + server.getLocalPort())
                    .withDeadline(RedisSettings.MAX_DEADLINE);
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread thread = new Thread(() -> talk(socket), "fake redis connection");
                    thread.setDaemon(true);
                    thread.start();
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void talk(Socket socket) {
            try (socket) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream();
                for (String command = command(in); !command.isEmpty(); command = command(in)) {
                    String reply = switch (command.split(" ")[0].toUpperCase(Locale.ROOT)) {
                        case "HELLO" -> "%3\r\n+server\r\n+redis\r\n+version\r\n+7.0.15\r\n+proto\r\n:3\r\n";
                        case "EVALSHA", "EVAL" -> hostile ? hostileAnswer() : "*1\r\n$1\r\n1\r\n";
                        default -> "+OK\r\n";
                    };
                    if (reply.equals("hang up")) {
                        return;
                    }
                    if (!reply.equals("silence")) {
                        out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
                        out.flush();
                    }
                }
            } catch (IOException hungUp) {
                // The client has had enough.
            } finally {
                left.incrementAndGet();
            }
        }

        private String hostileAnswer() {
            answered.incrementAndGet();
            return answer;
        }

        private static String command(InputStream in) throws IOException {
            String head = line(in);
            if (!head.startsWith("*")) {
                return "";
            }
            StringBuilder words = new StringBuilder();
            for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
                int octets = Integer.parseInt(line(in).substring(1));
                words.append(new String(in.readNBytes(octets), StandardCharsets.ISO_8859_1))
                        .append(' ');
                line(in);
            }
            return words.toString();
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet != '\n' && octet >= 0; octet = in.read()) {
                line.append(octet == '\r' ? "" : (char) octet);
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** All replies in time until the deadline is set. */
    private SharedRedis connect(FakeRedis server) {
        return SharedRedis.connect(server.settings(), RedisObserver.NONE, deadline::get);
    }

    private void turnHostile(FakeRedis server) {
        deadline.set(DEADLINE);
        server.hostile = true;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "silence",
                "hang up",
                "-ERR no\r\n",
                "-OOM command not allowed when used memory > 'maxmemory'\r\n",
                "-READONLY You can't write against a read only replica.\r\n",
                "-LOADING Redis is loading the dataset in memory\r\n",
                "-NOSCRIPT No matching script\r\n",
                "-MOVED 1 192.0.2.1:1\r\n",
                "$-1\r\n",
                "*-1\r\n",
                "*0\r\n",
                ":1\r\n",
                "+GRANTED\r\n",
                "*1\r\n$7\r\nGRANTED\r\n",
                "*10\r\n$7\r\nGRANTED\r\n$1\r\n1\r\n$0\r\n\r\n$0\r\n\r\n:0\r\n:0\r\n$0\r\n\r\n:9\r\n$0\r\n\r\n$0\r\n\r\n",
                "*10\r\n$7\r\nGRANTED\r\n$1\r\nx\r\n$0\r\n\r\n$0\r\n\r\n:0\r\n:0\r\n$0\r\n\r\n:0\r\n$0\r\n\r\n$0\r\n\r\n",
                "*10\r\n$7\r\nUNHEARD\r\n$1\r\n1\r\n$0\r\n\r\n$0\r\n\r\n:0\r\n:0\r\n$0\r\n\r\n:0\r\n$0\r\n\r\n$0\r\n\r\n",
                "*10\r\n$4\r\nLATE\r\n$1\r\n1\r\n$0\r\n\r\n$0\r\n\r\n:0\r\n:0\r\n$0\r\n\r\n:0\r\n$0\r\n\r\n$0\r\n\r\n",
                "*10\r\n$7\r\nLIMITED\r\n$1\r\n1\r\n$5\r\nNEVER\r\n$0\r\n\r\n:0\r\n:0\r\n$0\r\n\r\n:0\r\n$0\r\n\r\n$0\r\n\r\n",
                "*10\r\n$5\r\nKNOWN\r\n$1\r\n1\r\n$0\r\n\r\n$3\r\n1 x\r\n:0\r\n:0\r\n$0\r\n\r\n:0\r\n$0\r\n\r\n$0\r\n\r\n",
                "*2147483647\r\n",
                "$2147483647\r\nx",
                "*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "\u0000\u00ff\u00fe\r\n",
                ""
            })
    void unusableReplyIsAnOutage(String answer) throws Exception {
        try (FakeRedis server = new FakeRedis(answer);
                SharedRedis redis = connect(server)) {
            assertThat(redis.isAvailable()).isTrue();
            turnHostile(server);
            RedisCalloutState state = redis.calloutState(CalloutLimits.DEFAULT, MonotonicClock.system());
            for (int i = 0; i < 3; i++) {
                assertThat(state.admit(RedisFixture.question("a@d1.test", true))
                                .toCompletableFuture()
                                .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOf(Limited.class);
            }
            assertThat(state.admitHost(
                            new MailServer(InetAddress.getLoopbackAddress(), "mx.test"),
                            RedisFixture.permit(RedisFixture.question("a@d1.test", true))))
                    .isInstanceOf(HostAdmission.RateLimited.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silence", "hang up", "-ERR no\r\n", "*0\r\n", "*1\r\n$1\r\nx\r\n", "*2\r\n:1\r\n:2\r\n"})
    void malformedCountIsTemporaryFailure(String answer) throws Exception {
        try (FakeRedis server = new FakeRedis(answer);
                SharedRedis redis = connect(server)) {
            turnHostile(server);
            assertThat(redis.replayLedger(CLOCK)
                            .increment("b:1", RedisFixture.FAR_FUTURE)
                            .toCompletableFuture()
                            .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(UseCount.Unavailable.class);
        }
        deadline.set(Await.LIMIT);
        try (FakeRedis server = new FakeRedis(answer);
                SharedRedis redis = connect(server)) {
            turnHostile(server);
            assertThatThrownBy(() -> redis.serialNumbers().next(1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void leavesDemotedPrimaryForItsSuccessor() throws Exception {
        try (FakeRedis server = new FakeRedis("-READONLY You can't write against a read only replica.\r\n");
                SharedRedis redis = connect(server)) {
            RedisCalloutState state = redis.calloutState(CalloutLimits.DEFAULT, MonotonicClock.system());
            server.hostile = true;
            state.admit(RedisFixture.question("a@d1.test", true))
                    .toCompletableFuture()
                    .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(redis.isAvailable()).isFalse();
            // One check; it is under way from when it is caused until it is answered.
            Await.until("a check", () -> {
                redis.look();
                return redis.link().underWay() > 0 || server.answered.get() > 1;
            });
            Await.until("the end of the connection", () -> server.left.get() > 0);
            assertThat(server.answered).as("an admission and one check").hasValue(2);
            server.hostile = false;
            RedisFixture.awaitAvailable(redis, state);
        }
    }

    @Test
    void awaitsReplyUntilDeadlineOnly() throws Exception {
        Queue<String> causes = new ConcurrentLinkedQueue<>();
        RedisObserver observer = new RedisObserver() {
            @Override
            public void lost(String cause) {
                causes.add(cause);
            }
        };
        try (FakeRedis server = new FakeRedis("silence");
                SharedRedis redis = SharedRedis.connect(server.settings().withDeadline(DEADLINE), observer)) {
            Await.until("the first connection", () -> {
                redis.look();
                return redis.isAvailable();
            });
            Await.until("the end of all checks", () -> redis.link().underWay() == 0);
            causes.clear();
            server.hostile = true;
            assertThatThrownBy(() -> redis.serialNumbers().next(1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no reply within 2000 ms");
            assertThat(causes).containsExactly("no reply within 2000 ms");
        }
    }

    @Test
    void rejectsServerOfAnotherKind() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            RedisSettings settings = RedisSettings.of("redis://127.0.0.1:" + server.getLocalPort())
                    .withDeadline(DEADLINE);
            // It accepts connections and says nothing.
            try (SharedRedis redis = SharedRedis.connect(settings, RedisObserver.NONE)) {
                assertThat(redis.isAvailable()).isFalse();
                assertThat(List.of(redis.replayLedger(CLOCK)
                                .read("b:1")
                                .toCompletableFuture()
                                .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)))
                        .hasOnlyElementsOfType(UseCount.Unavailable.class);
            }
        }
    }
}
