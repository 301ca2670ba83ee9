package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback that sends what it likes: whatever arrives becomes an answer, never an exception. */
class HostileServerTest {

    private static final Name NAME = DomainNames.of("example.org");

    /** For servers whose answers are not taken: then no answer in time is as right as a bad one. */
    private static final Duration BRIEF = Duration.ofMillis(200);

    /** For an answer that must arrive, however busy the machine is. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final byte[] ADDRESS = {(byte) 192, 0, 2, 1};

    @Test
    void acceptsValidAnswer() throws IOException {
        assertThat(ask(HostileServerTest::honest, LONG)).isInstanceOf(Records.class);
    }

    @Test
    void reportsTimeoutWithoutResponse() throws IOException {
        assertThat(causeOf(query -> new byte[0])).isEqualTo(Cause.TIMEOUT);
    }

    @Test
    void ignoresAnswerWithOtherId() throws IOException {
        assertThat(ask(query -> {
                    byte[] answer = honest(query);
                    answer[0] ^= 1;
                    return answer;
                }))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void dropsForgedResponseAndWaitsForAnswer() throws IOException {
        assertThat(ask(
                        query -> {
                            byte[] forged = honest(query);
                            forged[0] ^= 1;
                            return forged;
                        },
                        HostileServerTest::honest,
                        LONG))
                .isInstanceOf(Records.class);
    }

    @Test
    void ignoresAnswerToOtherQuery() throws IOException {
        assertThat(ask(query -> {
                    byte[] answer = honest(query);
                    answer[13] = 'q';
                    return answer;
                }))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void ignoresCutMessage() throws IOException {
        for (int length : new int[] {1, 11, 12, 20, 40}) {
            assertThat(ask(query -> Arrays.copyOf(honest(query), length)))
                    .as("%d octets", length)
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void ignoresSelfReferencingName() throws IOException {
        assertThat(ask(query -> {
                    byte[] answer = honest(query);
                    // The answer's owner name, a compression pointer, follows the question; now it refers to itself.
                    int owner = 12 + NAME.length() + 4;
                    assertThat(answer[owner]).isEqualTo((byte) 0xc0);
                    answer[owner + 1] = (byte) owner;
                    return answer;
                }))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void truncatedAnswerWithoutTcpIsUnavailable() throws IOException {
        assertThat(ask(query -> {
                    byte[] answer = honest(query);
                    answer[2] |= 2;
                    return answer;
                }))
                .isInstanceOf(Unavailable.class);
    }

    @Property(tries = 200)
    void damagedAnswerNeverThrows(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        DnsAnswer answer = ask(query -> {
            byte[] octets = honest(query);
            // The id and the question stay, so that the rest is looked at.
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                int at = 2 + random.nextInt(octets.length - 2);
                octets[at] = (byte) random.nextInt(256);
            }
            return octets;
        });
        assertThat(answer).isNotNull();
    }

    private static Cause causeOf(UnaryOperator<byte[]> server) throws IOException {
        return ((Unavailable) ask(server)).cause();
    }

    private static DnsAnswer ask(UnaryOperator<byte[]> server) throws IOException {
        return ask(server, BRIEF);
    }

    private static DnsAnswer ask(UnaryOperator<byte[]> server, Duration timeout) throws IOException {
        return ask(query -> new byte[0], server, timeout);
    }

    private static DnsAnswer ask(UnaryOperator<byte[]> before, UnaryOperator<byte[]> server, Duration timeout)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            AtomicReference<Throwable> serverFailure = new AtomicReference<>();
            Thread serving = new Thread(() -> serve(socket, before, server));
            serving.setUncaughtExceptionHandler((thread, failure) -> serverFailure.set(failure));
            serving.setDaemon(true);
            serving.start();
            UdpThenTcp resolver =
                    UdpThenTcp.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
            resolver.setTimeout(timeout);
            DnsAnswer answer = ResolverDnsClient.of(resolver)
                    .query(NAME, Type.A)
                    .toCompletableFuture()
                    .join();
            assertThat(serverFailure).hasValue(null);
            return answer;
        }
    }

    private static void serve(DatagramSocket socket, UnaryOperator<byte[]> before, UnaryOperator<byte[]> server) {
        byte[] buffer = new byte[1500];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] query = Arrays.copyOf(buffer, packet.getLength());
                for (UnaryOperator<byte[]> response : List.of(before, server)) {
                    byte[] answer = response.apply(query);
                    if (answer.length > 0) {
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static byte[] honest(byte[] query) {
        try {
            Message asked = new Message(query);
            Message answer = new Message(asked.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(asked.getQuestion(), Section.QUESTION);
            answer.addRecord(Record.newRecord(NAME, Type.A, DClass.IN, 60, ADDRESS), Section.ANSWER);
            return answer.toWire();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
