package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.peers.PeerProcess;
import org.xbill.DNS.Name;

/**
 * NSD serves the zones of the cases; our command and a stock Exim with {@code verify = csa} ask it in one run. Exim asks
 * port 53 of the servers in /etc/resolv.conf and nothing else, so it runs with a file of its own in that place, in a
 * mount namespace. Both need root.
 */
class CsvEximPeerTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Path CASES = Path.of("../csv/src/test/resources/csa");

    /** A loopback address of this run of the test alone. */
    private static final String SERVER = "127.53." + RANDOM.nextInt(1, 255) + "." + RANDOM.nextInt(1, 255);

    /** HELO names beyond the recorded cases that show where Exim reads otherwise than the draft. */
    private static final List<String> MORE_NAMES = List.of(
            "ok.csa.test.",
            "-ok.csa.test",
            "[x:192.0.2.1]",
            "[ok.csa.test]",
            "1.2.0.192.in-addr.arpa",
            "sub.ok.csa.test");

    private static final Pattern STATUS = Pattern.compile("550 csa=(\\w+)");
    private static final Pattern REASON = Pattern.compile("client SMTP authorization ([^\\r\\n]+)");

    /** What {@code $csa_status} is, and the reason that Exim logs, which it does only if the condition fails. */
    private record Answer(String status, @Nullable String reason) {}

    private record Session(String id, String ip, String helo) {}

    @Test
    void eximAndTheCommandAnswerAlikeInEximMode(@TempDir Path folder) throws Exception {
        Path exim = PeerProcess.program("exim4");
        Path nsd = PeerProcess.program("nsd");
        Path unshare = PeerProcess.program("unshare");
        if (!"root".equals(System.getProperty("user.name"))) {
            throw PeerProcess.missing("port 53 and a mount namespace need root");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Session> sessions = sessions();
        Files.writeString(folder.resolve("nsd.conf"), nsdConfiguration(folder));
        try (PeerProcess server = PeerProcess.start(
                folder,
                folder.resolve("nsd.out"),
                List.of(nsd.toString(), "-d", "-c", folder.resolve("nsd.conf").toString()))) {
            server.awaitDns(new InetSocketAddress(SERVER, 53), Name.fromConstantString("test."));
            List<JsonNode> ours = command(folder, sessions);
            for (int i = 0; i < sessions.size(); i++) {
                Answer answer = exim(folder, exim, unshare, sessions.get(i));
                assertThat(ours.get(i).get("result").textValue())
                        .as(sessions.get(i).toString())
                        .isEqualTo(answer.status());
                assertThat(answer.status().equals("fail")).isEqualTo(answer.reason() != null);
                if (answer.reason() != null) {
                    assertThat(ours.get(i).get("reason").textValue()).isEqualTo(answer.reason());
                }
            }
        }
    }

    private static List<Session> sessions() throws IOException {
        List<Session> sessions = new ArrayList<>();
        for (String line : Files.readAllLines(CASES.resolve("cases.csv"))) {
            String[] fields = line.split(",");
            if (!line.startsWith("#") && !fields[0].equals("id")) {
                sessions.add(new Session(fields[0], fields[1], fields[2]));
            }
        }
        assertThat(sessions).hasSizeGreaterThanOrEqualTo(48);
        for (String name : MORE_NAMES) {
            sessions.add(new Session(name, "192.0.2.1", name));
        }
        return sessions;
    }

    private static String nsdConfiguration(Path folder) throws IOException {
        StringBuilder configuration = new StringBuilder("""
                server:
                    ip-address: %1$s@53
                    server-count: 1
                    username: ""
                    chroot: ""
                    zonesdir: "%2$s"
                    database: ""
                    pidfile: "%2$s/nsd.pid"
                    xfrdfile: "%2$s/xfrd.state"
                    zonelistfile: "%2$s/zone.list"
                    xfrdir: "%2$s"
                    rrl-ratelimit: 0
                remote-control:
                    control-enable: no
                """.formatted(SERVER, folder));
        try (Stream<Path> zones = Files.list(CASES.resolve("zones"))) {
            for (Path zone : zones.sorted().toList()) {
                String origin = Files.readString(zone)
                        .lines()
                        .filter(line -> line.startsWith("$ORIGIN "))
                        .findFirst()
                        .orElseThrow()
                        .substring("$ORIGIN ".length());
                Files.copy(zone, folder.resolve(zone.getFileName()));
                configuration.append(zone(origin, zone.getFileName().toString()));
            }
        }
        // A zone that cannot be loaded is answered with SERVFAIL.
        return configuration + zone("_client._smtp.srvfail.csa.test.", "absent") + zone("broken.csa.test.", "absent");
    }

    private static String zone(String origin, String file) {
        return "zone:\n    name: \"" + origin + "\"\n    zonefile: \"" + file + "\"\n";
    }

    private static List<JsonNode> command(Path folder, List<Session> sessions) throws IOException {
        List<String> lines = sessions.stream()
                .map(session -> JsonLines.write(JsonLines.object()
                        .put("id", session.id())
                        .put("ip", session.ip())
                        .put("helo", session.helo())))
                .toList();
        Path batch = Files.write(folder.resolve("in.jsonl"), lines);
        StringWriter out = new StringWriter();
        SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute("csv", "check", "--exim", "--dns", SERVER, "--batch", batch.toString());
        List<JsonNode> answers = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            answers.add(new ObjectMapper().readTree(line));
        }
        return answers;
    }

    /** One SMTP session on Exim's standard input. */
    private static Answer exim(Path folder, Path exim, Path unshare, Session session) throws Exception {
        Path spool = Files.createDirectories(folder.resolve("spool"));
        Path log = folder.resolve("spool/mainlog");
        Files.deleteIfExists(log);
        Files.writeString(folder.resolve("resolv.conf"), "nameserver " + SERVER + "\noptions timeout:30 attempts:1\n");
        Path configuration = Files.writeString(folder.resolve("exim.conf"), """
                keep_environment =
                primary_hostname = mx.example.org
                exim_user = root
                exim_group = root
                spool_directory = %1$s
                log_file_path = %1$s/%%slog
                write_rejectlog = false
                host_lookup =
                hosts_require_helo =
                helo_accept_junk_hosts = *
                rfc1413_query_timeout = 0s
                acl_smtp_mail = check_csa
                begin acl
                check_csa:
                  deny !verify = csa
                       message = csa=$csa_status
                  deny message = csa=$csa_status
                       log_message = told
                """.formatted(spool));
        String script = "mount --bind " + folder.resolve("resolv.conf") + " /etc/resolv.conf && exec " + exim + " -C "
                + configuration + " -bs -oMa " + session.ip();
        Process process = new ProcessBuilder(unshare.toString(), "-m", "sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        String greeting = session.helo().equals("-") ? "" : "EHLO " + session.helo() + "\r\n";
        process.getOutputStream()
                .write((greeting + "MAIL FROM:<a@example.org>\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        String dialogue = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        process.waitFor();
        Matcher status = STATUS.matcher(dialogue);
        assertThat(status.find()).as(session + ": " + dialogue).isTrue();
        Matcher reason = REASON.matcher(Files.exists(log) ? Files.readString(log) : "");
        return new Answer(status.group(1), reason.find() ? reason.group(1) : null);
    }
}
