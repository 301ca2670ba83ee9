package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;

/** Clients of one port that are slow, idle or never read take nothing from the others. */
@Timeout(120)
class HostileClientsTest {

    private static final int LIMIT = 20;

    @TempDir
    Path folder;

    private final List<Socket> hostile = new ArrayList<>();
    private Service service;

    @BeforeEach
    void start() throws Exception {
        Path config = folder.resolve("senderauth.yaml");
        Files.writeString(config, """
                hostname: mx.example.org
                domains: [example.org]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, socketmap: inet:127.0.0.1:0, http: 127.0.0.1:0}
                limits: {connections: 400}
                steps: {spf: {mode: enforce}}
                batv: {key-file: batv.key}
                """);
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 -all\"\n");
        SecretFiles.create(folder.resolve("batv.key"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        service = Service.start(config, new PrintWriter(new StringWriter()), InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : hostile) {
            socket.close();
        }
        service.close();
    }

    private Socket connect(int listener) throws IOException {
        InetSocketAddress address = (InetSocketAddress)
                (listener < 0 ? service.httpAddress() : service.addresses().get(listener));
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(address);
        return socket;
    }

    private static String ask(Socket socket, String request, String end) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder reply = new StringBuilder();
        while (reply.indexOf(end) < 0) {
            int read = socket.getInputStream().read();
            assertThat(read).as(reply.toString()).isNotNegative();
            reply.append((char) read);
        }
        return reply.toString();
    }

    private void policyAnswers() throws IOException {
        try (Socket socket = connect(0)) {
            assertThat(ask(
                            socket,
                            "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.1\n"
                                    + "helo_name=h\nsender=bob@example.net\nrecipient=alice@example.org\n\n",
                            "\n\n"))
                    .startsWith("action=550 5.7.23 ");
        }
    }

    @Test
    void socketmapPeersThatNeverReadTakeNothingFromPolicy() throws Exception {
        byte[] requests = "22:sign alice@example.org,".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 300; i++) {
            Socket socket = connect(1);
            hostile.add(socket);
            start(() -> socket.getOutputStream().write(requests));
        }
        for (int i = 0; i < 20; i++) {
            policyAnswers();
        }
    }

    /** Each always has a request under way and room for its reply, so its thread never waits. */
    @Test
    void socketmapPeersWithoutAPauseTakeNothingFromPolicy() throws Exception {
        byte[] requests = "22:sign alice@example.org,".repeat(100).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 4; i++) {
            Socket socket = connect(1);
            hostile.add(socket);
            start(() -> {
                while (true) {
                    socket.getOutputStream().write(requests);
                }
            });
            start(() -> {
                byte[] replies = new byte[8192];
                while (socket.getInputStream().read(replies) >= 0) {
                    // Only to make room.
                }
            });
        }
        for (int i = 0; i < 20; i++) {
            policyAnswers();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // At the end of the test.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void slowHttpClientsNeverBlockHealth() throws Exception {
        for (int i = 0; i < LIMIT; i++) {
            Socket slow = connect(-1);
            hostile.add(slow);
            slow.getOutputStream().write("GET /health HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
        }
        try (Socket monitor = connect(-1)) {
            assertThat(ask(monitor, "GET /health HTTP/1.0\r\n\r\n", "ok: 2 listeners"))
                    .startsWith("HTTP/1.1 200 ");
        }
        // None of them had to end first.
        for (Socket slow : hostile) {
            slow.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> slow.getInputStream().read());
        }
    }

    @Test
    void descriptorsAreDividedBetweenListeners() {
        assertThat(DescriptorShare.connections(500, 2, 16_384)).isEqualTo(500);
        assertThat(DescriptorShare.connections(500, 2, 1_024)).isEqualTo(256);
        assertThat(DescriptorShare.connections(500, 3, 1_024)).isEqualTo(170);
        assertThat(DescriptorShare.connections(500, 3, 64)).isEqualTo(DescriptorShare.MIN);
        assertThat(DescriptorShare.connections(10, 3, Long.MAX_VALUE)).isEqualTo(10);
    }
}
