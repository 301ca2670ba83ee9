package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.server.web.WebClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;

/** The overview after a restart of the service, on a manual clock. */
@Timeout(120)
class PastFiguresTest {

    private static final String SINCE_START = "decisions since the service started";

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:07:00Z"));
    private final StringWriter log = new StringWriter();
    private Path config;

    @BeforeEach
    void writeFiles() throws IOException {
        SecretFiles.create(folder.resolve("web.token"), "a token of the test".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.10 -all\"\n");
        config = folder.resolve("senderauth.yaml");
        configure("history: {directory: kept}");
    }

    private void configure(String history) throws IOException {
        Files.writeString(config, """
                hostname: mx.example.org
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, web: 127.0.0.1:0}
                web: {token-file: web.token}
                steps: {spf: {mode: enforce}}
                """ + history + "\n");
    }

    private Service start() throws Exception {
        return Service.start(config, new PrintWriter(log, true), clock);
    }

    private static void reject(Service service) throws IOException {
        assertThat(PolicyClient.ask(
                        service.addresses().get(0), "sender=bob@example.net", "recipient=alice@example.org"))
                .startsWith("action=550 ");
    }

    private static String overview(Service service) throws IOException {
        return new WebClient((InetSocketAddress) service.webAddress(), "a token of the test")
                .get("/")
                .body();
    }

    private static void awaitOverview(Service service, String text) {
        Await.until(text, () -> {
            try {
                String page = overview(service);
                return page.contains(text) && !page.contains(SINCE_START);
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void showsDecisionsOfBeforeTheRestart() throws Exception {
        try (Service service = start()) {
            reject(service);
            reject(service);
        }
        clock.advance(Duration.ofHours(3));
        try (Service service = start()) {
            awaitOverview(service, "2 decisions. Half of them");
            assertThat(overview(service))
                    .contains("<a href=\"/decisions?step=spf\">spf</a></th><td class=\"number\">2</td>")
                    .contains("<th scope=\"row\">12:00</th><td class=\"number\">0</td>");
            reject(service);
            awaitOverview(service, "3 decisions. Half of them");
        }
        clock.advance(Duration.ofHours(21).minusMinutes(8));
        try (Service service = start()) {
            awaitOverview(service, "3 decisions. Half of them");
        }
        // The first two are of a day ago now; the third is not.
        clock.advance(Duration.ofMinutes(15));
        try (Service service = start()) {
            awaitOverview(service, "1 decisions. Half of them");
        }
        assertThat(log.toString()).doesNotContain("overview");
    }

    @Test
    void withoutFilesTheOverviewBeginsWithTheStart() throws Exception {
        configure("");
        try (Service service = start()) {
            reject(service);
            Await.until("the decision", () -> {
                try {
                    return overview(service).contains("1 " + SINCE_START);
                } catch (IOException e) {
                    return false;
                }
            });
        }
        try (Service service = start()) {
            assertThat(overview(service)).contains("0 " + SINCE_START);
        }
    }

    @Test
    void damagedFilesCostTheirLinesOnly() throws Exception {
        try (Service service = start()) {
            reject(service);
        }
        clock.advance(Duration.ofMinutes(1));
        Path kept = folder.resolve("kept");
        Files.writeString(
                kept.resolve("000000009.decisions.jsonl"),
                "no json\n{}\n" + "x".repeat(2_000_000) + "\n{\"id\":\"a\",\"time\":\"+999999999-01-01T00:00:00Z\","
                        + "\"action\":\"reject\",\"client\":\"192.0.2.1\",\"ms\":1}\n");
        try (Service service = start()) {
            awaitOverview(service, "1 decisions. Half of them");
        }
    }
}
