package org.senderauth.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.serve.Reasons;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command itself: it only leads to its subcommands. */
@Command(
        name = "senderauth",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Proves or refuses the envelope sender of mail: SPF, BATV, SES, CSV and callouts.",
        subcommands = {
            SpfCommand.class,
            BatvCommand.class,
            SesCommand.class,
            CsvCommand.class,
            CalloutCommand.class,
            SimulateCommand.class,
            DemoCommand.class,
            CheckCommand.class,
            ServeCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footer = {"", "Exit status: 0 good, 1 the verdict is negative, 2 usage, 75 try again later."})
public final class SenderauthCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    SenderauthCommand() {}

    /**
     * Runs the command and ends the JVM with its exit status.
     *
     * @param arguments the words behind {@code senderauth}
     */
    public static void main(String[] arguments) {
        CommandLine command = commandLine();
        StandardOutput output = StandardOutput.ofProcess();
        PrintWriter out = output.writer();
        command.setOut(out);
        command.setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
        int status = command.execute(arguments);
        if (out.checkError()) {
            status = ExitStatus.TRY_LATER;
            if (output.complaint() != null) {
                command.getErr().println("senderauth: the answer cannot be written: " + output.complaint());
            }
        }
        System.exit(status);
    }

    /** The command with its conventions for errors: one clear line and the right status, never a stack trace. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new SenderauthCommand());
        answerVersion(command);
        // Addresses are arguments, and a stranger's may begin with an @: it names no file of options.
        command.setExpandAtFiles(false);
        command.setExecutionStrategy(SenderauthCommand::runLast);
        command.setParameterExceptionHandler(SenderauthCommand::misused);
        command.setExecutionExceptionHandler(SenderauthCommand::failed);
        return command;
    }

    /** picocli asks each subcommand for its own version. */
    private static void answerVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(SenderauthCommand::answerVersion);
    }

    @Override
    public void run() {
        CommandSpec known = Objects.requireNonNull(spec);
        throw new ParameterException(known.commandLine(), "a command is missing");
    }

    /** Runs the last command of the line. An option of a command before it would do nothing, and is refused. */
    private static int runLast(ParseResult parsed) {
        for (ParseResult level = parsed; level.hasSubcommand(); level = level.subcommand()) {
            for (OptionSpec option : level.matchedOptions()) {
                if (!option.usageHelp() && !option.versionHelp()) {
                    String last = level.subcommand().commandSpec().name();
                    throw new ParameterException(
                            level.commandSpec().commandLine(),
                            option.longestName() + " stands before '" + last + "'; write it behind");
                }
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int misused(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + Reasons.of(e) + " (see '" + name + " --help')");
        return ExitStatus.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Reasons.of(e));
        return e instanceof IOException ? ExitStatus.USAGE : ExitStatus.TRY_LATER;
    }
}
