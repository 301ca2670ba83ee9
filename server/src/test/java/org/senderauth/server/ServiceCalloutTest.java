package org.senderauth.server;

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
import org.senderauth.testkit.Await;
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
                  callout: {mode: enforce, on-tempfail: defer, port: %d, allow-private-addresses: true, state-file: callouts}
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
        return PolicyClient.ask(service.addresses().get(0), "sender=" + sender, "recipient=alice@example.org");
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
        String line = "senderauth_callout_probe_duration_seconds_count{stage=\"rcpt\"} " + number;
        Await.until(line, () -> metrics().contains(line));
    }

    @Test
    void countsAndLogsCalloutsWithTheirClient() throws Exception {
        assertThat(ask("carol@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        awaitProbes(1);
        assertThat(ask("carol@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        assertThat(ask("nobody@callout.example")).startsWith("action=550 5.1.0 ");
        awaitProbes(2);
        assertThat(ask("grey@callout.example")).startsWith("action=DEFER_IF_PERMIT 4.1.0 ");
        awaitProbes(3);
        assertThat(metrics())
                .contains(
                        "senderauth_callout_requests_total{reason=\"accepted\",source=\"probe\",verdict=\"deliverable\"} 1.0",
                        "senderauth_callout_requests_total{reason=\"accepted\",source=\"address\",verdict=\"deliverable\"} 1.0",
                        "senderauth_callout_requests_total{reason=\"no-such-mailbox\",source=\"probe\",verdict=\"undeliverable\"} 1.0",
                        "senderauth_callout_requests_total{reason=\"greylisted\",source=\"probe\",verdict=\"undecided\"} 1.0",
                        "senderauth_callout_response_duration_seconds_count 4",
                        "senderauth_callout_connections_total{result=\"answered\"} ",
                        "senderauth_callout_rcpts_total{kind=\"target\"} 3.0",
                        "senderauth_callout_rcpts_total{kind=\"random\"} 1.0",
                        "senderauth_callout_cache_entries{level=\"address\"} 3.0",
                        "senderauth_callout_cache_entries{level=\"domain\"} 1.0",
                        "senderauth_callout_rcpts_per_request_ratio 1.0")
                .contains("senderauth_checks_total{check=\"callout\",outcome=\"pass\",result=\"deliverable\"} 2.0")
                .doesNotContain("callout.example");
        awaitLog("reply=\"550 5.1.1 no such user\"");
        assertThat(log.toString())
                .containsPattern("callout addr=\"<nobody@callout.example>\" mx=\"mx.callout.example\" ip=127.0.0.1"
                        + " verdict=undeliverable reason=no-such-mailbox reply=\"550 5.1.1 no such user\" rcpts=1"
                        + " ms=\\d+ client=198.51.100.1");
    }

    @Test
    void logNamesLimitThatPreventedProbe() throws Exception {
        service.close();
        Files.writeString(
                file,
                Files.readString(file).replace("mode: enforce,", "mode: enforce, limits: {client-failure-limit: 1},"));
        start();
        assertThat(ask("nobody@callout.example")).startsWith("action=550 ");
        awaitProbes(1);
        assertThat(ask("other@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        awaitLog("callout=\"client rate limited (client-failure-limit), from precheck\"");
    }

    @Test
    void repliesAndRandomCheckAreConfigured() throws Exception {
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "mode: enforce,",
                                "mode: enforce, random-check: false, limits: {cache-size: 500}, replies: {no-such-mailbox:"
                                        + " 553 5.1.0 No such sender, greylisted: none}, expose-reply-text: true,"));
        assertThat(service.reload()).isTrue();
        awaitLog("reload: the limits of callouts change only on restart");
        assertThat(ask("carol@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        awaitProbes(1);
        assertThat(ask("nobody@callout.example"))
                .startsWith("action=553 5.1.0 No such sender (550 5.1.1 no such user)");
        awaitProbes(2);
        assertThat(ask("grey@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        assertThat(metrics())
                .contains("senderauth_callout_rcpts_total{kind=\"target\"} ")
                .doesNotContain("kind=\"random\"} 1");
    }

    @Test
    void goodSendersAreKnownAfterARestart() throws Exception {
        assertThat(ask("carol@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        service.close();
        start();
        assertThat(ask("carol@callout.example")).startsWith("action=PREPEND X-Senderauth-Decision: ");
        assertThat(metrics())
                .contains(
                        "senderauth_callout_requests_total{reason=\"accepted\",source=\"address\",verdict=\"deliverable\"} 1.0");
        assertThat(mailServer.connections()).isEqualTo(1);
    }

    @Test
    void fileThatHoldsNoCalloutsIsLoggedAndLeftAlone() throws Exception {
        service.close();
        Files.writeString(folder.resolve("callouts"), "something else\n");
        start();
        awaitLog("the file is left alone");
        assertThat(log.toString())
                .contains(
                        "callouts: " + folder.resolve("callouts") + " is not a snapshot of callout addresses; what was"
                                + " remembered is lost, and the file is left alone");
        service.close();
        assertThat(folder.resolve("callouts")).hasContent("something else");
    }

    @Test
    void namesThatDoNotFitAreLoggedAtTheStart() {
        awaitLog("SPF does not pass for gate.example.org: ");
        assertThat(log.toString())
                .contains(
                        "callout self-check: \"192.0.2.25 does not have the name gate.example.org in the reverse DNS\"")
                .contains("callout self-check: \"SPF does not pass for gate.example.org: ")
                .doesNotContain("does not have the address");
    }

    private void awaitLog(String text) {
        Await.until(text, () -> log.toString().contains(text));
    }
}
