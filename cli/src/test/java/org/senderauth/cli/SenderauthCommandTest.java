package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SenderauthCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsHelpAndVersion() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: senderauth", "Exit status: 0 pass, 1 fail");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("senderauth ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void reportsUsageErrorOnOneLine() {
        assertThat(run()).isEqualTo(ExitStatus.USAGE);
        assertThat(run("nonsense")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("--nonsense")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("senderauth: "));
        assertThat(err.toString()).contains("missing command; expected one of: spf, batv,");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void suggestsSubcommandsForMisspelledOne() {
        assertThat(run("chekc")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).startsWith("senderauth: unknown command 'chekc'; did you mean ");
    }

    @Test
    void namesMissingAndUnknownOptions() {
        assertThat(run("check", "--from", "<>")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).startsWith("senderauth check: missing required options --ip and --helo (see");
        err.getBuffer().setLength(0);
        assertThat(run("check", "--ip", "192.0.2.1", "--helo", "h", "--from", "<>", "--frm", "x"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).startsWith("senderauth check: unknown option '--frm'");
    }

    @Test
    void buildsOnlyTheSubcommandThatRuns() {
        for (CommandLine all : List.of(
                SenderauthCommand.commandLine(),
                SenderauthCommand.commandLine("--help"),
                SenderauthCommand.commandLine("generate-completion"))) {
            assertThat(all.getSubcommands()).hasSize(19);
        }
        SenderauthCommand.commandLine().getSubcommands().forEach((name, command) -> {
            if (!name.equals("generate-completion")) {
                CommandLine one = SenderauthCommand.commandLine(name, "--help");
                assertThat(one.getSubcommands()).containsOnlyKeys(name);
                assertThat(one.getSubcommands().get(name).getSubcommands().keySet())
                        .isEqualTo(command.getSubcommands().keySet());
            }
            for (String below : command.getSubcommands().keySet()) {
                CommandLine one = SenderauthCommand.commandLine(name, below, "--help");
                assertThat(one.getSubcommands().get(name).getSubcommands()).containsOnlyKeys(below);
            }
        });
        assertThat(SenderauthCommand.commandLine("--version").getSubcommands()).isEmpty();
    }

    @Test
    void suggestsCommandsOfTheGroupForMisspelledOne() {
        assertThat(run("spf", "chekc")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).startsWith("senderauth spf: unknown command 'chekc'; did you mean ");
        assertThat(run("spf", "--help")).isZero();
        assertThat(out.toString()).contains("check", "explain", "lint", "networks", "flatten", "watch");
    }

    @Test
    void reportsInternalErrorWithoutClassName() {
        CommandLine command = SenderauthCommand.commandLine().addSubcommand("fail", new FailingCommand());
        command.setErr(new PrintWriter(err, true));
        assertThat(command.execute("fail")).isEqualTo(ExitStatus.TEMPFAIL);
        assertThat(err).hasToString("senderauth fail: internal error: no details" + System.lineSeparator());
    }

    /** A command with a bug. */
    @Command(name = "fail")
    private static final class FailingCommand implements Runnable {

        @Override
        public void run() {
            throw new IllegalStateException((String) null);
        }
    }

    @Test
    void namesUnreadableFileAndReason(@TempDir Path folder) throws IOException {
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
    void helpIsFirstWordOrOption() {
        assertThat(SenderauthCommand.optionForHelp("help")).containsExactly("--help");
        assertThat(SenderauthCommand.optionForHelp("help", "spf", "check")).containsExactly("spf", "check", "--help");
        assertThat(SenderauthCommand.optionForHelp("spf", "help")).containsExactly("spf", "help");
        assertThat(SenderauthCommand.optionForHelp()).isEmpty();
    }

    @Test
    void helpOfEveryCommandFits80Columns() {
        helpOf(SenderauthCommand.commandLine());
    }

    @Test
    void everyCommandPrintsVersion() {
        assertThat(run("spf", "check", "--version")).isZero();
        assertThat(out.toString()).startsWith("senderauth ");
    }

    @Test
    void rejectsOptionBeforeItsCommand() {
        assertThat(run("batv", "--json", "normalize", "a@example.org")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).startsWith("senderauth batv: put --json after 'normalize'");
        assertThat(run("batv", "--help", "normalize")).isZero();
    }

    @Test
    void neverReadsArgumentsFromAFile(@TempDir Path folder) throws IOException {
        Path options = Files.writeString(folder.resolve("options"), "--version");
        assertThat(run("batv", "normalize", "@" + options)).isEqualTo(ExitStatus.FAIL);
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
    void generatesShellCompletion() {
        assertThat(run("generate-completion")).isZero();
        assertThat(out.toString()).contains("complete -F");
    }

    private int run(String... arguments) {
        return SenderauthCommand.commandLine(arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
