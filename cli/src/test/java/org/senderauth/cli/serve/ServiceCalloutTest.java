package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** The service with callouts switched on: what its clients, its log and its monitor see of them. */
@Timeout(60)
class ServiceCalloutTest {

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedSmtpServer mailServer;
    private Path file;
    private Service service;

    @BeforeEach
    void startBoth() throws Exception {
        mailServer = ScriptedSmtpServer.start(SmtpRules.mailServer("PIPELINING")
                .answer("RCPT TO:<", "550 5.1.1 no such user")
                .answer("RCPT TO:<grey@", "451 4.7.1 greylisted")
                .answer("RCPT TO:<carol@", "250 2.1.5 ok"));
        Files.writeString(folder.resolve("zone"), """
                callout.example.    300 IN MX 10 mx.callout.example.
                mx.callout.example. 300 IN A 127.0.0.1
                gate.example.org.   300 IN A 192.0.2.25
                """);
        file = folder.resolve("senderauth.yaml");
        Files.writeString(file, """
                hostname: gate.example.org
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, http: 127.0.0.1:0}
                steps:
                  callout: {mode: enforce, on-trouble: defer, port: %d, private-hosts: true, state-file: callouts}
                """.formatted(mailServer.port()));
        start();
    }

    private void start() throws Exception {
        service = Service.start(file, new PrintWriter(log, true), InstantSource.system());
    }

    @AfterEach
    void stopBoth() {
        service.close();
        mailServer.close();
    }

    private String ask(String sender) throws Exception {
        return PolicyTalk.ask(service.addresses().get(0), "sender=" + sender, "recipient=alice@example.org");
    }

    private String metrics() {
        InetSocketAddress http = (InetSocketAddress) service.httpAddress();
        URI uri = URI.create("http://127.0.0.1:" + http.getPort() + "/metrics");
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    // A probe is over a little after its answer is given: with QUIT. Its time is the last thing that is counted of it.
    private void awaitProbes(int number) {
        String line = "callout_probe_duration_seconds_count{stage=\"rcpt\"} " + number;
        Patience.until(line, () -> metrics().contains(line));
    }

    @Test
    void calloutsAnswerAndMoveTheirMetricsAndAreLoggedWithTheClient() throws Exception {
        assertThat(ask("carol@callout.example")).isEqualTo("action=DUNNO");
        awaitProbes(1);
        assertThat(ask("carol@callout.example")).isEqualTo("action=DUNNO");
        assertThat(ask("nobody@callout.example")).startsWith("action=550 5.1.7 ");
        awaitProbes(2);
        assertThat(ask("grey@callout.example")).startsWith("action=DEFER_IF_PERMIT 4.1.7 ");
        awaitProbes(3);
        assertThat(metrics())
                .contains(
                        "callout_requests_total{reason=\"accepted\",source=\"probe\",verdict=\"deliverable\"} 1.0",
                        "callout_requests_total{reason=\"accepted\",source=\"address\",verdict=\"deliverable\"} 1.0",
                        "callout_requests_total{reason=\"no-such-mailbox\",source=\"probe\",verdict=\"undeliverable\"} 1.0",
                        "callout_requests_total{reason=\"greylisted\",source=\"probe\",verdict=\"undecided\"} 1.0",
                        "callout_caller_wait_seconds_count 4",
                        "callout_connections_total{result=\"answered\"} ",
                        "callout_rcpts_total{kind=\"target\"} 3.0",
                        "callout_rcpts_total{kind=\"random\"} 1.0",
                        "callout_cache_size{level=\"address\"} 3.0",
                        "callout_cache_size{level=\"domain\"} 1.0",
                        "callout_amplification 1.0")
                .contains("callout_checks_total{result=\"deliverable\",standing=\"good\"} 2.0")
                .doesNotContain("callout.example");
        assertThat(log.toString())
                .containsPattern("callout addr=\"<nobody@callout.example>\" mx=\"mx.callout.example\" ip=127.0.0.1"
                        + " verdict=undeliverable reason=no-such-mailbox reply=\"550 5.1.1 no such user\" rcpts=1"
                        + " ms=\\d+ client=198.51.100.1");
    }

    @Test
    void goodSendersAreKnownAfterARestart() throws Exception {
        assertThat(ask("carol@callout.example")).isEqualTo("action=DUNNO");
        service.close();
        start();
        assertThat(ask("carol@callout.example")).isEqualTo("action=DUNNO");
        assertThat(metrics())
                .contains("callout_requests_total{reason=\"accepted\",source=\"address\",verdict=\"deliverable\"} 1.0");
        assertThat(mailServer.connections()).isEqualTo(1);
    }

    @Test
    void fileThatHoldsNoCalloutsIsLoggedAndLeftAlone() throws Exception {
        service.close();
        Files.writeString(folder.resolve("callouts"), "something else\n");
        start();
        assertThat(log.toString())
                .contains("callouts: " + folder.resolve("callouts") + " is no snapshot of callout addresses; what was"
                        + " remembered is lost, and the file is left alone");
        service.close();
        assertThat(folder.resolve("callouts")).hasContent("something else");
    }

    @Test
    void namesThatDoNotFitAreLoggedAtTheStart() {
        assertThat(log.toString())
                .contains(
                        "callout self-check: \"192.0.2.25 does not have the name gate.example.org in the reverse DNS\"")
                .contains("callout self-check: \"SPF does not pass for gate.example.org: ")
                .doesNotContain("does not have the address");
    }
}
