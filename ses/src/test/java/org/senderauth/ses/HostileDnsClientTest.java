package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A client that means harm, over real packets. After each of its tricks an honest question is answered as ever. */
@Timeout(300)
class HostileDnsClientTest {

    private static final int HONEST_ID = 0xbeef;
    private static final int HEADER = 12;
    private static final int PATIENCE_MILLIS = (int) Await.LIMIT.toMillis();

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final SesZone zone = SesZone.builder(SesFixture.ses(clock).build(), "ns1.example.org")
            .domain("example.org")
            .build();
    private SesDnsServer server;

    private void start(Consumer<SesDnsServer.Builder> settings) throws IOException {
        // One thread answers in the order of the questions, so an honest one after a trick shows that it was ignored.
        SesDnsServer.Builder builder = SesDnsServer.builder(zone)
                .nanoTime(clock::nanoTime)
                .udpThreads(1)
                .rate(0)
                .tcpTimeout(Duration.ofHours(1));
        settings.accept(builder);
        server = builder.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static byte[] honest() throws IOException {
        Message query = query("_spf_verify.example.org.", Type.SOA);
        query.getHeader().setID(HONEST_ID);
        return query.toWire();
    }

    private static byte[] octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return octets;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A header with the counts of questions, answers, authority and additional records. */
    private static byte[] header(int questions, int answers, int authority, int additional) {
        return octets(
                0x12,
                0x34,
                1,
                0,
                questions >> 8,
                questions,
                answers >> 8,
                answers,
                authority >> 8,
                authority,
                additional >> 8,
                additional);
    }

    private static byte[] name(int labels, int length) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int i = 0; i < labels; i++) {
            name.write(length);
            name.writeBytes("x".repeat(length).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        name.write(0);
        return name.toByteArray();
    }

    /** Bytes that no client should send, each with its purpose. */
    private static Map<String, byte[]> tricks() throws IOException {
        Map<String, byte[]> tricks = new LinkedHashMap<>();
        byte[] good = query("SES=FZL8-J65IZ_GHGTQS=alice._spf_verify.example.org.", Type.A)
                .toWire();
        for (int length = 0; length < good.length; length++) {
            tricks.put("cut to " + length, Arrays.copyOf(good, length));
        }
        byte[] type = octets(0, 1, 0, 1);
        tricks.put("pointer to itself", concat(header(1, 0, 0, 0), octets(0xc0, HEADER), type));
        tricks.put("pointers to each other", concat(header(1, 0, 0, 0), octets(0xc0, HEADER + 2, 0xc0, HEADER), type));
        tricks.put("label, then back to it", concat(header(1, 0, 0, 0), octets(1, 'x', 0xc0, HEADER), type));
        tricks.put("pointer forward", concat(header(1, 0, 0, 0), octets(0xc0, 200), type));
        tricks.put("pointer into the header", concat(header(1, 0, 0, 0), octets(0xc0, 0), type));
        tricks.put("reserved label type", concat(header(1, 0, 0, 0), octets(0x80, 0), type));
        tricks.put("name of 256 octets", concat(header(1, 0, 0, 0), name(4, 63), type));
        tricks.put("name of 1000 octets", concat(header(1, 0, 0, 0), name(15, 63), type));
        tricks.put("name of 127 labels", concat(header(1, 0, 0, 0), name(127, 1), type));
        tricks.put("no question", header(0, 0, 0, 0));
        tricks.put("65535 questions and one", concat(header(65_535, 0, 0, 0), name(1, 1), type));
        byte[][] questions = new byte[200][];
        Arrays.fill(questions, concat(name(1, 1), type));
        tricks.put("200 questions", concat(header(200, 0, 0, 0), concat(questions)));
        tricks.put("records that are not there", concat(header(1, 65_535, 65_535, 65_535), name(1, 1), type));
        Message options = query("_spf_verify.example.org.", Type.A);
        for (int i = 0; i < 100; i++) {
            options.addRecord(new OPTRecord(65_535, 0, 0, 0), Section.ADDITIONAL);
        }
        tricks.put("100 OPT records", options.toWire());
        for (int version = 1; version < 256; version += 127) {
            Message future = query("_spf_verify.example.org.", Type.A);
            future.addRecord(new OPTRecord(0, 255, version, 0xffff), Section.ADDITIONAL);
            tricks.put("EDNS version " + version, future.toWire());
        }
        for (int asked : new int[] {Type.ANY, Type.AXFR, Type.IXFR, Type.DNSKEY, Type.RRSIG, Type.OPT, 0, 65_535}) {
            tricks.put("type " + asked, concat(header(1, 0, 0, 0), name(1, 1), octets(asked >> 8, asked, 0, 1)));
            Message apex = query("_spf_verify.example.org.", Type.A);
            byte[] wire = apex.toWire();
            wire[wire.length - 4] = (byte) (asked >> 8);
            wire[wire.length - 3] = (byte) asked;
            tricks.put("type " + asked + " of the apex", wire);
        }
        for (int opcode = 1; opcode < 16; opcode++) {
            byte[] wire = good.clone();
            wire[2] = (byte) (opcode << 3);
            tricks.put("opcode " + opcode, wire);
        }
        byte[] answer = good.clone();
        answer[2] |= (byte) 0x80;
        tricks.put("an answer", answer);
        byte[] junk = new byte[2000];
        Arrays.fill(junk, (byte) 0xff);
        junk[2] = 0;
        tricks.put("2000 octets of ones", junk);
        return tricks;
    }

    /** What comes back until the answer to the honest question; sent from one socket, in this order. */
    private List<byte[]> answersBeforeTheHonestOne(DatagramSocket socket) throws IOException {
        List<byte[]> answers = new ArrayList<>();
        socket.setSoTimeout(PATIENCE_MILLIS);
        byte[] honest = honest();
        socket.send(new DatagramPacket(honest, honest.length, server.address()));
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(packet);
            byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
            if ((answer[0] & 0xff) << 8 == (HONEST_ID & 0xff00) && (answer[1] & 0xff) == (HONEST_ID & 0xff)) {
                assertThat(new Message(answer).getRcode()).isEqualTo(Rcode.NOERROR);
                return answers;
            }
            answers.add(answer);
        }
    }

    @Test
    void tricksByUdpGetOneSmallAnswerOrNone() throws IOException {
        start(builder -> {});
        try (DatagramSocket socket = new DatagramSocket()) {
            for (Map.Entry<String, byte[]> trick : tricks().entrySet()) {
                byte[] sent = trick.getValue();
                socket.send(new DatagramPacket(sent, sent.length, server.address()));
                List<byte[]> answers = answersBeforeTheHonestOne(socket);
                assertThat(answers).as(trick.getKey()).hasSizeLessThanOrEqualTo(1);
                for (byte[] answer : answers) {
                    assertThat(answer.length).as(trick.getKey()).isLessThanOrEqualTo(sent.length * 5 / 2);
                    assertThat(new Message(answer).getHeader().getFlag(Flags.QR))
                            .isTrue();
                    assertThat(new Message(answer).getSection(Section.ANSWER)).isEmpty();
                }
            }
        }
    }

    @Test
    void tricksByTcpEndTheirOwnConnectionAtMost() throws IOException {
        start(builder -> {});
        Map<String, byte[]> tricks = tricks();
        tricks.put("65535 octets", new byte[65_535]);
        for (Map.Entry<String, byte[]> trick : tricks.entrySet()) {
            try (Socket socket = connect(null)) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.write(framed(trick.getValue()));
                socket.shutdownOutput();
                byte[] all = socket.getInputStream().readAllBytes();
                assertThat(all.length).as(trick.getKey()).isLessThanOrEqualTo(600);
            } catch (SocketException reset) {
                // The server closed the connection before it read everything.
                assertThat(reset).isNotNull();
            }
            assertHonestIsAnsweredByTcp();
        }
    }

    @Test
    void burstOfForgedSourcesHasOneAllowanceForEachNetwork() throws IOException {
        start(builder -> builder.rate(20));
        byte[] query = query("_spf_verify.example.org.", Type.SOA).toWire();
        int full = 0;
        int truncated = 0;
        List<DatagramSocket> sockets = new ArrayList<>();
        // Of another network: when it has its answer, what was sent before has been dealt with.
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress("127.0.8.1", 0))) {
            for (int host = 1; host <= 60; host++) {
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.7." + host, 0));
                sockets.add(socket);
                for (int i = 0; i < 5; i++) {
                    socket.send(new DatagramPacket(query, query.length, server.address()));
                }
                // No more at once than a system keeps for a server that is slow.
                if (host % 10 == 0) {
                    assertThat(answersBeforeTheHonestOne(other)).isEmpty();
                }
            }
            for (DatagramSocket socket : sockets) {
                socket.setSoTimeout(1);
                for (byte[] answer = receive(socket); answer != null; answer = receive(socket)) {
                    if (new Message(answer).getHeader().getFlag(Flags.TC)) {
                        assertThat(answer.length).isLessThanOrEqualTo(query.length);
                        truncated++;
                    } else {
                        full++;
                    }
                }
            }
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
        assertThat(full).isEqualTo(20);
        assertThat(truncated).isEqualTo(140);
    }

    private static byte[] receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        try {
            socket.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        } catch (SocketTimeoutException nothing) {
            return null;
        }
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        if (from != null) {
            socket.bind(new InetSocketAddress(from, 0));
        }
        socket.connect(server.address());
        return socket;
    }

    private static byte[] framed(byte[] query) {
        return concat(octets(query.length >> 8, query.length), query);
    }

    private void assertHonestIsAnsweredByTcp() throws IOException {
        try (Socket socket = connect(null)) {
            socket.getOutputStream().write(framed(honest()));
            assertThat(readAnswer(socket).getRcode()).isEqualTo(Rcode.NOERROR);
        }
    }

    /** For a server that cuts off honest clients too, where they are slow: these ask again. */
    private void awaitHonestIsAnsweredByTcp() throws IOException {
        long end = System.nanoTime() + Await.LIMIT.toNanos();
        while (true) {
            try {
                assertHonestIsAnsweredByTcp();
                return;
            } catch (IOException cutOff) {
                if (System.nanoTime() > end) {
                    throw cutOff;
                }
            }
        }
    }

    private static Message readAnswer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        return new Message(answer);
    }

    @Test
    void closesDrippingTcpClient() throws IOException {
        start(builder -> builder.tcpTimeout(Duration.ofMillis(300)));
        try (Socket socket = connect(null)) {
            socket.setSoTimeout(10);
            OutputStream out = socket.getOutputStream();
            out.write(octets(0xff, 0xff));
            boolean open = true;
            while (open) {
                try {
                    out.write(0);
                    open = socket.getInputStream().read() >= 0;
                } catch (SocketTimeoutException stillThere) {
                    open = true;
                } catch (SocketException reset) {
                    open = false;
                }
            }
        }
        awaitHonestIsAnsweredByTcp();
    }

    @Test
    void tcpClientThatTakesNoAnswersIsCutOff() throws IOException {
        start(builder -> builder.tcpTimeout(Duration.ofMillis(300)));
        byte[] query =
                framed(query("x".repeat(60) + ("." + "y".repeat(60)).repeat(2) + "._spf_verify.example.org.", Type.A)
                        .toWire());
        byte[] many = new byte[query.length * 10_000];
        for (int i = 0; i < many.length; i += query.length) {
            System.arraycopy(query, 0, many, i, query.length);
        }
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1024);
            socket.connect(server.address());
            // Ends only because the server closes the connection with these bytes unread.
            boolean cutOff = false;
            try {
                while (!cutOff) {
                    socket.getOutputStream().write(many);
                }
            } catch (SocketException hungUp) {
                cutOff = true;
            }
            assertThat(cutOff).isTrue();
        }
        awaitHonestIsAnsweredByTcp();
    }

    @Test
    void connectionsAreBoundedInAllAndFreedAgain() throws IOException {
        start(builder -> builder.connections(8, 2));
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = connect("127.0.0." + (10 + i / 2));
                open.add(socket);
                socket.getOutputStream().write(framed(honest()));
                assertThat(readAnswer(socket).getRcode()).isEqualTo(Rcode.NOERROR);
            }
            for (int i = 0; i < 20; i++) {
                try (Socket oneMore = connect("127.0.0.100")) {
                    assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
                }
            }
        } finally {
            for (Socket socket : open) {
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                socket.close();
            }
        }
        assertHonestIsAnsweredByTcp();
    }
}
