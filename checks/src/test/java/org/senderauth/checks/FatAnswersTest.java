package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Zones with huge responses do not stop the service, however little memory it has: every mail is answered, other mail
 * correctly, and memory does not grow. {@code -Dfat.mails=10000} makes it longer.
 */
class FatAnswersTest {

    private static final int MAILS = Integer.getInteger("fat.mails", 500);
    private static final int CONNECTIONS = 16;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"64m", "128m", "256m"})
    void fatMailsAreAllAnsweredInLittleMemory(String heap) throws Exception {
        try (FatDnsServer dns = FatDnsServer.start();
                Peer service = new Peer(heap, dns)) {
            long first = half(service, 0);
            long second = half(service, 1);
            System.out.println(heap + ": " + MAILS + " fat mails, heap in use " + (first >> 20) + " then "
                    + (second >> 20) + " MiB");
            // Flat: what the second half leaves is no more than caches that the first did not fill.
            assertThat(second).isLessThan(first + first / 4 + (4 << 20));
        }
    }

    // The bytes in use afterwards.
    private static long half(Peer service, int number) throws Exception {
        AtomicInteger next = new AtomicInteger(number * MAILS / 2);
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            running.add(clients.submit(() -> {
                try (PolicyClient client = new PolicyClient(service.port)) {
                    for (int mail = next.getAndIncrement();
                            mail < (number + 1) * MAILS / 2;
                            mail = next.getAndIncrement()) {
                        mails(client, mail);
                    }
                }
                return null;
            }));
        }
        clients.shutdown();
        for (Future<?> client : running) {
            client.get();
        }
        return service.heapInUse();
    }

    private static void mails(PolicyClient client, int number) throws IOException {
        String fat = client.ask("198.51.100.7", "mail@" + "abcbc".charAt(number % 5) + number + ".fat.example");
        assertThat(fat)
                .as("fat mail %d is no reason for a permanent refusal", number)
                .doesNotContain("=5");
        if (number % 5 == 0) {
            String honest = "mail@h" + number + ".honest.example";
            assertThat(client.ask("192.0.2.10", honest))
                    .startsWith("action=PREPEND")
                    .contains("spf=pass");
            assertThat(client.ask("198.51.100.8", honest)).startsWith("action=550");
        }
    }

    /** The service in a process of its own. */
    private final class Peer implements AutoCloseable {

        final int port;
        private final Process process;
        private final BufferedReader output;

        Peer(String heap, FatDnsServer dns) throws IOException {
            Path config = Files.writeString(folder.resolve("senderauth.yaml"), """
                    hostname: mx.example.org
                    domains: [example.org]
                    dns: {server: "127.0.0.1:%d"}
                    listen: {policy: inet:127.0.0.1:0}
                    steps:
                      spf: {mode: enforce}
                    """.formatted(
                            dns.address().getPort()));
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + heap,
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            MeasuredService.class.getName(),
                            config.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            assertThat(line).as("the port of the service").isNotNull();
            port = Integer.parseInt(line);
        }

        long heapInUse() throws IOException {
            OutputStream input = process.getOutputStream();
            input.write('\n');
            input.flush();
            String line = output.readLine();
            assertThat(line).as("the service lives").isNotNull();
            return Long.parseLong(line);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** A connection as Postfix keeps it. */
    private static final class PolicyClient implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;
        private int instance;

        PolicyClient(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String ask(String client, String sender) throws IOException {
            String request = "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=" + client
                    + "\nhelo_name=client.example.com\nsender=" + sender + "\nrecipient=alice@example.org\ninstance="
                    + socket.getLocalPort() + "." + instance++ + "\n\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = in.readLine();
            assertThat(answer).as("the answer to " + sender).isNotNull();
            assertThat(in.readLine()).isEmpty();
            return answer;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
