package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The server over real packets on loopback. */
@Timeout(300)
class SesDnsServerTest {

    private static final int PATIENCE_MILLIS = (int) Await.LIMIT.toMillis();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final Ses ses = SesFixture.ses(clock).build();
    private final SesZone zone =
            SesZone.builder(ses, "ns1.example.org").domain("example.org").build();
    private final List<SesDnsServer> servers = new ArrayList<>();

    /** A server that waits for an honest client however slow the machine is. */
    private static SesDnsServer.Builder builder(SesZone zone) {
        return SesDnsServer.builder(zone).tcpTimeout(Duration.ofHours(1)).stopTime(Await.LIMIT);
    }

    private SesDnsServer start(SesDnsServer.Builder builder) throws IOException {
        SesDnsServer server = builder.start(ANY_PORT);
        servers.add(server);
        return server;
    }

    @AfterEach
    void stop() throws IOException {
        for (SesDnsServer server : servers) {
            server.close();
        }
    }

    private byte[] question(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN))
                .toWire();
    }

    private String signedName() {
        return ses.sign(SesFixture.ALICE).localPart() + "._spf_verify.example.org.";
    }

    private static Message askUdp(SesDnsServer server, byte[] query) throws IOException {
        return askUdp(server.address(), query);
    }

    private static Message askUdp(InetSocketAddress address, byte[] query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.send(new DatagramPacket(query, query.length, address));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            socket.receive(answer);
            return new Message(java.util.Arrays.copyOf(answer.getData(), answer.getLength()));
        }
    }

    private static Socket connect(SesDnsServer server) throws IOException {
        return connect(server.address());
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static byte[] framed(byte[] query) {
        byte[] framed = new byte[query.length + 2];
        framed[0] = (byte) (query.length >> 8);
        framed[1] = (byte) query.length;
        System.arraycopy(query, 0, framed, 2, query.length);
        return framed;
    }

    private static Message readTcp(DataInputStream in) throws IOException {
        byte[] answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        return new Message(answer);
    }

    @Test
    void validSignatureIsAnsweredByUdpOnEveryThread() throws IOException {
        SesDnsServer server = start(builder(zone).udpThreads(4).rate(0));
        String name = signedName();
        for (int i = 0; i < 40; i++) {
            Message answer = askUdp(server, question(name, Type.A));
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answer.getSection(Section.ANSWER).get(0).rdataToString()).isEqualTo("127.0.0.2");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "0.0.0.0, 127.0.0.1", "0.0.0.0, ::1", "::, 127.0.0.1", "::, ::1", "::1, ::1"})
    void everyAddressThatIsBoundIsAnswered(String bound, String asked) throws IOException {
        InetAddress client = InetAddress.getByName(asked);
        Assumptions.assumeTrue(hasAddress(client), "this host has no " + asked);
        SesDnsServer server = builder(zone).start(new InetSocketAddress(InetAddress.getByName(bound), 0));
        servers.add(server);
        InetSocketAddress address =
                new InetSocketAddress(client, server.address().getPort());
        byte[] query = question(signedName(), Type.A);
        assertThat(askUdp(address, query).getSection(Section.ANSWER)).hasSize(1);
        try (Socket socket = connect(address)) {
            socket.getOutputStream().write(framed(query));
            assertThat(readTcp(new DataInputStream(socket.getInputStream())).getSection(Section.ANSWER))
                    .hasSize(1);
        }
    }

    private static boolean hasAddress(InetAddress address) {
        try (DatagramSocket socket = new DatagramSocket(0, address)) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    void severalQueriesGoOverOneTcpConnection() throws IOException {
        SesDnsServer server = start(builder(zone).udpThreads(1));
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] one = framed(question(signedName(), Type.A));
            // Two at once, then one octet by octet.
            byte[] two = new byte[one.length * 2];
            System.arraycopy(one, 0, two, 0, one.length);
            System.arraycopy(one, 0, two, one.length, one.length);
            out.write(two);
            for (int i = 0; i < 2; i++) {
                assertThat(readTcp(in).getSection(Section.ANSWER)).hasSize(1);
            }
            for (byte octet : one) {
                out.write(octet);
                out.flush();
            }
            assertThat(readTcp(in).getSection(Section.ANSWER)).hasSize(1);
        }
    }

    @Test
    void silentOrHalfSpokenTcpClientIsCutOff() throws IOException {
        SesDnsServer server = start(builder(zone).tcpTimeout(Duration.ofMillis(50)));
        for (byte[] start : new byte[][] {{}, {0}, {0, 50}, {0, 50, 1, 2, 3}, {0, 0}, {0, 3, 1, 2, 3}}) {
            try (Socket socket =
                    new Socket(server.address().getAddress(), server.address().getPort())) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write(start);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException reset) {
                // So is a client that spoke when its time was over already.
                assertThat(reset.getMessage()).containsAnyOf("reset", "Broken pipe");
            }
        }
    }

    @Test
    void connectionsAreBoundedForOneClient() throws IOException {
        SesDnsServer server = start(builder(zone).connections(10, 2));
        InetSocketAddress address = server.address();
        byte[] query = framed(question("x._spf_verify.example.org.", Type.A));
        try (Socket first = new Socket(address.getAddress(), address.getPort());
                Socket second = new Socket(address.getAddress(), address.getPort())) {
            for (Socket socket : List.of(first, second)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write(query);
                readTcp(new DataInputStream(socket.getInputStream()));
            }
            try (Socket third = new Socket(address.getAddress(), address.getPort())) {
                third.setSoTimeout(PATIENCE_MILLIS);
                assertThat(third.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void answersAllPipelinedQueriesInOrder() throws Exception {
        SesDnsServer server = start(builder(zone));
        int count = 20_000;
        byte[] query = framed(question("_spf_verify.example.org.", Type.SOA));
        try (Socket socket = connect(server)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < count; i++) {
                query[2] = (byte) (i >> 8);
                query[3] = (byte) i;
                all.writeBytes(query);
            }
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(all.toByteArray());
                    // What was asked before the end is answered.
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (int i = 0; i < count; i++) {
                assertThat(readTcp(in).getHeader().getID()).isEqualTo(i);
            }
            assertThat(in.read()).isEqualTo(-1);
            writer.join();
        }
    }

    @Test
    void answersQueryThatArrivesInSinglePackets() throws IOException {
        SesDnsServer server = start(builder(zone));
        byte[] query = framed(question("_spf_verify.example.org.", Type.SOA));
        try (Socket socket = connect(server)) {
            socket.setTcpNoDelay(true);
            for (byte part : query) {
                socket.getOutputStream().write(part);
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(readTcp(in).getRcode()).isEqualTo(Rcode.NOERROR);
            socket.getOutputStream().write(framed(new byte[65_535]));
            assertThat(readTcp(in).getRcode()).isEqualTo(Rcode.FORMERR);
        }
    }

    @Test
    void servesManyConnectionsOneAfterAnother() throws IOException {
        SesDnsServer server = start(builder(zone));
        byte[] query = framed(question("_spf_verify.example.org.", Type.SOA));
        for (int i = 0; i < Integer.getInteger("ses.connections", 500); i++) {
            try (Socket socket = connect(server)) {
                socket.getOutputStream().write(query);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                assertThat(readTcp(in).getRcode()).isEqualTo(Rcode.NOERROR);
                socket.shutdownOutput();
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void connectionEndsWithAMessageThatGetsNoAnswer() throws IOException {
        SesDnsServer server = start(builder(zone));
        byte[] answer = question("_spf_verify.example.org.", Type.SOA);
        answer[2] |= (byte) 0x80;
        for (byte[] message : new byte[][] {{}, {1, 2, 3}, answer}) {
            try (Socket socket = connect(server)) {
                socket.getOutputStream().write(framed(message));
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void tcpAnswerMayHaveMoreThan255Octets() throws IOException {
        String[] names = IntStream.range(0, 9)
                .mapToObj(i -> "a-rather-long-name-of-a-server.n" + i + ".example.net")
                .toArray(String[]::new);
        SesDnsServer server =
                start(builder(SesZone.builder(ses, names).domain("example.org").build()));
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(framed(question("_spf_verify.example.org.", Type.NS)));
            assertThat(readTcp(new DataInputStream(socket.getInputStream())).getSection(Section.ANSWER))
                    .hasSize(9);
        }
    }

    @Test
    void clientMayOpenOneConnectionForEachThatEnded() throws IOException {
        SesDnsServer server = start(builder(zone).connections(10, 2));
        byte[] query = framed(question("_spf_verify.example.org.", Type.SOA));
        try (Socket first = connect(server);
                Socket second = connect(server)) {
            for (Socket socket : List.of(first, second)) {
                socket.getOutputStream().write(query);
                readTcp(new DataInputStream(socket.getInputStream()));
            }
            first.shutdownOutput();
            assertThat(first.getInputStream().read()).isEqualTo(-1);
            try (Socket third = connect(server);
                    Socket fourth = connect(server)) {
                third.getOutputStream().write(query);
                readTcp(new DataInputStream(third.getInputStream()));
                assertThat(fourth.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void closesConnectionWithoutThread() throws Exception {
        ExecutorService none = Executors.newSingleThreadExecutor();
        none.shutdown();
        TcpListener listener = TcpListener.open(ANY_PORT, new DnsResponder(zone), none, 1, 1, Duration.ofHours(1));
        Thread acceptor = new Thread(listener);
        acceptor.start();
        try {
            for (int i = 0; i < 3; i++) {
                try (Socket socket = connect(listener.address())) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            }
        } finally {
            listener.close();
            listener.abort();
            acceptor.join();
        }
    }

    @Test
    void burstGetsShortAnswersAndSilenceBeyondTheRate() throws IOException {
        SesDnsServer server =
                start(builder(zone).rate(10).nanoTime(clock::nanoTime).udpThreads(1));
        byte[] query = question(signedName(), Type.A);
        int full = 0;
        int truncated = 0;
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 110; i++) {
                socket.send(new DatagramPacket(query, query.length, server.address()));
            }
            socket.setSoTimeout(PATIENCE_MILLIS);
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            while (full + truncated < 60) {
                socket.receive(answer);
                Message message = new Message(java.util.Arrays.copyOf(answer.getData(), answer.getLength()));
                if (message.getHeader().getFlag(Flags.TC)) {
                    assertThat(message.getSection(Section.ANSWER)).isEmpty();
                    assertThat(answer.getLength()).isLessThanOrEqualTo(query.length);
                    truncated++;
                } else {
                    full++;
                }
            }
            socket.setSoTimeout(100);
            assertThatThrownBy(() -> socket.receive(answer)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(full).isEqualTo(10);
        assertThat(truncated).isEqualTo(50);
        clock.advance(Duration.ofSeconds(1));
        assertThat(askUdp(server, query).getHeader().getFlag(Flags.TC)).isFalse();
    }

    /** A ledger that answers on request. */
    private static final class LateLedger implements ReplayLedger {
        private final CompletableFuture<UseCount> answer = new CompletableFuture<>();
        private final CountDownLatch asked;

        LateLedger(int questions) {
            asked = new CountDownLatch(questions);
        }

        @Override
        public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
            asked.countDown();
            return answer;
        }

        @Override
        public CompletableFuture<UseCount> read(String key) {
            return answer;
        }
    }

    private SesDnsServer start(ReplayLedger ledger) throws IOException {
        Ses waiting = SesFixture.ses(clock)
                .ledger(ledger)
                .ledgerTimeout(Duration.ofMinutes(5))
                .build();
        return start(builder(SesZone.builder(waiting, "ns1.example.org")
                .domain("example.org")
                .build()));
    }

    @Test
    void stopSendsAnswersThatAwaitTheLedger() throws Exception {
        LateLedger ledger = new LateLedger(2);
        SesDnsServer server = start(ledger);
        byte[] query = question(signedName(), Type.A);
        try (DatagramSocket udp = new DatagramSocket();
                Socket tcp = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            udp.setSoTimeout(PATIENCE_MILLIS);
            tcp.setSoTimeout(PATIENCE_MILLIS);
            udp.send(new DatagramPacket(query, query.length, server.address()));
            tcp.getOutputStream().write(framed(query));
            ledger.asked.await();
            Thread stopping = stopping(server);
            // No client is accepted now: only then the ledger answers.
            Await.until("the end of accepting", () -> !accepts(server));
            ledger.answer.complete(new ReplayLedger.UseCount.Counted(1));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            udp.receive(answer);
            assertThat(new Message(answer.getData()).getSection(Section.ANSWER)).hasSize(1);
            DataInputStream in = new DataInputStream(tcp.getInputStream());
            assertThat(readTcp(in).getSection(Section.ANSWER)).hasSize(1);
            assertThat(in.read()).isEqualTo(-1);
            stopping.join();
        }
    }

    private static Thread stopping(SesDnsServer server) {
        Thread stopping = new Thread(() -> {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        stopping.start();
        return stopping;
    }

    private static boolean accepts(SesDnsServer server) {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void serverThatStopsTakesNoMoreQueriesByUdp() throws Exception {
        LateLedger ledger = new LateLedger(1);
        SesDnsServer server = start(ledger);
        try (DatagramSocket waiting = new DatagramSocket();
                DatagramSocket late = new DatagramSocket()) {
            byte[] query = question(signedName(), Type.A);
            waiting.send(new DatagramPacket(query, query.length, server.address()));
            ledger.asked.await();
            Thread stopping = stopping(server);
            Await.until("the end of accepting", () -> !accepts(server));
            query = question("_spf_verify.example.org.", Type.SOA);
            late.send(new DatagramPacket(query, query.length, server.address()));
            late.setSoTimeout(100);
            assertThatThrownBy(() -> late.receive(new DatagramPacket(new byte[512], 512)))
                    .isInstanceOf(IOException.class);
            ledger.answer.complete(new ReplayLedger.UseCount.Counted(1));
            stopping.join();
        }
    }

    @Test
    void interruptedStopEndsWorkAndKeepsInterrupt() throws Exception {
        LateLedger ledger = new LateLedger(1);
        SesDnsServer server = start(ledger);
        try (Socket tcp = connect(server)) {
            tcp.getOutputStream().write(framed(question(signedName(), Type.A)));
            ledger.asked.await();
            Thread.currentThread().interrupt();
            server.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(tcp.getInputStream().read()).isEqualTo(-1);
            ledger.answer.complete(new ReplayLedger.UseCount.Counted(1));
        }
        // The ports are free as soon as the threads that waited at them have noticed.
        Await.until("free ports", () -> !accepts(server) && isFreeForUdp(server.address()));
    }

    private static boolean isFreeForUdp(InetSocketAddress address) {
        try (DatagramSocket socket = new DatagramSocket(address)) {
            return socket.isBound();
        } catch (SocketException taken) {
            return false;
        }
    }

    @Test
    void stoppedServerLetsGoOfItsPort() throws IOException {
        SesDnsServer server = start(builder(zone));
        try (Socket idle =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            idle.setSoTimeout(PATIENCE_MILLIS);
            idle.getOutputStream().write(framed(question("x._spf_verify.example.org.", Type.A)));
            readTcp(new DataInputStream(idle.getInputStream()));
            server.close();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
        SesDnsServer again = builder(zone).start(server.address());
        servers.add(again);
        assertThat(askUdp(again, question("_spf_verify.example.org.", Type.SOA)).getRcode())
                .isEqualTo(Rcode.NOERROR);
    }

    @Test
    void takenPortIsAnError() throws IOException {
        SesDnsServer server = start(builder(zone));
        assertThatThrownBy(() -> builder(zone).start(server.address())).isInstanceOf(IOException.class);
    }

    @Test
    void singleUdpThreadNeverSharesItsPort() throws IOException {
        try (DatagramChannel other = DatagramChannel.open()) {
            other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            // Free for TCP too, and not one that the system gives to clients.
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), PeerProcess.freePort()));
            InetSocketAddress taken = (InetSocketAddress) other.getLocalAddress();
            assertThatThrownBy(() -> builder(zone).udpThreads(1).start(taken)).isInstanceOf(IOException.class);
            try (ServerSocket free = new ServerSocket()) {
                free.bind(taken);
            }
        }
    }

    @Test
    void threadsOfTheServerKeepNoJvmAlive() throws IOException {
        SesDnsServer server = start(builder(zone));
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(framed(question("_spf_verify.example.org.", Type.SOA)));
            readTcp(new DataInputStream(socket.getInputStream()));
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("ses-dns"))
                    .toList();
            assertThat(threads).extracting(Thread::getName).contains("ses-dns", "ses-dns-watchdog");
            assertThat(threads).allMatch(Thread::isDaemon);
        }
    }

    @Test
    void leastAndMostAreAllowed() throws IOException {
        SesDnsServer server =
                start(builder(zone).rate(1_000_000).connections(1, 1).udpThreads(1));
        byte[] query = question("_spf_verify.example.org.", Type.SOA);
        assertThat(askUdp(server, query).getRcode()).isEqualTo(Rcode.NOERROR);
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(framed(query));
            assertThat(readTcp(new DataInputStream(socket.getInputStream())).getRcode())
                    .isEqualTo(Rcode.NOERROR);
        }
    }

    @Test
    void misuseSaysWhatToDo() {
        SesDnsServer.Builder builder = builder(zone);
        assertThatThrownBy(() -> builder.rate(-1)).hasMessageContaining("rate must be between 0 and 1000000, was ");
        assertThatThrownBy(() -> builder.rate(1_000_001))
                .hasMessageContaining("rate must be between 0 and 1000000, was ");
        assertThatThrownBy(() -> builder.connections(0, 1)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> builder.connections(1, 0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> builder.tcpTimeout(Duration.ZERO))
                .hasMessageContaining("tcpTimeout must be between 1 ms and 1 day");
        assertThatThrownBy(() -> builder.udpThreads(0)).hasMessageContaining("at least 1");
    }
}
