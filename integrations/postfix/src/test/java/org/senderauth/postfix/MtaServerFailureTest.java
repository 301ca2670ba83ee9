package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the accepting thread survives, and what it reports when it does not. */
@Timeout(120)
class MtaServerFailureTest {

    private static final SocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int FAILURES = 3;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final BlockingQueue<Throwable> failed = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> terminated = new LinkedBlockingQueue<>();

    @AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    private MtaServer start(Executor executor) throws IOException {
        return MtaServer.builder(new PolicyProtocol(request -> PolicyAction.DUNNO), executor)
                // One slot: a failed connection that is still counted would be the last.
                .limits(ServerLimits.DEFAULT.withConnections(1))
                .observer(new ServerObserver() {
                    @Override
                    public void failed(Throwable cause) {
                        failed.add(cause);
                    }

                    @Override
                    public void terminated(Throwable cause) {
                        terminated.add(cause);
                    }
                })
                .start(ANY_PORT);
    }

    private static Socket connect(MtaServer server) throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    // The empty text if the server closed the connection instead.
    private static String ask(MtaServer server) {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write("request=smtpd_access_policy\n\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException reset) {
            return "";
        }
    }

    private void assertAnswersAfterFailures(MtaServer server) {
        for (int connection = 0; connection < FAILURES; connection++) {
            assertThat(ask(server)).isEmpty();
        }
        assertThat(ask(server)).isEqualTo("action=DUNNO\n\n");
        assertThat(failed).hasSize(FAILURES);
        assertThat(terminated).isEmpty();
        assertThat(server.isServing()).isTrue();
    }

    private void assertServesAgainAfter(Supplier<Error> failure) throws IOException {
        AtomicInteger tasks = new AtomicInteger();
        Executor scarce = task -> {
            if (tasks.incrementAndGet() <= FAILURES) {
                throw failure.get();
            }
            pool.execute(task);
        };
        try (MtaServer server = start(scarce)) {
            assertAnswersAfterFailures(server);
        }
    }

    @Test
    void servesAgainOnceThreadsAvailable() throws Exception {
        assertServesAgainAfter(() -> new OutOfMemoryError("unable to create native thread"));
    }

    @Test
    void servesAgainAfterOutOfMemory() throws Exception {
        assertServesAgainAfter(() -> new OutOfMemoryError("Java heap space"));
    }

    @Test
    void reportsTerminationByErrorOnce() throws Exception {
        Executor broken = task -> {
            throw new NoClassDefFoundError("gone");
        };
        try (MtaServer server = start(broken)) {
            assertThat(ask(server)).isEmpty();
            assertThat(terminated.poll(60, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class);
            assertThat(server.isServing()).isFalse();
            assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
        }
        assertThat(terminated).isEmpty();
    }

    @Test
    void closedServerReportsNoTermination() throws Exception {
        MtaServer server = start(pool);
        assertThat(ask(server)).isNotEmpty();
        server.close();
        assertThat(server.isServing()).isFalse();
        assertThat(terminated).isEmpty();
    }
}
