package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SecretKeys;
import org.senderauth.testkit.Await;

@Timeout(120)
class WebServerTest {

    private static final String TOKEN = "a token of the test";
    private static final String SECRET = "alice@example.org";

    private final AtomicInteger answered = new AtomicInteger();
    private WebServer server;
    private WebClient client;

    private final Pages pages = request -> {
        answered.incrementAndGet();
        return WebResponse.html(
                200,
                SECRET + " " + request.user() + " <input name=\"form-token\" value=\"" + request.formToken() + "\">");
    };

    private void start(SocketAddress address, WebServer.Times times) throws IOException {
        server = WebServer.start(
                new WebSettings(
                        address,
                        SecretKeys.of(TOKEN.getBytes(StandardCharsets.US_ASCII)),
                        Set.of("senderauth.example.org"),
                        "X-Remote-User"),
                PosixFilePermissions.fromString("rw-rw----"),
                pages,
                times);
        if (server.address() instanceof InetSocketAddress inet) {
            client = new WebClient(inet, TOKEN);
        }
    }

    private void start() throws IOException {
        start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), WebServer.Times.DEFAULT);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void servesWithTheToken() throws Exception {
        start();
        WebClient.Response page = client.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).startsWith(SECRET + " token");
    }

    @Test
    void withoutTheTokenThereIsNoInformation() throws Exception {
        start();
        for (String path : List.of("/", "/style.css", "/decisions", "/nowhere")) {
            WebClient.Response page = client.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(page.status()).isEqualTo(401);
            assertThat(page.body()).isEqualTo("unauthorized\n");
            assertThat(page.header()).doesNotContainIgnoringCase("senderauth").doesNotContainIgnoringCase("jetty");
        }
        assertThat(answered).hasValue(0);
    }

    @Test
    void everyResponseHasTheStrictHeaderFields() throws Exception {
        start();
        List<WebClient.Response> responses = List.of(
                client.get("/"),
                client.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                client.raw("GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n"),
                client.post("/", "wrong", Map.of()));
        assertThat(responses).extracting(WebClient.Response::status).containsExactly(200, 401, 421, 403);
        for (WebClient.Response response : responses) {
            assertThat(response.field("Content-Security-Policy"))
                    .contains("default-src 'none'")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe")
                    .doesNotContain("script");
            assertThat(response.field("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(response.field("Cache-Control")).isEqualTo("no-store");
            assertThat(response.field("Referrer-Policy")).isEqualTo("same-origin");
            assertThat(response.field("Connection")).isEqualTo("close");
        }
    }

    @Test
    void rejectsAnotherHostAndAnotherSitesPost() throws Exception {
        start();
        String auth = "Authorization: Bearer " + TOKEN + "\r\n";
        assertThat(client.raw("GET / HTTP/1.1\r\nHost: attacker.example\r\n" + auth + "\r\n")
                        .status())
                .isEqualTo(421);
        String token = client.get("/").formToken();
        String form = "form-token=" + token;
        String post = "POST / HTTP/1.1\r\nHost: localhost\r\n" + auth
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length() + "\r\n";
        int before = answered.get();
        assertThat(client.raw(post + "Origin: https://attacker.example\r\n\r\n" + form)
                        .status())
                .isEqualTo(403);
        assertThat(client.raw(post + "Sec-Fetch-Site: cross-site\r\n\r\n" + form)
                        .status())
                .isEqualTo(403);
        assertThat(client.post("/", "0".repeat(64), Map.of()).status()).isEqualTo(403);
        assertThat(client.raw(post.replace("x-www-form-urlencoded", "json") + "\r\n" + form)
                        .status())
                .isEqualTo(415);
        assertThat(answered).hasValue(before);
        assertThat(client.post("/", token, Map.of()).status()).isEqualTo(200);
        assertThat(client.raw(post + "Origin: http://localhost:9798\r\n\r\n" + form)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET http://attacker.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%2e%2e/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /?a=%ff%fe HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                        + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99999999\r\n\r\n"
            })
    void oddRequestsAreRejectedAndTellNothing(String request) throws Exception {
        start();
        WebClient.Response response = client.raw(request);
        assertThat(response.status()).isBetween(400, 499);
        assertThat(response.body()).doesNotContain(SECRET).doesNotContainIgnoringCase("jetty");
        assertThat(answered).hasValue(0);
    }

    @Test
    void boundsTheRequestHeader() throws Exception {
        start();
        assertThat(client.raw("GET /" + "a".repeat(40_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isBetween(400, 499);
        assertThat(client.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(40_000) + "\r\n\r\n")
                        .status())
                .isBetween(400, 499);
    }

    @Test
    void closesTheConnectionOfASlowClientAlthoughItSends() throws Exception {
        start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new WebServer.Times(Duration.ofSeconds(2), Duration.ofSeconds(60)));
        try (Socket slow =
                new Socket(client.server().getAddress(), client.server().getPort())) {
            slow.setSoTimeout(500);
            slow.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            boolean closed = false;
            // Each byte is within the idle timeout; only the deadline ends this.
            while (!closed) {
                try {
                    slow.getOutputStream().write('a');
                    closed = slow.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException e) {
                    closed = false;
                } catch (IOException e) {
                    closed = true;
                }
            }
        }
        assertThat(client.get("/").status()).isEqualTo(200);
    }

    @Test
    void servesOthersAfterAllConnectionsWereHeldIdle() throws Exception {
        start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new WebServer.Times(Duration.ofSeconds(2), Duration.ofSeconds(60)));
        List<Socket> greedy = new ArrayList<>();
        try {
            for (int i = 0; i < WebServer.MAX_CONNECTIONS + 20; i++) {
                greedy.add(
                        new Socket(client.server().getAddress(), client.server().getPort()));
            }
            // Until the deadline closes those, the server is full.
            Await.until("a free connection", this::isServed);
            assertThat(server.connections()).isLessThanOrEqualTo(WebServer.MAX_CONNECTIONS);
        } finally {
            for (Socket socket : greedy) {
                socket.close();
            }
        }
    }

    @Test
    void answersEachRequestOfFloodThatReachesBothLimits() throws Exception {
        start();
        List<Socket> idle = new ArrayList<>();
        ExecutorService greedy = Executors.newFixedThreadPool(32);
        try {
            for (int i = 0; i < WebServer.MAX_CONNECTIONS - 4; i++) {
                idle.add(
                        new Socket(client.server().getAddress(), client.server().getPort()));
            }
            List<Future<?>> pages = new ArrayList<>();
            for (int i = 0; i < 6 * WebServer.MAX_RATE; i++) {
                // A client that is one too many may be cut off, and comes again.
                pages.add(greedy.submit(() -> Await.until("a page", this::isServed)));
            }
            for (Future<?> page : pages) {
                page.get();
            }
            assertThat(server.isListening()).isTrue();
            server.close();
            assertThat(server.isListening()).isFalse();
        } finally {
            greedy.shutdownNow();
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private boolean isServed() {
        try {
            return client.get("/").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void trustsTheProxysUserOverAUnixSocket(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("web");
        start(UnixDomainSocketAddress.of(socket), WebServer.Times.DEFAULT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        assertThat(unix(socket, "Host: senderauth.example.org\r\nX-Remote-User: alice\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains(SECRET + " alice");
        assertThat(unix(socket, "Host: senderauth.example.org\r\n")).startsWith("HTTP/1.1 401");
        assertThat(unix(socket, "Host: localhost\r\nX-Remote-User: alice\r\n")).startsWith("HTTP/1.1 421");
        server.close();
        assertThat(socket).doesNotExist();
        // As after a kill: the file is left, and no process listens.
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
        try (var dead = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        start(UnixDomainSocketAddress.of(socket), WebServer.Times.DEFAULT);
        assertThat(unix(socket, "Host: senderauth.example.org\r\n")).startsWith("HTTP/1.1 401");
    }

    @Test
    void ignoresUserHeaderOverTcp() throws Exception {
        start();
        assertThat(client.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Remote-User: alice\r\n\r\n")
                        .status())
                .isEqualTo(401);
    }

    private static String unix(Path socket, String header) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(
                    ByteBuffer.wrap(("GET / HTTP/1.1\r\n" + header + "\r\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
