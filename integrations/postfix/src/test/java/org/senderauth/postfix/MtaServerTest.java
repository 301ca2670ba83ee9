package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.postfix.ServerObserver.CloseReason;

@Timeout(60)
class MtaServerTest {

    private static final SocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String REQUEST = "request=smtpd_access_policy\nrecipient=a@example.org\n\n";
    private static final String ANSWER = "action=DUNNO\n\n";

    /** The usual limits, but for the time between two requests and for that of a stop, which goes by the real clock. */
    private static final ServerLimits PATIENT = ServerLimits.builder()
            .idleTime(Duration.ofDays(1000))
            .stopTime(Duration.ofDays(1000))
            .build();

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final AtomicLong clock = new AtomicLong(Duration.ofDays(1).toNanos());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final BlockingQueue<Duration> answers = new LinkedBlockingQueue<>();

    private final ServerObserver recorder = new ServerObserver() {
        @Override
        public void opened() {
            opened.incrementAndGet();
        }

        @Override
        public void answered(Duration time) {
            answers.add(time);
        }

        @Override
        public void closed(CloseReason end) {
            events.add(end.name());
        }

        @Override
        public void full() {
            events.add("full");
        }

        @Override
        public void failed(Throwable cause) {
            events.add("failed " + cause.getMessage());
        }
    };

    @AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    private MtaServer.Builder<PolicyRequest> policy(Function<PolicyRequest, PolicyAction> handler) {
        return MtaServer.builder(new PolicyProtocol(handler), pool)
                .observer(recorder)
                .nanoTime(clock::get);
    }

    private MtaServer.Builder<PolicyRequest> policy() {
        return policy(request -> PolicyAction.DUNNO);
    }

    private static Socket connect(MtaServer server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address());
        return socket;
    }

    private static void send(Socket socket, String octets) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(octets.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String receive(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.UTF_8);
    }

    private static boolean isClosed(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void servesManyRequestsPerConnection() throws Exception {
        try (MtaServer server = policy().start(ANY_PORT);
                Socket socket = connect(server)) {
            socket.setTcpNoDelay(true);
            for (int cut = 1; cut < REQUEST.length(); cut += 7) {
                send(socket, REQUEST.substring(0, cut));
                send(socket, REQUEST.substring(cut));
                assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
            }
            send(socket, REQUEST.repeat(100));
            assertThat(receive(socket, 100 * ANSWER.length())).isEqualTo(ANSWER.repeat(100));
            assertThat(opened).hasValue(1);
        }
    }

    @Test
    void failingObserverChangesNothing() throws Exception {
        ServerObserver failing = new ServerObserver() {
            @Override
            public void opened() {
                throw new IllegalStateException("broken counter");
            }

            @Override
            public void answered(Duration time) {
                throw new IllegalStateException("broken counter");
            }

            @Override
            public void closed(CloseReason end) {
                throw new IllegalStateException("broken counter");
            }
        };
        try (MtaServer server = policy().observer(failing).start(ANY_PORT)) {
            for (int connection = 0; connection < 3; connection++) {
                try (Socket socket = connect(server)) {
                    send(socket, REQUEST + REQUEST);
                    assertThat(receive(socket, 2 * ANSWER.length())).isEqualTo(ANSWER.repeat(2));
                }
            }
            assertThat(server.isServing()).isTrue();
        }
    }

    @Test
    void answersHalfClosedConnectionThenCloses() throws Exception {
        try (MtaServer server = policy().start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST);
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(ANSWER);
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("PEER");
        }
    }

    @Test
    void closesWithoutReplyWhenAnswerFails() throws Exception {
        try (MtaServer server = policy(request -> {
                            throw new IllegalStateException("the store is away");
                        })
                        .start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST);
            assertThat(isClosed(socket)).isTrue();
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("failed the store is away");
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("TROUBLE");
        }
    }

    @Test
    void jvmErrorClosesItsConnectionOnly() throws Exception {
        try (MtaServer server = policy(request -> {
                            throw new StackOverflowError("too deep");
                        })
                        .start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST);
            assertThat(isClosed(socket)).isTrue();
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("failed too deep");
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("TROUBLE");
            assertThat(server.isServing()).isTrue();
        }
    }

    @Test
    void missingThreadClosesItsConnectionOnly() throws Exception {
        Executor empty = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        try (MtaServer server = MtaServer.builder(new PolicyProtocol(r -> PolicyAction.DUNNO), empty)
                .observer(recorder)
                .start(ANY_PORT)) {
            for (int connection = 0; connection < 2; connection++) {
                try (Socket socket = connect(server)) {
                    assertThat(isClosed(socket)).isTrue();
                    assertThat(events.poll(30, TimeUnit.SECONDS)).startsWith("failed");
                    assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("LOST");
                }
            }
        }
    }

    @Test
    void malformedRequestClosesItsConnectionOnly() throws Exception {
        try (MtaServer server = policy().start(ANY_PORT);
                Socket good = connect(server)) {
            for (String broken : new String[] {"nonsense\n", "x".repeat(1_000_000), "a=" + "b".repeat(1_000_000)}) {
                try (Socket bad = connect(server)) {
                    sendWhatItTakes(bad, broken);
                    assertThat(isClosed(bad)).isTrue();
                    assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("BROKEN");
                }
            }
            send(good, REQUEST);
            assertThat(receive(good, ANSWER.length())).isEqualTo(ANSWER);
        }
    }

    private static void sendWhatItTakes(Socket socket, String octets) {
        try {
            send(socket, octets);
        } catch (IOException closedMeanwhile) {
            // That is the point.
        }
    }

    @Test
    void closesSlowRequestAtTimeout() throws Exception {
        try (MtaServer server = policy().limits(PATIENT).start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST + "request=");
            assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
            socket.setSoTimeout(100);
            // The server may set its time anew for the second request after the clock has moved; so it moves again.
            while (clock.addAndGet(PATIENT.requestTime().toNanos()) > 0 && isOpen(socket)) {
                // until it closes
            }
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("TIMEOUT");
        }
    }

    @Test
    void keepsIdleConnectionBeyondRequestTime() throws Exception {
        try (MtaServer server = policy().start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST);
            assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
            answers.take();
            clock.addAndGet(ServerLimits.DEFAULT.requestTime().multipliedBy(2).toNanos());
            letTheAcceptorLook(server);
            send(socket, REQUEST);
            assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
        }
    }

    /** Two connections one after the other: the acceptor has looked at all connections in between. */
    private void letTheAcceptorLook(MtaServer server) throws Exception {
        for (int i = 0; i < 2; i++) {
            connect(server).close();
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("PEER");
        }
    }

    @Test
    void closesWithoutReplyAtAnswerTimeout() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch forEver = new CountDownLatch(1);
        try (MtaServer server = policy(request -> {
                            asked.countDown();
                            await(forEver);
                            return PolicyAction.DUNNO;
                        })
                        .start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST);
            asked.await();
            clock.addAndGet(ServerLimits.DEFAULT.answerTime().toNanos());
            assertThat(isClosed(socket)).isTrue();
            forEver.countDown();
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("TIMEOUT");
        }
    }

    @Test
    void allowsAnswerLongerThanRequestTime() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (MtaServer server = policy(request -> {
                            asked.countDown();
                            await(goOn);
                            return PolicyAction.DUNNO;
                        })
                        .start(ANY_PORT);
                Socket socket = connect(server)) {
            send(socket, REQUEST);
            asked.await();
            clock.addAndGet(ServerLimits.DEFAULT.requestTime().multipliedBy(2).toNanos());
            letTheAcceptorLook(server);
            goOn.countDown();
            assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
            assertThat(answers.take())
                    .isEqualTo(ServerLimits.DEFAULT.requestTime().multipliedBy(2));
        }
    }

    @Test
    void longestWaitingConnectionGivesWayToANewOne() throws Exception {
        try (MtaServer server = policy().limits(PATIENT.withConnections(2)).start(ANY_PORT);
                Socket first = connect(server);
                Socket second = connect(server)) {
            for (Socket socket : new Socket[] {first, second, first}) {
                send(socket, REQUEST);
                assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
                answers.take();
                clock.addAndGet(Duration.ofSeconds(1).toNanos());
            }
            try (Socket third = connect(server)) {
                send(third, REQUEST);
                assertThat(receive(third, ANSWER.length())).isEqualTo(ANSWER);
                assertThat(isClosed(second)).isTrue();
                send(first, REQUEST);
                assertThat(receive(first, ANSWER.length())).isEqualTo(ANSWER);
                assertThat(events.take()).isEqualTo("full");
                assertThat(events.take()).isEqualTo("GAVE_WAY");
            }
        }
    }

    @Test
    void idleConnectionsNeverKeepANewOneOut() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (MtaServer server = policy().limits(PATIENT.withConnections(5)).start(ANY_PORT)) {
            for (int i = 0; i < 50; i++) {
                idle.add(connect(server));
            }
            try (Socket mail = connect(server)) {
                send(mail, REQUEST);
                assertThat(receive(mail, ANSWER.length())).isEqualTo(ANSWER);
            }
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void connectionsWithARequestKeepTheirPlace() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Function<PolicyRequest, PolicyAction> slow = request -> {
            events.add("asked");
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return PolicyAction.DUNNO;
        };
        try (MtaServer server = policy(slow).limits(PATIENT.withConnections(2)).start(ANY_PORT);
                Socket first = connect(server);
                Socket second = connect(server);
                Socket third = new Socket()) {
            send(first, REQUEST);
            send(second, REQUEST);
            List<String> seen = new ArrayList<>();
            while (seen.stream().filter("asked"::equals).count() < 2) {
                seen.add(events.take());
            }
            third.connect(server.address());
            send(third, REQUEST);
            while (!seen.contains("full")) {
                seen.add(events.take());
            }
            assertThat(server.connections()).isEqualTo(2);
            assertThat(third.getInputStream().available()).isZero();
            release.countDown();
            for (Socket socket : new Socket[] {first, second, third}) {
                assertThat(receive(socket, ANSWER.length())).isEqualTo(ANSWER);
            }
        }
    }

    @Test
    void closeFinishesRequestInProgress() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        MtaServer server = policy(request -> {
                    asked.countDown();
                    await(goOn);
                    return PolicyAction.DUNNO;
                })
                .limits(PATIENT)
                .start(ANY_PORT);
        try (Socket waiting = connect(server);
                Socket working = connect(server)) {
            send(working, REQUEST);
            asked.await();
            Thread stopper = new Thread(server::close);
            stopper.start();
            assertThat(isClosed(waiting)).isTrue();
            goOn.countDown();
            assertThat(receive(working, ANSWER.length())).isEqualTo(ANSWER);
            assertThat(isClosed(working)).isTrue();
            stopper.join();
            assertThat(server.connections()).isZero();
            assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closeInterruptsEndlessRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch forEver = new CountDownLatch(1);
        ServerLimits limits = ServerLimits.builder()
                .connections(10)
                .requestTime(Duration.ofSeconds(10))
                .answerTime(Duration.ofSeconds(10))
                .writeTime(Duration.ofSeconds(10))
                .idleTime(Duration.ofSeconds(10))
                .stopTime(Duration.ZERO)
                .build();
        MtaServer server = policy(request -> {
                    asked.countDown();
                    await(forEver);
                    return PolicyAction.DUNNO;
                })
                .limits(limits)
                .start(ANY_PORT);
        try (Socket socket = connect(server)) {
            send(socket, REQUEST);
            asked.await();
            server.close();
            assertThat(isClosed(socket)).isTrue();
            forEver.countDown();
        }
    }

    @Test
    void servesUnixSocketWithPermissions(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("map");
        Map<String, Function<String, MapReply>> maps = Map.of("same", MapReply.Found::new);
        MtaServer server = MtaServer.builder(new SocketmapProtocol(maps), pool)
                .socketPermissions(PosixFilePermissions.fromString("rw-rw-rw-"))
                .start(UnixDomainSocketAddress.of(file));
        assertThat(server.isServing()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-rw-rw-");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            channel.write(ByteBuffer.wrap("6:same a,".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate("4:OK a,".length());
            while (reply.hasRemaining() && channel.read(reply) >= 0) {
                // until all of it is there
            }
            assertThat(new String(reply.array(), StandardCharsets.US_ASCII)).isEqualTo("4:OK a,");
        }
        assertThatThrownBy(() -> policy().start(UnixDomainSocketAddress.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on unix:" + file + ": another server listens there");
        server.close();
        assertThat(server.isServing()).isFalse();
        assertThat(file).doesNotExist();
    }

    @Test
    void replacesStaleSocketFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("policy");
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        policy().start(UnixDomainSocketAddress.of(file)).close();
        assertThat(file).doesNotExist();
    }

    @Test
    void reportsPortInUseOnOneLine() throws Exception {
        try (MtaServer server = policy().start(ANY_PORT)) {
            assertThatThrownBy(() -> policy().start(server.address()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + ListenAddress.text(server.address()) + ": ");
        }
    }

    @Test
    void fullExecutorClosesItsConnectionOnly() throws Exception {
        ExecutorService ended = Executors.newCachedThreadPool();
        ended.shutdown();
        try (MtaServer server = MtaServer.builder(new PolicyProtocol(r -> PolicyAction.DUNNO), ended)
                        .observer(recorder)
                        .start(ANY_PORT);
                Socket socket = connect(server)) {
            assertThat(isClosed(socket)).isTrue();
            assertThat(events.poll(30, TimeUnit.SECONDS)).startsWith("failed");
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo(CloseReason.LOST.name());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
