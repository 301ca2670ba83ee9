package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.testkit.Await;

@Timeout(60)
class MonitorModeTest {

    private static final String CONFIG = """
            hostname: mx.example.org
            mode: monitor
            domains: [example.org]
            dns: {zones: [zone]}
            listen: {policy: inet:127.0.0.1:0}
            steps:
              spf: {mode: enforce}
              batv: {mode: enforce}
            sender-domains: {example.net: {spf: enforce}}
            batv: {key-file: batv.key}
            """;

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();

    private Service start(String config) throws Exception {
        Files.writeString(folder.resolve("senderauth.yaml"), config);
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
        if (Files.notExists(folder.resolve("batv.key"))) {
            SecretFiles.create(folder.resolve("batv.key"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        }
        return Service.start(folder.resolve("senderauth.yaml"), new PrintWriter(log, true), InstantSource.system());
    }

    private static String ask(Socket socket, String state, String sender, String instance) throws Exception {
        socket.getOutputStream()
                .write(("request=smtpd_access_policy\nprotocol_state=" + state
                                + "\nclient_address=198.51.100.1\nhelo_name=h.example\nsender=" + sender
                                + "\nrecipient=alice@example.org\nqueue_id=" + (state.equals("DATA") ? "4F1" : "")
                                + "\ninstance=" + instance + "\n\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder reply = new StringBuilder();
        while (reply.indexOf("\n\n") < 0) {
            reply.append((char) socket.getInputStream().read());
        }
        return reply.toString().strip();
    }

    private static Socket connect(Service service) throws Exception {
        InetSocketAddress address = (InetSocketAddress) service.addresses().get(0);
        return new Socket(address.getAddress(), address.getPort());
    }

    @Test
    void neverRejectsAndShowsTheReplyInLogAndMessage() throws Exception {
        try (Service service = start(CONFIG);
                Socket policy = connect(service)) {
            assertThat(ask(policy, "RCPT", "bob@example.net", "1"))
                    .startsWith("action=PREPEND Authentication-Results: ");
            assertThat(ask(policy, "DATA", "bob@example.net", "1"))
                    .startsWith("action=PREPEND X-Senderauth-Decision: ")
                    .contains("; would=reject; by=spf; would-reply=\"550 5.7.23 SPF check failed: ");
            assertThat(ask(policy, "RCPT", "", "2")).startsWith("action=PREPEND ");
            Await.until("two lines", () -> log.toString().contains(" by=batv would=reject would-reply=\"550 5.7.1 "));
            assertThat(log.toString())
                    .contains(" by=spf would=reject would-reply=\"550 5.7.23 SPF check failed: ")
                    .doesNotContain("action=reject");
        }
    }

    @Test
    void replyHeaderAndLogShowTheSameId() throws Exception {
        try (Service service = start(CONFIG.replace("mode: monitor", "mode: enforce"));
                Socket policy = connect(service)) {
            String reply = ask(policy, "RCPT", "bob@example.net", "1");
            assertThat(reply).matches("action=550 5\\.7\\.23 .* \\[[2-9b-z]{11}]");
            String id = reply.substring(reply.indexOf('[') + 1, reply.length() - 1);
            String text = reply.substring("action=".length());
            Await.until("the line", () -> log.toString().contains("reply=\"" + text + "\" by=spf "));
            assertThat(log.toString()).contains("decision action=reject id=" + id + " time=");
        }
    }

    @Test
    void firstDecisionAtDataHasTheQueueId() throws Exception {
        try (Service service = start(CONFIG);
                Socket policy = connect(service)) {
            ask(policy, "DATA", "bob@example.com", "9");
            Await.until("the queue id", () -> log.toString().contains(" queue=\"4F1\" message=\"9\" "));
        }
    }
}
