package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** The service as a separate process: an unread log, no threads, no memory, and its end. */
@Timeout(300)
class ServiceProcessTest {

    private static final int DECISIONS = 10_000;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int SIGTERM_STATUS = 128 + 15;
    // HotSpot's, for ExitOnOutOfMemoryError.
    private static final int OUT_OF_MEMORY_STATUS = 3;

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    @TempDir
    Path folder;

    private final List<Socket> sockets = new ArrayList<>();
    private int policyPort;
    private int httpPort;
    private Process process;

    @AfterEach
    void endAll() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private Path config() throws IOException {
        policyPort = PeerProcess.freePort();
        httpPort = PeerProcess.freePort();
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
        return Files.writeString(
                folder.resolve("senderauth.yaml"), """
                hostname: mx.example.org
                domains: [example.org]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:%d, http: 127.0.0.1:%d}
                limits: {deadline-seconds: %d}
                steps:
                  spf: {mode: enforce}
                """.formatted(policyPort, httpPort, DEADLINE.toSeconds()));
    }

    /** Standard output and error are unread pipes, unless the caller redirects them. */
    private ProcessBuilder java(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(options);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator,
                Path.of("target", "classes").toAbsolutePath().toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private ProcessBuilder serve(Path config, String... options) {
        List<String> all = new ArrayList<>(List.of("-Xlog:disable", "-Xmx128m"));
        all.addAll(List.of(options));
        return java(all, ServeMain.class.getName(), config.toString());
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), policyPort);
        sockets.add(socket);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        return socket;
    }

    private void awaitService() {
        Await.until("the service", () -> {
            assertThat(process.isAlive()).as(this::said).isTrue();
            try {
                connect().close();
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    // Only after its end: until then the output is unread.
    private String said() {
        try {
            return process.isAlive()
                    ? ""
                    : new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                            + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    // The first line of the answer; what has none within the deadline is a SocketTimeoutException.
    private static String decide(Socket socket, int instance) throws IOException {
        String request = "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.1\n"
                + "helo_name=h.example\nsender=bob@example.net\nrecipient=alice@example.org\ninstance=" + instance
                + "\n\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            answer.append((char) octet);
            if (answer.toString().endsWith("\n\n")) {
                break;
            }
        }
        return answer.toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int status() throws InterruptedException {
        assertThat(process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("the process ended")
                .isTrue();
        return process.exitValue();
    }

    private String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void answersAndEndsAtSigtermDespiteUnreadOutput() throws Exception {
        process = serve(config()).start();
        awaitService();
        try (Socket socket = connect()) {
            for (int i = 0; i < DECISIONS; i++) {
                assertThat(decide(socket, i)).startsWith("action=550 5.7.23 ");
            }
        }
        assertThat(get("/health")).isEqualTo("ok: 1 listener\n");
        assertThat(get("/metrics")).containsPattern("(?m)^senderauth_log_lines_dropped_total [1-9]");
        process.destroy();
        assertThat(status()).isEqualTo(SIGTERM_STATUS);
    }

    @Test
    void writesWhatIsQueuedBeforeItEndsAtSigterm() throws Exception {
        Path out = folder.resolve("out");
        process = serve(config()).redirectOutput(out.toFile()).start();
        awaitService();
        try (Socket socket = connect()) {
            decide(socket, 1);
        }
        process.destroy();
        assertThat(status()).isEqualTo(SIGTERM_STATUS);
        assertThat(Files.readString(out)).contains("decision action=reject ").endsWith("stopping\nstopped\n");
    }

    @Test
    void reloadsAfterTheStartWhenSighupArrivesDuringIt() throws Exception {
        Path out = folder.resolve("out");
        process = serve(config()).redirectOutput(out.toFile()).start();
        awaitService();
        assertThat(new ProcessBuilder("/bin/bash", "-c", "kill -HUP " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
        Await.until("the reload", () -> {
            assertThat(process.isAlive()).isTrue();
            return text(out).contains("reload: configuration applied");
        });
    }

    /**
     * Large stacks in a small address space: after some connections the system gives no thread, as at the limit of a
     * user or a container. No client may be left without an answer or an end of its connection.
     */
    @Test
    void endsIfThreadsStayUnavailable() throws Exception {
        assumeTrue(
                Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS,
                "connections take no threads of the system where the JVM has virtual ones");
        Path out = folder.resolve("out");
        ProcessBuilder builder = serve(config(), "-Xss512m", "-XX:ReservedCodeCacheSize=64m", "-XX:+UseSerialGC");
        List<String> limited = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -v 12000000; exec \"$@\"", "sh"));
        limited.addAll(builder.command());
        process = new ProcessBuilder(limited)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        awaitService();
        int answered = 0;
        int refused = 0;
        while (process.isAlive()) {
            try {
                Socket socket = connect();
                if (decide(socket, answered).startsWith("action=550 ")) {
                    answered++;
                } else {
                    refused++;
                }
            } catch (java.net.SocketTimeoutException silent) {
                throw new AssertionError("a client got no answer", silent);
            } catch (IOException reset) {
                refused++;
            }
        }
        assertThat(answered).isPositive();
        assertThat(refused).isPositive();
        assertThat(status()).isEqualTo(ServiceProcess.FAILED);
        assertThat(Files.readString(out))
                .contains("failed listener=\"policy on inet:127.0.0.1:" + policyPort)
                .contains("\nfatal: no thread can be started; the process ends\n");
    }

    private Path start(FailingProcess.Kind kind, String thread, String... options) throws IOException {
        Path out = folder.resolve("out");
        process = java(List.of(options), FailingProcess.class.getName(), kind.name(), thread)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        return out;
    }

    @Test
    void endsWithAMessageWhenMemoryRunsOut() throws Exception {
        Path out = start(FailingProcess.Kind.OUT_OF_MEMORY, "", "-Xmx32m", "-Xlog:disable");
        assertThat(status()).isEqualTo(OUT_OF_MEMORY_STATUS);
        assertThat(out).content().contains("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    }

    @Test
    void endsWithMessageWhenMemoryRunsOut() throws Exception {
        Path out = start(FailingProcess.Kind.OUT_OF_MEMORY, "", "-Xmx32m", "-XX:-ExitOnOutOfMemoryError");
        assertThat(status()).isEqualTo(ServiceProcess.FAILED);
        // Mostly the one that fills the memory, but any that needs some meanwhile.
        assertThat(out)
                .content()
                .containsPattern("fatal: thread \\S+ failed: java\\.lang\\.OutOfMemoryError: Java heap space");
    }

    @Test
    void endsWithAMessageWhenANeededThreadDies() throws Exception {
        Path out = start(FailingProcess.Kind.EXCEPTION, "HTTP-Dispatcher");
        assertThat(status()).isEqualTo(ServiceProcess.FAILED);
        assertThat(out)
                .content()
                .contains("fatal: thread HTTP-Dispatcher failed: java.lang.IllegalStateException: broken at ");
    }

    @Test
    void endsAtSigtermThoughTheServiceDoesNotStop() throws Exception {
        Path out = start(FailingProcess.Kind.NEVER_STOPS, "");
        Await.until("ready", () -> out.toFile().length() > 0);
        process.destroy();
        assertThat(status()).isEqualTo(SIGTERM_STATUS);
        assertThat(out).content().endsWith("stopped without waiting any longer for what is under way\n");
    }
}
