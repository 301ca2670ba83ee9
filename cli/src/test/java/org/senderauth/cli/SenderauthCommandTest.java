package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SenderauthCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpAndVersionAreGood() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: senderauth", "Exit status: 0 good");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("senderauth ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void badUsageIsOneLineAndStatusTwo() {
        assertThat(run()).isEqualTo(ExitStatus.USAGE);
        assertThat(run("nonsense")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("--nonsense")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("senderauth: "));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason(@TempDir Path folder) throws IOException {
        Path latin = Files.write(folder.resolve("latin.zone"), new byte[] {'x', (byte) 0xE9, '\n'});
        assertThat(run("spf", "check", "--zone", folder + "/no.zone", "--ip", "192.0.2.1", "--helo", "example.org"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("no.zone: there is no such file");
        assertThat(run("spf", "check", "--zone", latin.toString(), "--ip", "192.0.2.1", "--helo", "example.org"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("latin.zone:2: ");
        assertThat(run("spf", "check", "--zone", folder.toString(), "--ip", "192.0.2.1", "--helo", "example.org"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(folder + ": ");
    }

    @Test
    void everyCommandHasHelpThatFits80Columns() {
        helpOf(SenderauthCommand.commandLine());
    }

    @Test
    void everyCommandKnowsItsVersion() {
        assertThat(run("spf", "check", "--version")).isZero();
        assertThat(out.toString()).startsWith("senderauth ");
    }

    @Test
    void anOptionBeforeTheCommandItIsMeantForIsRefused() {
        assertThat(run("batv", "--json", "normalize", "a@example.org")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).startsWith("senderauth batv: --json stands before 'normalize'; write it behind");
        assertThat(run("batv", "--help", "normalize")).isZero();
    }

    @Test
    void anArgumentThatBeginsWithAnAtSignNamesNoFile(@TempDir Path folder) throws IOException {
        Path options = Files.writeString(folder.resolve("options"), "--version");
        assertThat(run("batv", "normalize", "@" + options)).isEqualTo(ExitStatus.NEGATIVE);
        assertThat(out.toString()).startsWith("malformed");
    }

    private static void helpOf(CommandLine command) {
        // picocli breaks longer lines anywhere, in the middle of an example too.
        assertThat(command.getCommandSpec().usageMessage().footer())
                .as(command.getCommandSpec().qualifiedName())
                .allMatch(line -> line.length() <= 80);
        assertThat(command.getUsageMessage().lines())
                .as(command.getCommandSpec().qualifiedName())
                .allMatch(line -> line.length() <= 80);
        command.getSubcommands().values().forEach(SenderauthCommandTest::helpOf);
    }

    @Test
    void completionForShellsIsGenerated() {
        assertThat(run("generate-completion")).isZero();
        assertThat(out.toString()).contains("complete -F");
    }

    private int run(String... arguments) {
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
