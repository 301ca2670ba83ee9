package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.PeerProcess;
import org.senderauth.server.Service;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import picocli.CommandLine;

@Timeout(120)
class HistoryCommandTest {

    private static final String CONFIG = """
            hostname: mx.example.org
            domains: [example.org]
            dns: {zones: [zone]}
            listen: {policy: inet:127.0.0.1:0, control: unix:FOLDER/control}
            steps: {spf: {mode: enforce}}
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final StringWriter log = new StringWriter();
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T14:02:00Z"));
    private Path config;

    @BeforeEach
    void writeFiles() throws IOException {
        config = folder.resolve("senderauth.yaml");
        Files.writeString(
                folder.resolve("zone"),
                "example.net. 300 IN TXT \"v=spf1 include:_spf.example.net -all\"\n"
                        + "_spf.example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
        configure("");
    }

    private void configure(String more) throws IOException {
        Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()) + more);
    }

    private Service start() throws Exception {
        return Service.start(config, new PrintWriter(log, true), clock);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private int ask(String command, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of(command, "--control", folder.resolve("control").toString()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    /** Returns the id in the brackets of a rejection. */
    private static String reject(Service service, String sender, String client) throws IOException {
        SocketAddress address = service.addresses().get(0);
        String request = "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=" + client
                + "\nhelo_name=mail.example.net\nsender=" + sender
                + "\nrecipient=bob@example.org\nqueue_id=4Qx1\n\n";
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer reply = ByteBuffer.allocate(4096);
            while (channel.read(reply) >= 0) {
                // to the end
            }
            String text = new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8).strip();
            return text.endsWith("]") ? text.substring(text.lastIndexOf('[') + 1, text.length() - 1) : text;
        }
    }

    private void awaitDecisions(int count) {
        Await.until("the history", () -> {
            ask("history", "--json");
            return out.toString().lines().count() == count;
        });
    }

    @Test
    void explainsARejectionOfTheRunningService() throws Exception {
        try (Service service = start()) {
            String id = reject(service, "alice@example.net", "198.51.100.7");
            reject(service, "alice@example.net", "192.0.2.1");
            awaitDecisions(2);
            assertThat(ask("history", "--action", "reject")).isEqualTo(ExitStatus.PASS);
            assertThat(out.toString())
                    .isEqualTo("2026-11-23T14:02:00Z  " + id
                            + "  reject by spf  198.51.100.7  <alice@example.net> -> <bob@example.org>"
                            + System.lineSeparator());
            assertThat(ask("why", id)).isEqualTo(ExitStatus.PASS);
            assertThat(out.toString())
                    .contains("reject by spf, after ")
                    .contains("client  198.51.100.7, HELO mail.example.net")
                    .contains("queue   4Qx1")
                    .contains("reply   550 5.7.23 SPF check failed")
                    .contains("spf (enforce): fail");
            String explained = out.toString();
            run(
                    "spf",
                    "explain",
                    "--zone",
                    folder.resolve("zone").toString(),
                    "--ip",
                    "198.51.100.7",
                    "--helo",
                    "mail.example.net",
                    "--from",
                    "alice@example.net");
            assertThat(explained.lines().map(String::strip))
                    .containsAll(out.toString().lines().map(String::strip).toList());
            assertThat(Files.getPosixFilePermissions(folder.resolve("control")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(ask("why", "bcdfghjkmnp")).isEqualTo(ExitStatus.FAIL);
            assertThat(err.toString().strip())
                    .isEqualTo("senderauth why: no decision with the id bcdfghjkmnp in the history");
        }
        assertThat(folder.resolve("control")).doesNotExist();
    }

    @Test
    void readsTheFilesOfAServiceThatRunsAndOfOneThatStopped() throws Exception {
        configure("history: {directory: kept}\n");
        String directory = folder.resolve("kept").toString();
        String id;
        try (Service service = start()) {
            id = reject(service, "alice@example.net", "198.51.100.7");
            awaitDecisions(1);
            assertThat(run("why", "--directory", directory, id)).isEqualTo(ExitStatus.PASS);
        }
        try (Service service = start()) {
            reject(service, "<>", "198.51.100.8");
            awaitDecisions(2);
        }
        assertThat(run("history", "--directory", directory, "--from", "example.net"))
                .isEqualTo(ExitStatus.PASS);
        assertThat(out.toString().lines()).hasSize(1).allMatch(line -> line.contains(id));
        assertThat(run("history", "--directory", directory, "--limit", "0", "--json"))
                .isEqualTo(ExitStatus.PASS);
        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"id\":\""));
        assertThat(log.toString()).doesNotContain("history:");
    }

    @Test
    void keepsTheHistoryInMemoryIfItsDirectoryCannotBeUsed() throws Exception {
        configure("history: {directory: kept}\n");
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.createDirectory(kept.resolve("lock"));
        try (Service service = start()) {
            String id = reject(service, "alice@example.net", "198.51.100.7");
            awaitDecisions(1);
            assertThat(ask("why", id)).isEqualTo(ExitStatus.PASS);
        }
        assertThat(log.toString()).contains("history: is in memory only: ");
    }

    @Test
    void rejectsABadFilterInOneLine() {
        assertThat(ask("history", "--client", "192.0.2.1/24")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().strip())
                .isEqualTo("senderauth history: --client must be an IP address or a network such as 192.0.2.0/24, was"
                        + " '192.0.2.1/24' (see 'senderauth history --help')");
        assertThat(ask("history", "--since", "yesterday")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(ask("history", "--limit", "-1")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(ask("why", "a\nb")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(run("history", "--directory", folder.resolve("none").toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void reportsAServiceThatDoesNotRun() {
        assertThat(ask("history")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().strip())
                .isEqualTo("senderauth history: " + folder.resolve("control")
                        + ": no service listens there (\"control:\" under \"listen:\" in its configuration)");
    }

    @Test
    void listsTheStateOfTheServiceAndForgets() throws Exception {
        Path key = folder.resolve("batv.keys");
        Files.writeString(
                key,
                "[example.org]\nsign 1 hex:73697874656e206f63746574732e2e31\n"
                        + "verify 0 hex:73697874656e206f63746574732e2e30 until 2026-12-01\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        configure("batv: {keys: batv.keys}\n");
        try (Service service = start()) {
            assertThat(ask("state", "keys")).isEqualTo(ExitStatus.PASS);
            assertThat(out.toString().lines())
                    .containsExactly(
                            "batv  example.org key 0  verifies  2026-12-01T00:00:00Z  may be removed then",
                            "batv  example.org key 1  signs");
            for (String topic : List.of("callouts", "breakers", "limits", "zone")) {
                assertThat(ask("state", topic)).isEqualTo(ExitStatus.PASS);
                assertThat(out.toString().strip()).isEqualTo("nothing");
            }
            assertThat(ask("forget", "alice@example.net")).isEqualTo(ExitStatus.FAIL);
            assertThat(out.toString().strip()).isEqualTo("evicted: 0");
            assertThat(ask("forget", "no address")).isEqualTo(ExitStatus.USAGE);
            assertThat(err.toString().strip())
                    .isEqualTo(
                            "senderauth forget: forget requires an email address, a domain or the IP address of a mail"
                                    + " server (see 'senderauth forget --help')");
            assertThat(ask("state", "keyz")).isEqualTo(ExitStatus.USAGE);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("senderauth state: TOPIC must be callouts, ");
            assertThat(service.addresses()).hasSize(1);
        }
    }

    @Test
    void reportsAStoppedRedisInOneLine() throws Exception {
        configure("redis: {uri: \"redis://127.0.0.1:" + PeerProcess.freePort() + "\", hosts: 1}\n");
        try (Service service = start()) {
            for (String topic : List.of("callouts", "breakers", "limits")) {
                assertThat(ask("state", topic)).isEqualTo(ExitStatus.USAGE);
                assertThat(err.toString().lines())
                        .singleElement()
                        .asString()
                        .startsWith("senderauth state: the state of callouts is in Redis, which did not answer: ");
            }
            assertThat(ask("forget", "alice@example.net")).isEqualTo(ExitStatus.USAGE);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("senderauth forget: the state of callouts is in Redis, which did not answer: ")
                    .doesNotContain("--help");
            assertThat(service.addresses()).hasSize(1);
        }
    }

    @Test
    void followsNewDecisions() throws Exception {
        try (Service service = start()) {
            reject(service, "alice@example.net", "198.51.100.7");
            awaitDecisions(1);
            StringWriter followed = new StringWriter();
            CommandLine command = SenderauthCommand.commandLine();
            command.setOut(new PrintWriter(followed, true));
            command.setErr(new PrintWriter(err, true));
            Thread follower = new Thread(() -> command.execute(
                    "history",
                    "--follow",
                    "--control",
                    folder.resolve("control").toString()));
            follower.start();
            Await.until("the first line", () -> followed.toString().contains("198.51.100.7"));
            reject(service, "alice@example.net", "198.51.100.8");
            Await.until("the second line", () -> followed.toString().contains("198.51.100.8"));
            follower.interrupt();
            follower.join();
            assertThat(followed.toString().lines()).hasSize(2);
        }
    }
}
