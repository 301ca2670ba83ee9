package org.senderauth.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Over HTTP: {@code /metrics} in Prometheus's text format, {@code /health}, which is 200 if the service is ready, and
 * {@code /health/live}, which is 200 as long as the process answers.
 */
final class HttpEndpoint implements AutoCloseable {

    /** Seconds that a client may take for its request, and again for the answer. */
    private static final String CLIENT_SECONDS = "5";

    static {
        // The JDK's server can be told in no other way, and looks once: else two idle clients could hold both threads.
        for (String limit : List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
            System.setProperty(limit, System.getProperty(limit, CLIENT_SECONDS));
        }
    }

    private final HttpServer server;

    private HttpEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if it cannot; the message names the address
     */
    static HttpEndpoint start(
            InetSocketAddress address, Executor executor, Supplier<String> metrics, Supplier<HealthCheck.Result> health)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(), e);
        }
        server.createContext(
                "/metrics",
                exchange -> reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
        server.createContext("/health", exchange -> {
            HealthCheck.Result now = health.get();
            reply(exchange, now.good() ? 200 : 503, "text/plain; charset=utf-8", now.text() + "\n");
        });
        server.createContext("/health/live", exchange -> reply(exchange, 200, "text/plain; charset=utf-8", "alive\n"));
        server.setExecutor(executor);
        server.start();
        return new HttpEndpoint(server);
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            boolean read = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            // A context also serves the paths below it.
            boolean exact = exchange.getRequestURI()
                    .getPath()
                    .equals(exchange.getHttpContext().getPath());
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            if (!read || !exact) {
                exchange.sendResponseHeaders(read ? 404 : 405, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, octets.length);
            exchange.getResponseBody().write(octets);
        }
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
