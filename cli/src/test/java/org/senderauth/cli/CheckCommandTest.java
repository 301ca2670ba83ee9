package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SecretFiles;
import picocli.CommandLine;

class CheckCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String zone;
    private String config;

    @BeforeEach
    void writeFiles() throws IOException {
        zone = folder.resolve("zone").toString();
        Files.writeString(Path.of(zone), """
                example.net.                300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                loop.example.net.           300 IN CNAME loop.example.net.
                1.2.0.192.dnsbl.example.    300 IN A 127.0.0.2
                """);
        config = folder.resolve("senderauth.yaml").toString();
        SecretFiles.create(folder.resolve("batv.key"), "probe-key-of-16.".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(Path.of(config), """
                hostname: mx.example.org
                domains: [example.org]
                listen: {policy: inet:127.0.0.1:10031}
                steps:
                  spf: {mode: monitor}
                  batv: {mode: enforce}
                batv: {key-file: batv.key}
                """);
    }

    private int check(String... arguments) {
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 3];
        all[0] = "check";
        all[1] = "--zone";
        all[2] = zone;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return command.execute(all);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, bob@example.net, 0, continue: no check failed",
        "192.0.2.2, bob@example.net, 1, reject: 550 5.7.23",
        "192.0.2.2, bob@loop.example.net, 75, defer: 451 4.7.24",
        "192.0.2.2, <>, 0, continue: no check failed"
    })
    void reportsActionInStatusAndFirstLine(String ip, String from, int status, String line) {
        assertThat(check("--ip", ip, "--helo", "h.example", "--from", from)).isEqualTo(status);
        assertThat(out.toString()).startsWith(line);
    }

    @Test
    void explainsEachStepIn80Columns() {
        check("--ip", "192.0.2.2", "--helo", "h.example", "--from", "bob@example.net");
        assertThat(out.toString())
                .contains("because spf: fail (enforce): 192.0.2.2 is not authorized to send mail for")
                .contains("csv (enforce): unknown (neutral)")
                .contains("spf (enforce): fail\n")
                .contains("headers:");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void queriesGivenBlockList() {
        assertThat(check("--ip", "192.0.2.1", "--helo", "h", "--from", "bob@example.net", "--dnsbl", "dnsbl.example"))
                .isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).startsWith("reject: 550 5.7.1 ").contains("192.0.2.1 is listed by dnsbl.example");
    }

    @Test
    void decidesLikeTheServiceWithConfig() {
        String[] mail = {"--config", config, "--ip", "192.0.2.2", "--helo", "h", "--from", "bob@example.net", "--json"};
        assertThat(check(mail)).isEqualTo(ExitStatus.PASS);
        assertThat(out.toString())
                .startsWith("{\"action\":\"continue\",\"reply\":null,")
                .contains("\"step\":\"spf\",\"mode\":\"monitor\",\"outcome\":\"fail\",\"result\":\"fail\"");
        out.getBuffer().setLength(0);
        assertThat(check(
                        "--config",
                        config,
                        "--ip",
                        "192.0.2.2",
                        "--helo",
                        "h",
                        "--from",
                        "<>",
                        "--to",
                        "a@example.org"))
                .isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).startsWith("reject: 550 5.7.1 ");
    }

    @Test
    void exemptsAuthenticatedUser() {
        assertThat(check("--ip", "192.0.2.2", "--helo", "h", "--from", "bob@example.net", "--user", "bob"))
                .isEqualTo(ExitStatus.PASS);
        assertThat(out.toString()).startsWith("continue: exempt: the client is authenticated");
    }

    @Test
    void reportsUsageErrorOnOneLine() throws IOException {
        assertThat(check("--ip", "x", "--helo", "h", "--from", "a@example.net")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).singleElement().asString().contains("invalid IP address for --ip: 'x'");
        err.getBuffer().setLength(0);
        assertThat(check("--ip", "192.0.2.1", "--helo", "h", "--from", "a@example.net", "--dnsbl", "no domain..x"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        err.getBuffer().setLength(0);
        Files.writeString(Path.of(config), "hostname: mx\n");
        assertThat(check("--config", config, "--ip", "192.0.2.1", "--helo", "h", "--from", "a@example.net"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("senderauth.yaml:1: hostname: must be a domain name");
    }

    @ParameterizedTest
    @CsvSource({
        "bob@soft.example.net, '', 0",
        "bob@soft.example.net, --reject-softfail, 1",
        "bob@deep.example.net, '', 1",
        "bob@deep.example.net, --max-lookups=0, 0",
        "bob@deep.example.net, --max-lookups=0 --reject-permerror, 1",
    })
    void appliesLimitsAndReadings(String from, String options, int status) throws IOException {
        Files.writeString(Path.of(zone), """
                soft.example.net. 300 IN TXT "v=spf1 ~all"
                deep.example.net. 300 IN TXT "v=spf1 a -all"
                deep.example.net. 300 IN A 192.0.2.7
                """);
        String all = "--ip 192.0.2.2 --helo h.example --from " + from + " " + options;
        assertThat(check(all.strip().split(" "))).isEqualTo(status);
    }

    @Test
    void rejectsLimitsNextToConfig() {
        assertThat(check("--ip=192.0.2.2", "--helo=h.example", "--from=", "--max-mx=3", "--config", config))
                .isEqualTo(2);
        assertThat(err.toString()).contains("limits of SPF cannot be combined with --config");
    }
}
