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
    void theExitStatusTellsTheVerdict(String ip, String from, String verdict, int status) {
        assertThat(run("spf", "check", "--ip", ip, "--helo", "mail.example.org", "--from", from))
                .isEqualTo(status);
        assertThat(out.toString()).startsWith(verdict);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutAReversePathTheHeloNameIsChecked() {
        assertThat(run("spf", "check", "--json", "--ip", "192.0.2.1", "--helo", "mail.example.org"))
                .isEqualTo(ExitStatus.NEGATIVE);
        assertThat(out.toString())
                .contains("\"result\":\"fail\",\"identity\":\"helo\",\"domain\":\"mail.example.org\"");
    }

    @Test
    void bothIdentitiesAreShownAndTheReversePathCounts() {
        run("spf", "check", "--ip", "192.0.2.1", "--helo", "mail.example.org", "--from", "alice@example.org");
        assertThat(out.toString().lines()).anyMatch(line -> line.startsWith("  helo     fail by '-all'"));
    }

    @Test
    void aBatchGivesThePromisedFieldsInOrderAndGoesOnAfterABadLine() throws IOException {
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
        assertThat(lines.get(1)).isEqualTo("{\"id\":\"b\",\"error\":\"\\\"ip\\\" is no IP address\"}");
        assertThat(lines.get(2)).isEqualTo("{\"id\":\"c\",\"error\":\"\\\"from\\\" must be a string\"}");
        assertThat(lines.get(3)).startsWith("{\"error\":\"not JSON");
        assertThat(lines.get(4)).startsWith("{\"id\":\"d\",\"result\":\"fail\",\"identity\":\"mailfrom\"");
        assertThat(lines.get(5)).isEqualTo("{\"id\":\"e\",\"error\":\"\\\"helo\\\" or \\\"from\\\" is needed\"}");
    }

    @Test
    void theExplanationShowsWhereARecordIsWrong() {
        assertThat(run("spf", "explain", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@bad.example.org"))
                .isEqualTo(ExitStatus.NEGATIVE);
        List<String> lines = out.toString().lines().toList();
        int record = lines.indexOf("   v=spf1 ip4:192.0.2.1 nonsense -all");
        assertThat(record).isPositive();
        assertThat(lines.get(record + 1)).isEqualTo("                        ^^^^^^^^");
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void anIpv6ClientIsShownInItsShortForm() {
        run("spf", "check", "--ip", "2001:DB8:0:0:0::9", "--helo", "x.example", "--from", "a@example.org");
        assertThat(out.toString()).startsWith("fail by '-all': 2001:db8::9 for the reverse-path of example.org");
    }

    @Test
    void theExplanationAsJsonHoldsTheWholeTree() {
        run("spf", "explain", "--json", "--ip", "192.0.2.9", "--helo", "x.example", "--from", "a@example.org");
        assertThat(out.toString()).contains("\"trace\":{\"domain\":\"example.org\"", "\"term\":\"-all\"", "\"match\"");
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
                "spf nonsense"
            })
    void badUsageIsOneLineAndNothingElse(String words) {
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
