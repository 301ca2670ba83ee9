package org.senderauth.powerdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.ses.SesZone;

/** The socket. */
@Timeout(300)
class PowerDnsBackendTest {

    private static final byte[] INITIALIZE = "{\"method\":\"initialize\"}\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ANSWER = "{\"result\":true}\n";

    private final SesZone zone =
            RemoteProtocolTest.zone(RemoteProtocolTest.ses().build());

    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("s");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    }

    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(ANSWER.length());
        while (octets.hasRemaining() && channel.read(octets) >= 0) {}
        return new String(octets.array(), 0, octets.position(), StandardCharsets.US_ASCII);
    }

    @Test
    void requestsAreAnsweredLineByLine() throws IOException {
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone, socket());
                SocketChannel channel = connect()) {
            assertThat(backend).isNotNull();
            for (byte octet : INITIALIZE) {
                channel.write(ByteBuffer.wrap(new byte[] {octet}));
            }
            assertThat(read(channel)).isEqualTo(ANSWER);
            channel.write(ByteBuffer.wrap(INITIALIZE));
            channel.write(ByteBuffer.wrap(INITIALIZE));
            assertThat(read(channel)).isEqualTo(ANSWER);
            assertThat(read(channel)).isEqualTo(ANSWER);
        }
    }

    @Test
    void lineWithoutEndClosesTheConnection() throws IOException {
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone, socket());
                SocketChannel channel = connect()) {
            assertThat(backend).isNotNull();
            channel.write(
                    ByteBuffer.wrap(" ".repeat(PowerDnsBackend.MAX_LINE + 1).getBytes(StandardCharsets.US_ASCII)));
            assertThat(read(channel)).isEmpty();
        }
    }

    @Test
    void connectionsAreBounded() throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone, socket())) {
            assertThat(backend).isNotNull();
            for (int i = 0; i < PowerDnsBackend.MAX_CONNECTIONS; i++) {
                SocketChannel channel = connect();
                channels.add(channel);
                channel.write(ByteBuffer.wrap(INITIALIZE));
                assertThat(read(channel)).isEqualTo(ANSWER);
            }
            try (SocketChannel oneMore = connect()) {
                assertThat(read(oneMore)).isEmpty();
            }
        } finally {
            for (SocketChannel channel : channels) {
                assertThat(read(channel)).isEmpty();
                channel.close();
            }
        }
    }

    @Test
    void socketIsForOwnerAndGroupAndGoesAway() throws IOException {
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone, socket())) {
            assertThat(backend).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-rw----");
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void socketOfAnEndedProcessIsReplacedAndALivingOneIsNot() throws IOException {
        try (PowerDnsBackend first = PowerDnsBackend.start(zone, socket())) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> PowerDnsBackend.start(zone, socket()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket()));
        }
        try (PowerDnsBackend second = PowerDnsBackend.start(zone, socket())) {
            assertThat(second).isNotNull();
        }
        Files.writeString(socket(), "precious");
        assertThatThrownBy(() -> PowerDnsBackend.start(zone, socket())).isInstanceOf(IOException.class);
        assertThat(socket()).hasContent("precious");
    }
}
