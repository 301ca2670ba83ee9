package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.server.web.WebClient;
import org.senderauth.testkit.Await;

/** The pages of a running service. */
@Timeout(120)
class ServiceWebTest {

    private static final Pattern ID = Pattern.compile("\\[([2-9a-z]+)]");

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private Service service;
    private WebClient client;

    @BeforeEach
    void start() throws Exception {
        SecretFiles.create(folder.resolve("web.token"), "a token of the test".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.10 -all\"\n");
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(file, """
                hostname: mx.example.org
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, http: 127.0.0.1:0, web: 127.0.0.1:0}
                web: {token-file: web.token}
                steps: {spf: {mode: enforce}}
                """);
        service = Service.start(file, new PrintWriter(log, true), InstantSource.system());
        client = new WebClient((InetSocketAddress) service.webAddress(), "a token of the test");
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    private String reject() throws IOException {
        return PolicyClient.ask(service.addresses().get(0), "sender=bob@example.net", "recipient=alice@example.org");
    }

    @Test
    void findsTheMailThatWasJustRejected() throws Exception {
        String reply = reject();
        Matcher id = ID.matcher(reply);
        assertThat(id.find()).as(reply).isTrue();
        Await.until("the decision in the history", () -> isFound(id.group(1)));
        assertThat(client.get("/decisions/" + id.group(1)).body())
                .contains("198.51.100.1 is not authorized to send mail for example.net")
                .contains("<code>ip4:192.0.2.10</code>")
                .contains("bob@example.net");
        assertThat(client.get("/decisions?from=bob@example.net").body()).contains("/decisions/" + id.group(1));
        assertThat(client.get("/").body())
                .contains("1 decisions")
                .contains("<a href=\"/decisions?step=spf\">spf</a></th><td class=\"number\">1</td>");
    }

    private boolean isFound(String id) {
        try {
            return client.get("/decisions/" + id).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void neitherLogsNorCountsNorKeepsTrials() throws Exception {
        String token = client.get("/try").formToken();
        WebClient.Response page = client.post(
                "/try/decision",
                token,
                Map.of("ip", "198.51.100.7", "helo", "mail.example.net", "from", "trial@example.net"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("198.51.100.7 is not authorized to send mail for example.net");
        assertThat(client.get("/decisions").body()).contains("No decision found.");
        assertThat(client.get("/").body()).contains("0 decisions");
        assertThat(log.toString()).doesNotContain("trial@example.net");
    }

    @Test
    void decidesWhileAllConnectionsOfThePagesAreHeld() throws Exception {
        List<Socket> greedy = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                greedy.add(
                        new Socket(client.server().getAddress(), client.server().getPort()));
            }
            assertThat(reject()).startsWith("action=550 5.7.23");
            WebClient http = new WebClient((InetSocketAddress) service.httpAddress(), "");
            assertThat(http.raw("GET /health HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
        } finally {
            for (Socket socket : greedy) {
                socket.close();
            }
        }
    }

    @Test
    void forgettingIsLogged() throws Exception {
        String token = client.get("/callouts").formToken();
        assertThat(client.post("/callouts/forget", token, Map.of("what", "bob@example.net"))
                        .body())
                .contains("bob@example.net: 0 entries evicted");
        Await.until(
                "the line",
                () -> log.toString().contains("web action=forget user=\"token\" what=\"bob@example.net\" evicted=0"));
        assertThat(client.post("/callouts/forget", token, Map.of("what", "no address"))
                        .status())
                .isEqualTo(422);
        assertThat(client.get("/keys").body()).contains("The service has no keys.");
        assertThat(client.get("/zone").body()).contains("No SES zone is served.");
    }

    @Test
    void reportsSettingsThatReloadDoesNotChange() throws Exception {
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(
                file,
                Files.readString(file).replace("token-file: web.token", "token-file: web.token, hosts: [a.example]"));
        assertThat(service.reload()).isTrue();
        Await.until("the line", () -> log.toString().contains("reload: the web settings change only on restart"));
    }
}
