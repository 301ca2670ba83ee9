package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The name server is this test: it receives each query and sends what the rule is about. */
@Timeout(120)
class UdpSocketsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int SIZE = 64;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger ids = new AtomicInteger();
    private DatagramSocket server;
    private InetSocketAddress address;
    private UdpSockets sockets;

    @BeforeEach
    void start() throws IOException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        address = new InetSocketAddress(server.getLocalAddress(), server.getLocalPort());
        sockets = new UdpSockets(address, now::get);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void queriesOneAfterTheOtherShareSocket() throws IOException {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 3 * UdpSockets.MAX_USES; i++) {
            ports.add(answerNext().getPort());
        }
        assertThat(ports).hasSize(3);
    }

    @Test
    void queriesInFlightHavePortsOfTheirOwn() throws IOException {
        List<CompletableFuture<byte[]>> responses = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        List<DatagramPacket> queries = new ArrayList<>();
        for (int i = 0; i < 2 * UdpSockets.MAX_IDLE; i++) {
            responses.add(ask());
            queries.add(receive());
            ports.add(queries.get(i).getPort());
        }
        assertThat(ports).hasSize(responses.size());
        for (int i = responses.size() - 1; i >= 0; i--) {
            send(queries.get(i), queries.get(i).getData());
            assertThat(responses.get(i).join()).isEqualTo(queries.get(i).getData());
        }
    }

    @Test
    void dropsResponseWithOtherIdOrWithoutHeader() throws IOException {
        CompletableFuture<byte[]> response = ask();
        DatagramPacket query = receive();
        send(query, withOtherId(query));
        send(query, Arrays.copyOf(query.getData(), 11));
        send(query, new byte[0]);
        send(query, query.getData());
        assertThat(response.join()).isEqualTo(query.getData());
    }

    @Test
    void guessesOfIdAreLimited() throws IOException {
        CompletableFuture<byte[]> response = ask();
        DatagramPacket query = receive();
        for (int i = 0; i < UdpSockets.MAX_WRONG_IDS; i++) {
            send(query, withOtherId(query));
        }
        send(query, query.getData());
        assertThat(response.join()).isEqualTo(query.getData());

        CompletableFuture<byte[]> attacked = ask();
        query = receive();
        for (int i = 0; i <= UdpSockets.MAX_WRONG_IDS; i++) {
            send(query, withOtherId(query));
        }
        assertThat(failure(attacked)).isInstanceOf(IOException.class).hasMessageContaining("id of another query");
    }

    @Test
    void unresolvedServerFailsQuery() {
        UdpSockets unresolved = new UdpSockets(InetSocketAddress.createUnresolved("ns.example.org", 53), now::get);
        assertThat(failure(unresolved.exchange(query(), SIZE, TIMEOUT))).isInstanceOf(UnknownHostException.class);
        assertThat(unresolved.isReceiving()).isFalse();
    }

    @Test
    void failureContinuesInThreadsOfCaller() {
        server.close();
        AtomicInteger tasks = new AtomicInteger();
        CompletableFuture<?> answer = new UdpResolver(address)
                .sendAsync(
                        Message.newQuery(Record.newRecord(DomainNames.of("example.org"), Type.A, DClass.IN)), task -> {
                            tasks.incrementAndGet();
                            task.run();
                        })
                .toCompletableFuture();
        assertThat(answer.handle((message, failure) -> failure).join()).hasCauseInstanceOf(IOException.class);
        assertThat(tasks).hasValue(1);
    }

    @Test
    void dropsSecondResponse() throws IOException {
        CompletableFuture<byte[]> response = ask();
        DatagramPacket first = receive();
        send(first, first.getData());
        response.join();
        send(first, first.getData());
        answerNext();
    }

    @Test
    void cutsLongResponse() throws IOException {
        CompletableFuture<byte[]> response = ask();
        DatagramPacket query = receive();
        send(query, Arrays.copyOf(query.getData(), 2 * SIZE));
        assertThat(response.join()).hasSize(SIZE);
    }

    @Test
    void lateQueryEndsWhileOthersAreAnswered() throws IOException {
        CompletableFuture<byte[]> lost = ask();
        receive();
        now.addAndGet(TIMEOUT.toNanos());
        while (!lost.isDone()) {
            answerNext();
        }
        assertThat(failure(lost)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void queryEndsAtItsTimeoutAndNotBefore() throws IOException {
        CompletableFuture<byte[]> lost = ask();
        receive();
        now.addAndGet(TIMEOUT.toNanos() - 1);
        answerNext();
        assertThat(lost).isNotDone();
        now.incrementAndGet();
        assertThat(failure(lost)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void lateResponseReachesNoOtherQuery() throws IOException {
        CompletableFuture<byte[]> lost = ask();
        DatagramPacket first = receive();
        now.addAndGet(TIMEOUT.toNanos());
        failure(lost);
        CompletableFuture<byte[]> response = ask();
        DatagramPacket second = receive();
        assertThat(second.getPort()).isNotEqualTo(first.getPort());
        send(first, first.getData());
        send(second, second.getData());
        assertThat(response.join()).isEqualTo(second.getData());
    }

    @Test
    void closedPortFailsQueryAtOnceAndSocketIsNotUsedAgain() throws IOException {
        answerNext();
        server.close();
        CompletableFuture<byte[]> refused = ask();
        assertThat(failure(refused)).isInstanceOf(PortUnreachableException.class);
        server = new DatagramSocket(address);
        answerNext();
    }

    @Test
    void oldSocketIsNotUsedAgain() throws IOException {
        int port = answerNext().getPort();
        long step = UdpSockets.MAX_IDLE_TIME.toNanos() / 2;
        for (long age = step; age < UdpSockets.MAX_AGE.toNanos(); age += step) {
            now.addAndGet(step);
            assertThat(answerNext().getPort()).isEqualTo(port);
        }
        now.addAndGet(step);
        assertThat(answerNext().getPort()).isNotEqualTo(port);
    }

    @Test
    void socketWithoutQueryIsClosedSoon() throws IOException {
        int port = answerNext().getPort();
        now.addAndGet(UdpSockets.MAX_IDLE_TIME.toNanos());
        assertThat(answerNext().getPort()).isNotEqualTo(port);
    }

    @Test
    void receivingEndsWithLastSocketAndBeginsAgain() throws IOException {
        for (int round = 0; round < 3; round++) {
            answerNext();
            assertThat(sockets.isReceiving()).isTrue();
            now.addAndGet(UdpSockets.MAX_IDLE_TIME.toNanos());
            while (sockets.isReceiving()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void manyThreadsGetTheirOwnResponses() {
        Thread echo = new Thread(() -> {
            try {
                while (true) {
                    DatagramPacket query = receive();
                    send(query, query.getData());
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        echo.setDaemon(true);
        echo.start();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            clients.add(done);
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i < 2_000; i++) {
                        byte[] query = query();
                        byte[] response = sockets.exchange(query, SIZE, Duration.ofMinutes(1))
                                .join();
                        assertThat(response).isEqualTo(query);
                    }
                    done.complete(null);
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        clients.forEach(CompletableFuture::join);
    }

    private DatagramPacket answerNext() throws IOException {
        CompletableFuture<byte[]> response = ask();
        DatagramPacket query = receive();
        send(query, query.getData());
        assertThat(response.join()).isEqualTo(query.getData());
        return query;
    }

    private CompletableFuture<byte[]> ask() {
        return sockets.exchange(query(), SIZE, TIMEOUT);
    }

    private byte[] query() {
        return ByteBuffer.allocate(SIZE)
                .putShort((short) ids.incrementAndGet())
                .putInt(12, ids.get())
                .array();
    }

    private static byte[] withOtherId(DatagramPacket query) {
        byte[] response = query.getData().clone();
        response[1]++;
        return response;
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
        server.receive(packet);
        return packet;
    }

    private void send(DatagramPacket query, byte[] response) throws IOException {
        server.send(new DatagramPacket(response, response.length, query.getSocketAddress()));
    }

    private static Throwable failure(CompletableFuture<byte[]> response) {
        try {
            throw new AssertionError("answered with " + response.join().length + " octets");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
