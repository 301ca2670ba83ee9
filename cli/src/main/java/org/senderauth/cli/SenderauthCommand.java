package org.senderauth.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.ErrorText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The {@code senderauth} command, which runs one of its subcommands. */
@Command(
        name = "senderauth",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Verify envelope senders with SPF, BATV, SES, SRS, CSV, DKIM2 and callouts.",
        footer = {"", "Exit status: 0 pass, 1 fail, 2 usage or configuration error,", "75 temporary failure."})
public final class SenderauthCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    SenderauthCommand() {}

    /**
     * Runs the command and ends the JVM with its exit status.
     *
     * @param arguments the command line after {@code senderauth}
     */
    public static void main(String[] arguments) {
        String[] line = optionForHelp(arguments);
        CommandLine command = commandLine(line);
        StandardOutput output = StandardOutput.ofProcess();
        PrintWriter out = output.writer();
        command.setOut(out);
        command.setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
        int status = command.execute(line);
        if (out.checkError()) {
            status = ExitStatus.TEMPFAIL;
            if (output.failure() != null) {
                command.getErr().println("senderauth: cannot write output: " + output.failure());
            }
        }
        System.exit(status);
    }

    /** Returns the command line with {@code help}, its first word, as the option: {@code spf check --help}. */
    static String[] optionForHelp(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("help")) {
            return arguments;
        }
        String[] line = Arrays.copyOfRange(arguments, 1, arguments.length + 1);
        line[arguments.length - 1] = "--help";
        return line;
    }

    /**
     * Returns the command for this command line, with its conventions for errors: one clear line and the right status,
     * never a stack trace. It has only the subcommands that the command line names ({@link Subcommand}).
     */
    static CommandLine commandLine(String... arguments) {
        CommandLine command = new CommandLine(new SenderauthCommand());
        List<String> line = List.of(arguments);
        if (!line.equals(List.of("--version")) && !line.equals(List.of("-V"))) {
            Subcommand.add(command, Subcommand.ALL, line);
        }
        setVersion(command);
        // An address is an argument and may begin with an @; it never names a file of options.
        command.setExpandAtFiles(false);
        command.setExecutionStrategy(SenderauthCommand::runLast);
        command.setParameterExceptionHandler(SenderauthCommand::printUsageError);
        command.setExecutionExceptionHandler(SenderauthCommand::printError);
        return command;
    }

    /** Sets the version of each subcommand, which picocli queries for its own {@code --version}. */
    private static void setVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(SenderauthCommand::setVersion);
    }

    @Override
    public void run() {
        throw missingCommand(Objects.requireNonNull(spec));
    }

    /** The usage error of a command that was called without one of its subcommands. */
    static ParameterException missingCommand(CommandSpec spec) {
        String expected = String.join(", ", spec.subcommands().keySet());
        return new ParameterException(spec.commandLine(), "missing command; expected one of: " + expected);
    }

    /** Runs the last command of the line. Rejects an option before it, which would have no effect. */
    private static int runLast(ParseResult parsed) {
        for (ParseResult level = parsed; level.hasSubcommand(); level = level.subcommand()) {
            for (OptionSpec option : level.matchedOptions()) {
                if (!option.usageHelp() && !option.versionHelp()) {
                    String last = level.subcommand().commandSpec().name();
                    throw new ParameterException(
                            level.commandSpec().commandLine(), "put " + option.longestName() + " after '" + last + "'");
                }
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int printUsageError(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + UsageErrorText.of(e) + " (see '" + name + " --help')");
        return ExitStatus.USAGE;
    }

    private static int printError(Exception e, CommandLine command, ParseResult parsed) {
        boolean fileOrNetwork = e instanceof IOException || e instanceof UncheckedIOException;
        String text = fileOrNetwork ? ErrorText.of(e) : InternalErrorText.of(e);
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + text);
        return fileOrNetwork ? ExitStatus.USAGE : ExitStatus.TEMPFAIL;
    }
}
