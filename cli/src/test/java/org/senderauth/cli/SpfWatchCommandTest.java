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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** spf watch against a zone file. */
class SpfWatchCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path zone;

    @BeforeEach
    void writeZone() throws IOException {
        zone = folder.resolve("zone");
        publish("v=spf1 ip4:192.0.2.1 ~all");
    }

    private void publish(String record) throws IOException {
        Files.writeString(zone, "example.org. 60 TXT \"" + record + "\"\n" + """
                example.net.  60 TXT "v=spf1 ip4:192.0.2.1 ip4:192.0.2.1 -all"
                example.com.  60 TXT "v=spf1 <b> +all"
                """);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("spf", "watch", "--zone", zone.toString()));
        all.addAll(List.of(arguments));
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(all.toArray(String[]::new));
    }

    private Path list(String... domains) throws IOException {
        return Files.write(folder.resolve("list"), List.of(domains));
    }

    @Test
    void printsLineForEachDomainInOrder() throws IOException {
        assertThat(run(
                        "example.org",
                        "--file",
                        list("# list", "example.net", "", "example.com").toString()))
                .isEqualTo(1);
        assertThat(out.toString().replaceAll(" +", " ").lines())
                .containsExactly(
                        "domain errors warn. notes lookups ",
                        "example.org 0 0 0 0",
                        "example.net 0 0 1 0 note:duplicate-term",
                        "example.com 2 0 0 0 error:allows-everyone error:syntax",
                        "3 domains, 1 with errors");
        assertThat(run("example.org", "example.net")).isZero();
    }

    @Test
    void comparesWithEarlierRun() throws IOException {
        assertThat(run("example.org", "example.net", "--format", "jsonl")).isZero();
        Path earlier = Files.writeString(folder.resolve("earlier"), out.toString());
        assertThat(out.toString().lines())
                .contains("{\"domain\":\"example.org\",\"errors\":0,\"warnings\":0,\"notes\":0,\"lookups\":0,"
                        + "\"complete\":true,\"findings\":[],\"record\":\"v=spf1 ip4:192.0.2.1 ~all\"}");
        assertThat(run("example.org", "example.net", "--previous", earlier.toString()))
                .isZero();
        publish("v=spf1 ip4:192.0.2.1 ?all");
        assertThat(run("example.org", "example.net", "example.com", "--json", "--previous", earlier.toString()))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("\"change\":\"record +note:neutral-all\"", "\"change\":\"\"", "\"change\":\"new\"");
    }

    @Test
    void escapesRecordsInHtml() {
        assertThat(run("example.com", "--format", "html")).isEqualTo(1);
        assertThat(out.toString())
                .startsWith("<!DOCTYPE html>")
                .contains("<tr class=\"error\"><td>example.com</td><td>2</td>")
                .contains("<code>v=spf1 &lt;b&gt; +all</code>")
                .endsWith("<p>1 domain, 1 with errors</p>\n</main>\n</body>\n</html>\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.org\\na..b | :2: not a valid domain name: 'a..b'",
                "x y | :1: not a valid domain name: '",
            })
    void rejectsInvalidListBeforeWork(String text, String problem) throws IOException {
        Path list = Files.writeString(folder.resolve("list"), text.translateEscapes());
        assertThat(run("--file", list.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(problem);
    }

    @Test
    void rejectsOtherFileAsEarlierRun() {
        assertThat(run("example.org", "--previous", zone.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("zone:1: not a line of 'spf watch --format jsonl'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate 5",
                "example.org --rate 0",
                "example.org --parallel 65",
                "example.org --format xml",
                "a..b",
                "--file ABSENT",
                "example.org --previous ABSENT",
            })
    void rejectsInvalidUse(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }
}
