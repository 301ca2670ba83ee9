package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpfCommandTest {

    private static final String ZONE = """
            $TTL 60
            example.org.       TXT "v=spf1 ip4:192.0.2.1 ?ip4:192.0.2.2 ~ip4:192.0.2.3 exp=why.example.org -all"
            why.example.org.   TXT "not from %{i}"
            mail.example.org.  TXT "v=spf1 -all"
            bad.example.org.   TXT "v=spf1 ip4:192.0.2.1 nonsense -all"
            """;

    @TempDir
    Path folder;

    private Path zone;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeZone() throws IOException {
        zone = Files.writeString(folder.resolve("zone"), ZONE);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, alice@example.org, pass, 0",
        "192.0.2.2, alice@example.org, neutral, 0",
        "192.0.2.3, alice@example.org, softfail, 1",
        "192.0.2.4, alice@example.org, fail, 1",
        "::ffff:192.0.2.1, alice@example.org, pass, 0",
        "192.0.2.1, <alice@example.org>, pass, 0",
        "192.0.2.1, alice@nothing.example, none, 0",
        "192.0.2.1, alice@bad.example.org, permerror, 1",
        "192.0.2.1, '', fail, 1"
    })
    void exitsWithStatusOfResult(String ip, String from, String verdict, int status) {
        assertThat(run("spf", "check", "--ip", ip, "--helo", "mail.example.org", "--from", from))
                .isEqualTo(status);
        assertThat(out.toString()).startsWith(verdict);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void checksHeloNameWithoutSender() {
        assertThat(run("spf", "check", "--json", "--ip", "192.0.2.1", "--helo", "mail.example.org"))
                .isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString())
                .contains("\"result\":\"fail\",\"identity\":\"helo\",\"domain\":\"mail.example.org\"");
    }

    @Test
    void printsBothIdentitiesAndCountsSender() {
        run("spf", "check", "--ip", "192.0.2.1", "--helo", "mail.example.org", "--from", "alice@example.org");
        assertThat(out.toString().lines()).anyMatch(line -> line.startsWith("  helo     fail (-all): "));
    }

    @Test
    void writesBatchFieldsAndContinuesAfterBadLine() throws IOException {
        Path in = Files.writeString(folder.resolve("in"), """
                {"id":"a","ip":"192.0.2.9","helo":"mail.example.org","from":"alice@example.org"}
                {"id":"b","ip":"192.0.2.9.9","helo":"x"}
                {"id":"c","ip":"192.0.2.1","helo":"mail.example.org","from":7}
                oops
                {"id":"d","ip":"192.0.2.1","helo":"mail.example.org","from":""}
                {"id":"e","ip":"192.0.2.1","mailfrom":"alice@example.org"}
                """);
        assertThat(run("spf", "check", "--receiver", "mx.example.com", "--batch", in.toString()))
                .isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0))
                .startsWith("{\"id\":\"a\",\"result\":\"fail\",\"identity\":\"mailfrom\",\"domain\":\"example.org\","
                        + "\"mechanism\":\"-all\",\"explanation\":\"not from 192.0.2.9\",\"problem\":null,"
                        + "\"lookups\":0,\"voidLookups\":0,\"receivedSpf\":\"Received-SPF: fail (")
                .contains("\"authenticationResults\":\"Authentication-Results: mx.example.com;");
        assertThat(lines.get(1)).isEqualTo("{\"id\":\"b\",\"error\":\"\\\"ip\\\" is not an IP address\"}");
        assertThat(lines.get(2)).isEqualTo("{\"id\":\"c\",\"error\":\"\\\"from\\\" must be a string\"}");
        assertThat(lines.get(3)).startsWith("{\"error\":\"invalid JSON");
        assertThat(lines.get(4)).startsWith("{\"id\":\"d\",\"result\":\"fail\",\"identity\":\"mailfrom\"");
        assertThat(lines.get(5)).isEqualTo("{\"id\":\"e\",\"error\":\"missing \\\"helo\\\" or \\\"from\\\"\"}");
    }

    @Test
    void marksErrorInRecord() {
        assertThat(run("spf", "explain", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@bad.example.org"))
                .isEqualTo(ExitStatus.FAIL);
        List<String> lines = out.toString().lines().toList();
        int record = lines.indexOf("   v=spf1 ip4:192.0.2.1 nonsense -all");
        assertThat(record).isPositive();
        assertThat(lines.get(record + 1)).isEqualTo("                        ^^^^^^^^");
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void printsShortFormOfIpv6Client() {
        run("spf", "check", "--ip", "2001:DB8:0:0:0::9", "--helo", "x.example", "--from", "a@example.org");
        assertThat(out.toString())
                .startsWith("fail (-all): 2001:db8::9 is not authorized to send mail for example.org");
    }

    @Test
    void writesWholeTraceAsJson() {
        run("spf", "explain", "--json", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@example.org");
        assertThat(out.toString()).contains("\"trace\":{\"domain\":\"example.org\"", "\"term\":\"-all\"", "\"match\"");
    }

    @Test
    void evaluatesDraftRecord() {
        assertThat(run(
                        "spf",
                        "check",
                        "--ip",
                        "192.0.2.7",
                        "--helo",
                        "x.example",
                        "--from",
                        "a@example.org",
                        "--record",
                        "v=spf1 include:mail.example.org ip4:192.0.2.7 -all"))
                .isZero();
        assertThat(out.toString())
                .startsWith("pass (ip4:192.0.2.7): ")
                .contains("  used     1 of 10 DNS lookups, 0 of 2 ");
    }

    @Test
    void appliesLimitsOfOptions() {
        String[] explain = {
            "spf",
            "explain",
            "--ip",
            "2001:db8::9",
            "--helo",
            "x.example",
            "--from",
            "a@example.org",
            "--record",
            "v=spf1 mx -all"
        };
        assertThat(run(append(explain, "--max-lookups", "0"))).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).contains("problem: example.org, octet 7: DNS lookup limit exceeded (0)");
        out.getBuffer().setLength(0);
        run(append(explain, "--void-counting", "queries", "--max-void-lookups", "0"));
        assertThat(out.toString())
                .contains("void lookup limit exceeded (0)")
                .contains("used: 1 of 10 DNS lookups, 1 of 0 void lookups");
        assertThat(err.toString()).isEmpty();
        run("spf", "check", "--ip", "192.0.2.1", "--helo", "x", "--max-mx", "101");
        assertThat(err.toString()).contains("--max-mx must be between 0 and 100, was 101");
    }

    private static String[] append(String[] words, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(words), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Test
    void explainsIncludesLoopsAndErrorsOnce() throws IOException {
        Files.writeString(zone, """
                $TTL 60
                soft.example.org.  TXT "v=spf1 include:in.example.org -all"
                in.example.org.    TXT "v=spf1 ~all"
                loop.example.org.  TXT "v=spf1 include:back.example.org -all"
                back.example.org.  TXT "v=spf1 include:loop.example.org -all"
                deep.example.org.  TXT "v=spf1 include:mid.example.org -all"
                mid.example.org.   TXT "v=spf1 include:end.example.org -all"
                end.example.org.   TXT "v=spf1 ip4:1.2.3 -all"
                """);
        run("spf", "explain", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@soft.example.org");
        assertThat(out.toString()).contains("softfail here: the include does not match");
        out.getBuffer().setLength(0);
        run("spf", "explain", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@loop.example.org");
        assertThat(out.toString())
                .containsOnlyOnce("loop: loop.example.org > back.example.org > loop.example.org")
                .containsOnlyOnce("DNS lookup limit exceeded (10)");
        out.getBuffer().setLength(0);
        run("spf", "explain", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@deep.example.org");
        assertThat(out.toString())
                .containsOnlyOnce("`- permerror: ")
                .contains("path: deep.example.org > mid.example.org > end.example.org");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spf",
                "spf check",
                "spf check --ip 192.0.2.1",
                "spf check --helo x",
                "spf check --ip 192.0.2.1.1 --helo x",
                "spf check --ip host.example --helo x",
                "spf check --ip 192.0.2.1 --helo x --nonsense",
                "spf check --ip 192.0.2.1 --helo x --at noon",
                "spf check --ip 192.0.2.1 --helo x --dns 127.0.0.1:0",
                "spf check --batch nosuchfile",
                "spf check --batch .",
                "spf check --ip 192.0.2.1 --helo",
                "spf check --ip 192.0.2.1 --helo x --dns :53",
                "spf check --ip 192.0.2.1 --helo x --dns 127.0.0.1:99999",
                "spf explain --ip 192.0.2.1 --helo x --zone nosuchfile",
                "spf check --batch - --ip 192.0.2.1",
                "spf check --ip 192.0.2.1 --helo x --zone nosuchfile",
                "spf explain --ip 192.0.2.1",
                "spf check --ip 192.0.2.1 --helo x --max-lookups 101",
                "spf check --ip 192.0.2.1 --helo x --max-lookups many",
                "spf check --ip 192.0.2.1 --helo x --void-counting hosts",
                "spf check --batch - --record v=spf1",
                "spf nonsense"
            })
    void reportsUsageErrorOnOneLine(String words) {
        int status = SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.split(" "));
        assertThat(status).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.startsWith("senderauth spf"));
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--zone";
        all[words.length + 1] = zone.toString();
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
