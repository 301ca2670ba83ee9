package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Pages and pictures that the command writes. */
class PictureTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeEach
    void writeZone() throws IOException {
        Files.writeString(
                folder.resolve("zone"),
                "example.net. 300 IN TXT \"v=spf1 include:_spf.example.net a:<script>.example.net -all\"\n"
                        + "_spf.example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
    }

    private int run(String... arguments) {
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(out, true));
        return command.execute(arguments);
    }

    private String file(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void explainWritesItsTreeAsPictureAndPage() throws IOException {
        run(
                "spf",
                "explain",
                "--zone",
                folder.resolve("zone").toString(),
                "--ip",
                "192.0.2.1",
                "--helo",
                "mail.example.net",
                "--from",
                "alice@example.net",
                "--svg",
                folder.resolve("tree.svg").toString(),
                "--html",
                folder.resolve("tree.html").toString());
        for (String name : new String[] {"tree.svg", "tree.html"}) {
            assertThat(file(name))
                    .contains("include:_spf.example.net", "ip4:192.0.2.1")
                    .doesNotContain("<script");
        }
        assertThat(file("tree.svg")).startsWith("<svg xmlns=");
        assertThat(file("tree.html")).contains("<svg xmlns=").endsWith("</html>\n");
    }

    @Test
    void lintWritesItsFindingsAsPage() throws IOException {
        run(
                "spf",
                "lint",
                "--zone",
                folder.resolve("zone").toString(),
                "example.net",
                "--html",
                folder.resolve("lint.html").toString());
        assertThat(file("lint.html"))
                .contains("SPF record of example.net", "&lt;script&gt;", "Fix: ")
                .doesNotContain("<script");
    }

    @Test
    void reportWritesItsNumbersAsPage() throws IOException {
        Files.writeString(
                folder.resolve("log"),
                "decision action=continue id=b time=2026-11-28T12:00:00Z reply=- by=spf would=reject"
                        + " would-reply=\"550 5.7.23 x\" client=192.0.2.1 helo=\"h\" from=\"<<script>@example.net>\""
                        + " steps=spf:fail ms=1 reason=\"x\"\n");
        assertThat(run(
                        "report",
                        "--log",
                        folder.resolve("log").toString(),
                        "--html",
                        folder.resolve("report.html").toString()))
                .isEqualTo(ExitStatus.PASS);
        assertThat(file("report.html"))
                .contains("2026-11-28", "&lt;&lt;script&gt;@example.net&gt;", "192.0.2.0/24")
                .doesNotContain("<script");
    }
}
