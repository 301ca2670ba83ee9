package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever clients send over the wire and however they leave, a running server answers the next one. */
class ServerFuzzTest {

    private static final String POLICY_REQUEST = "request=smtpd_access_policy\nprotocol_state=RCPT\n\n";

    private static ExecutorService pool;
    private static MtaServer policy;
    private static MtaServer socketmap;

    /** How a client leaves. */
    enum Leaving {
        CLOSING,
        HALF_CLOSING,
        RESETTING,
        READING_TO_THE_END
    }

    @BeforeContainer
    static void startServers() throws IOException {
        pool = Executors.newCachedThreadPool();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        // The clock never moves: a host that is held up for long must not end a good connection.
        policy = MtaServer.builder(new PolicyProtocol(request -> PolicyAction.DUNNO), pool)
                .nanoTime(() -> 0)
                .start(anyPort);
        Map<String, Function<String, MapReply>> maps = Map.of("sign", MapReply.Found::new);
        socketmap = MtaServer.builder(new SocketmapProtocol(maps), pool)
                .nanoTime(() -> 0)
                .start(anyPort);
    }

    @AfterContainer
    static void stopServers() {
        policy.close();
        socketmap.close();
        pool.shutdownNow();
    }

    @Provide
    Arbitrary<byte[]> wild() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(3000);
    }

    // Right requests with one piece cut out, doubled or replaced.
    @Provide
    Arbitrary<byte[]> damaged() {
        Arbitrary<String> right = Arbitraries.of(
                POLICY_REQUEST, POLICY_REQUEST.repeat(3), "6:sign a,", "6:sign a,".repeat(5), "sign a\n");
        Arbitrary<String> splinter = Arbitraries.of("", "\0", "\n", "\r\n", ",", ":", "99999999", "=", "\u00e9", " ");
        return right.flatMap(text -> Arbitraries.integers()
                .between(0, text.length())
                .flatMap(from -> Arbitraries.integers()
                        .between(from, text.length())
                        .flatMap(to -> splinter.map(piece -> (text.substring(0, from) + piece + text.substring(to))
                                .getBytes(StandardCharsets.UTF_8)))));
    }

    @Property(tries = 300)
    void anyBytesNeverStopServer(@ForAll("wild") byte[] octets, @ForAll Leaving leaving) throws IOException {
        attackBoth(octets, leaving);
    }

    @Property(tries = 700)
    void damagedRequestsNeverStopServer(@ForAll("damaged") byte[] octets, @ForAll Leaving leaving) throws IOException {
        attackBoth(octets, leaving);
    }

    private static void attackBoth(byte[] octets, Leaving leaving) throws IOException {
        for (MtaServer server : List.of(policy, socketmap)) {
            attack(server, octets, leaving);
        }
        assertThat(ask(policy, POLICY_REQUEST, "action=DUNNO\n\n".length())).isEqualTo("action=DUNNO\n\n");
        assertThat(ask(socketmap, "6:sign a,", "4:OK a,".length())).isEqualTo("4:OK a,");
    }

    private static void attack(MtaServer server, byte[] octets, Leaving leaving) {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(octets);
            switch (leaving) {
                case CLOSING -> {}
                case HALF_CLOSING -> socket.shutdownOutput();
                case RESETTING -> socket.setSoLinger(true, 0);
                case READING_TO_THE_END -> {
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
            }
        } catch (IOException closedByTheServer) {
            // As it may.
        }
    }

    private static String ask(MtaServer server, String request, int octets) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes(octets), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(MtaServer server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address());
        socket.setSoTimeout(30_000);
        return socket;
    }
}
