package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** Debian's stock rspamd with the block of docs/operations.md: its rules compare senders without their BATV tag. */
@Timeout(180)
class RspamdPeerTest {

    private static final Path PACKAGE = Path.of("/etc/rspamd");

    private static final int PORT = PeerProcess.freePort();
    private static BatvService service;
    private static PeerProcess rspamd;

    @BeforeAll
    static void startAll(@TempDir Path folder) throws Exception {
        Path program = PeerProcess.program("rspamd");
        service = BatvService.startIn(folder);
        Path etc = copy(PACKAGE, folder.resolve("etc"));
        Path local = Files.createDirectories(etc.resolve("local.d"));
        Files.writeString(
                local.resolve("worker-normal.inc"), "bind_socket = \"127.0.0.1:%d\"; count = 1;\n".formatted(PORT));
        Files.writeString(
                local.resolve("worker-controller.inc"),
                "bind_socket = \"127.0.0.1:%d\";\n".formatted(PeerProcess.freePort()));
        Files.writeString(local.resolve("worker-proxy.inc"), "enabled = false;\n");
        Files.writeString(local.resolve("worker-fuzzy.inc"), "enabled = false;\n");
        // No name server: nothing leaves the machine.
        Files.writeString(
                local.resolve("options.inc"),
                "dns { nameserver = [\"127.0.0.1:%d\"]; timeout = 100ms; retransmits = 1; }\n"
                        .formatted(PeerProcess.freePort()));
        Files.writeString(
                etc.resolve("rspamd.local.lua"),
                DocumentedConfig.of("operations.md")
                        .block("-- senderauth, rspamd")
                        .replace("port = 10032", "port = " + service.socketmapPort()));
        Path run = Files.createDirectories(folder.resolve("run"));
        rspamd = PeerProcess.start(
                folder,
                folder.resolve("rspamd.out"),
                List.of(
                        program.toString(),
                        "--no-fork",
                        "--insecure",
                        "--config=" + etc.resolve("rspamd.conf"),
                        "--var=CONFDIR=" + etc,
                        "--var=LOCAL_CONFDIR=" + etc,
                        "--var=DBDIR=" + run,
                        "--var=RUNDIR=" + run,
                        "--var=LOGDIR=" + run));
        rspamd.awaitTcp(PORT, Await.LIMIT);
    }

    @AfterAll
    static void stopAll() {
        if (rspamd != null) {
            rspamd.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    void rulesSeeSendersWithoutTheirTag() throws Exception {
        // A rule of the package, which names the sender of the envelope where it differs from that of the header.
        assertThat(check("prvs=0123abcdef=alice@example.net")).contains("\"x@example.com\",\"alice@example.net\"");
        assertThat(check("a=b@example.net")).contains("\"x@example.com\",\"a=b@example.net\"");
        service.stop();
        try {
            assertThat(check("prvs=0123abcdef=alice@example.net"))
                    .contains("\"x@example.com\",\"prvs=0123abcdef=alice@example.net\"");
        } finally {
            service.start();
        }
    }

    private static String check(String sender) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/checkv2"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("From", sender)
                .header("IP", "192.0.2.1")
                .header("Helo", "mail.example.net")
                .header("Rcpt", "alice@example.org")
                .POST(HttpRequest.BodyPublishers.ofString("From: x@example.com\r\nSubject: greetings\r\n\r\nHello\r\n"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }
}
