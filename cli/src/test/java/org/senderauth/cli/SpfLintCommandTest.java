package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** spf lint as a user calls it, against a zone file. */
class SpfLintCommandTest {

    private static final String ZONE = """
            $ORIGIN example.org.
            $TTL 300
            @      IN SOA ns hostmaster 1 3600 600 86400 300
            @      IN TXT "v=spf1 mx include:_spf.example.net exp=why.%{d} -all"
            @      IN MX 10 mail
            mail   IN A 192.0.2.1
            mail   IN AAAA 2001:db8::1
            mail   IN TXT "v=spf1 a -all"
            why    IN TXT "%{i} is not ours"
            soft   IN TXT "v=spf1 ~all"
            broken IN TXT "v=spf1 ipv4:192.0.2.1 -all"
            open   IN TXT "v=spf1 +all"
            two    IN TXT "v=spf1 -all"
            two    IN TXT "v=spf1 mx -all"
            _spf.example.net. IN TXT "v=spf1 ip6:2001:db8:7::/48 ?all"
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private Path zone;

    @BeforeEach
    void writeZone() throws IOException {
        zone = Files.writeString(folder.resolve("example.zone"), ZONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spf lint",
                "spf lint a..b",
                "spf lint example.org example.net",
                "spf lint example.org --record",
                "spf lint example.org --zone ABSENT",
            })
    void reportsUsageErrorOnOneLine(String line) {
        List<String> arguments = new ArrayList<>();
        for (String word : line.split(" ")) {
            arguments.add(
                    switch (word) {
                        case "ABSENT" -> folder.resolve("absent").toString();
                        default -> word;
                    });
        }
        assertThat(execute(arguments)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1).allMatch(text -> text.startsWith("senderauth spf"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void exitsByWorstFinding() {
        assertThat(run("spf", "lint", "example.org")).isEqualTo(ExitStatus.PASS);
        assertThat(run("spf", "lint", "soft.example.org")).isEqualTo(ExitStatus.PASS);
        assertThat(run("spf", "lint", "broken.example.org")).isEqualTo(ExitStatus.FAIL);
        assertThat(run("spf", "lint", "open.example.org")).isEqualTo(ExitStatus.FAIL);
        assertThat(run("spf", "lint", "two.example.org")).isEqualTo(ExitStatus.FAIL);
        assertThat(run("spf", "lint", "none.example.org")).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString().lines()).allMatch(line -> line.length() < 80);
    }

    @Test
    void printsOneObjectForEachFinding() {
        assertThat(run("spf", "lint", "--json", "broken.example.org")).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(out.toString())
                .startsWith("{\"domain\":\"broken.example.org\",\"severity\":\"error\",\"code\":\"misspelled-term\","
                        + "\"at\":\"broken.example.org\",\"path\":[\"broken.example.org\"],"
                        + "\"place\":{\"start\":7,\"end\":11,\"text\":\"ipv4\"},\"reason\":");
    }

    @Test
    void lintsDraft() {
        assertThat(run("spf", "lint", "broken.example.org", "--record", "v=spf1 a:mail.example.org -all"))
                .isEqualTo(ExitStatus.PASS);
        assertThat(out.toString()).contains("0 errors, 0 warnings, 0 notes");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--zone");
        all.add(zone.toString());
        return execute(all);
    }

    private int execute(List<String> arguments) {
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
