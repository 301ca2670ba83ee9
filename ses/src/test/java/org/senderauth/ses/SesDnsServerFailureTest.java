package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What the listeners survive, and what they report when they do not. */
@Timeout(120)
class SesDnsServerFailureTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int FAILURES = 3;

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final SesZone zone = SesZone.builder(SesFixture.ses(clock).build(), "ns1.example.org")
            .domain("example.org")
            .build();
    private final BlockingQueue<Throwable> terminated = new LinkedBlockingQueue<>();

    /** An executor to which the system gives no thread for the first tasks. */
    private static final class ScarceThreads extends AbstractExecutorService {

        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicInteger tasks = new AtomicInteger();

        @Override
        public void execute(Runnable task) {
            if (tasks.incrementAndGet() <= FAILURES) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(task);
        }

        @Override
        public void shutdown() {
            threads.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return threads.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return threads.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return threads.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return threads.awaitTermination(timeout, unit);
        }
    }

    private static byte[] query() throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString("_spf_verify.example.org."), Type.SOA, DClass.IN))
                .toWire();
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) Await.LIMIT.toMillis());
        return socket;
    }

    @Test
    void tcpAnswersAgainOnceThreadsAreAvailable() throws Exception {
        ExecutorService scarce = new ScarceThreads();
        // One slot: a failed connection that is still counted would be the last.
        TcpListener listener = TcpListener.open(ANY_PORT, new DnsResponder(zone), scarce, 1, 1, Duration.ofHours(1));
        Thread acceptor = new Thread(listener);
        acceptor.start();
        try {
            for (int i = 0; i < FAILURES; i++) {
                try (Socket socket = connect(listener.address())) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            }
            try (Socket socket = connect(listener.address())) {
                byte[] query = query();
                socket.getOutputStream().write(new byte[] {(byte) (query.length >> 8), (byte) query.length});
                socket.getOutputStream().write(query);
                assertThat(new DataInputStream(socket.getInputStream()).readUnsignedShort())
                        .isPositive();
            }
            assertThat(acceptor.isAlive()).isTrue();
        } finally {
            listener.close();
            listener.abort();
            scarce.shutdownNow();
            acceptor.join();
        }
    }

    // The zone asks the clock for each signature, which is where an error is put in.
    private SesDnsServer.Builder failing(BlockingQueue<Error> errors) {
        Ses ses = Ses.builder()
                .keyring(SesFixture.keyring())
                .serialNumbers(SesFixture.counting())
                .clock(() -> {
                    Error error = errors.poll();
                    if (error != null) {
                        throw error;
                    }
                    return clock.instant();
                })
                .build();
        SesZone broken =
                SesZone.builder(ses, "ns1.example.org").domain("example.org").build();
        return SesDnsServer.builder(broken).udpThreads(1).onTermination(terminated::add);
    }

    private void send(InetSocketAddress server, DatagramSocket socket) throws IOException {
        String name = SesFixture.ses(clock).build().sign(SesFixture.ALICE).localPart() + "._spf_verify.example.org.";
        byte[] query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN))
                .toWire();
        socket.send(new DatagramPacket(query, query.length, server));
    }

    @Test
    void udpAnswersAgainAfterMemoryRanOut() throws Exception {
        BlockingQueue<Error> errors = new LinkedBlockingQueue<>(List.of(new OutOfMemoryError("Java heap space")));
        try (SesDnsServer server = failing(errors).start(ANY_PORT);
                DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
            send(server.address(), socket);
            send(server.address(), socket);
            socket.receive(new DatagramPacket(new byte[512], 512));
            assertThat(errors).isEmpty();
            assertThat(terminated).isEmpty();
        }
        assertThat(terminated).isEmpty();
    }

    @Test
    void udpReportsThatAnErrorEndedIt() throws Exception {
        BlockingQueue<Error> errors = new LinkedBlockingQueue<>(List.of(new NoClassDefFoundError("gone")));
        try (SesDnsServer server = failing(errors).start(ANY_PORT);
                DatagramSocket socket = new DatagramSocket()) {
            send(server.address(), socket);
            assertThat(terminated.poll(60, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class);
            // Its port is free, so that queries are refused and not swallowed.
            new DatagramSocket(server.address()).close();
        }
    }
}
