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

/** spf networks and spf flatten against a zone file. */
class SpfFlattenCommandTest {

    private static final String PROVIDER =
            "_spf.example.net. 60 TXT \"v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 -all\"\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path zone;

    @BeforeEach
    void writeZone() throws IOException {
        zone = folder.resolve("zone");
        publish("v=spf1 a:mail.example.org include:_spf.example.net exists:%{i}.x.example.org -all", PROVIDER);
    }

    private void publish(String record, String more) throws IOException {
        Files.writeString(zone, "example.org. 60 TXT \"" + record + "\"\n" + """
                mail.example.org.   60 A 192.0.2.1
                none.example.org.   60 A 192.0.2.1
                loop.example.org.   60 TXT "v=spf1 include:loop.example.org -all"
                other.example.org.  60 TXT "v=spf1 include:_spf.example.net -all"
                """ + more);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("spf", arguments[0], "--zone", zone.toString()));
        all.addAll(List.of(arguments).subList(1, arguments.length));
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(all.toArray(String[]::new));
    }

    @Test
    void listsNetworksByTerm() {
        assertThat(run("networks", "example.org")).isZero();
        assertThat(out.toString())
                .contains(
                        "  a:mail.example.org                           1 IPv4 address\n",
                        "example.org > _spf.example.net\n  ip4:198.51.100.0/24                          256 IPv4 addresses\n",
                        "192.0.2.1/32\n198.51.100.0/24\n2001:db8::/32\n",
                        "example.org authorizes 257 IPv4 addresses, 1 IPv6 network\n",
                        "not listed: exists:%{i}.x.example.org (depends on the client or sender)\n",
                        "other clients: fail\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postfix | 198.51.100.0/24 permit",
                "postfix | # not listed: exists:%{i}.x.example.org",
                "nft | set d_example_org_4 {",
                "nft | elements = { 2001:db8::/32 }",
                "json | \"ip4Addresses\":257",
                "json | \"networks\":[\"192.0.2.1/32\",\"198.51.100.0/24\",\"2001:db8::/32\"]",
            })
    void writesOtherFormats(String format, String text) {
        assertThat(run("networks", "example.org", "--format", format)).isZero();
        assertThat(out.toString()).contains(text);
    }

    @Test
    void countsDomainsThatShareNetworks() throws IOException {
        Path list = Files.writeString(
                folder.resolve("list"),
                "other.example.org\n# comment\n\nloop.example.org\nexample.org\nExample.org.\n");
        assertThat(run("networks", "example.org", "--shared", list.toString())).isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("a:mail.example.org 1 IPv4 address; shared by 0 of 2 domains")
                .contains("ip4:198.51.100.0/24 256 IPv4 addresses; shared by 1 of 2 domains");
    }

    @Test
    void writesZoneFile() throws IOException {
        Path file = folder.resolve("spf.zone");
        assertThat(run("flatten", "example.org", "--output", file.toString())).isZero();
        assertThat(Files.readString(file))
                .startsWith("; example.org: 1 record, 1 of 10 DNS lookups; same results as the source for ")
                .contains("\n; source: v=spf1 a:mail.example.org include:_spf.example.net")
                .contains("\n; kept: exists:%{i}.x.example.org\n")
                .endsWith("\nexample.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 ip6:2001:db8::/32"
                        + " exists:%{i}.x.example.org -all\"\n");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("zone", "spf.zone");
    }

    @Test
    void reportsChangesSinceOutput() throws IOException {
        String file = folder.resolve("spf.zone").toString();
        run("flatten", "example.org", "--output", file);
        assertThat(run("flatten", "example.org", "--check", file)).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("example.org: the published record is not that of " + file + "\n");

        String flat = "v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 ip6:2001:db8::/32 exists:%{i}.x.example.org -all";
        publish(flat, PROVIDER);
        assertThat(run("flatten", "example.org", "--check", file)).isZero();
        assertThat(out.toString()).isEmpty();

        publish(
                flat,
                "_spf.example.net. 60 TXT \"v=spf1 ip4:198.51.100.0/25 ip4:203.0.113.7 ip6:2001:db8::/32 -all\"\n");
        assertThat(run("flatten", "example.org", "--check", file)).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("- 198.51.100.128/25\n+ 203.0.113.7/32\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none.example.org | senderauth: none.example.org has no SPF record",
                "loop.example.org | senderauth: include loop: loop.example.org > loop.example.org",
            })
    void explainsUnusableRecordInOneLine(String domain, String reason) throws IOException {
        Path file = folder.resolve("spf.zone");
        for (String[] command : new String[][] {
            {"networks", domain}, {"flatten", domain}, {"flatten", domain, "--output", file.toString()}
        }) {
            assertThat(run(command)).isEqualTo(1);
            assertThat(out.toString()).isEmpty();
            assertThat(err.toString()).isEqualTo(reason + "\n");
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "networks a..b",
                "networks example.org --format xml",
                "networks example.org --shared ABSENT",
                "flatten",
                "flatten example.org --keep _spf.example.net",
                "flatten example.org --keep include:a..b",
                "flatten example.org --max-octets 99",
                "flatten example.org --check ABSENT",
                "flatten example.org --check A --output B",
            })
    void rejectsInvalidUse(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void rejectsOtherFileAsEarlierOutput() {
        assertThat(run("flatten", "example.org", "--check", zone.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("not an output of 'spf flatten example.org'");
    }
}
