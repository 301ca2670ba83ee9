package org.senderauth.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.serve.Reasons;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
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
        // Whatever the platform's charset is: addresses and JSON are UTF-8.
        command.setOut(utf8(System.out));
        command.setErr(utf8(System.err));
        System.exit(command.execute(arguments));
    }

    /** The command with its conventions for errors: one clear line and the right status, never a stack trace. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new SenderauthCommand());
        command.setParameterExceptionHandler(SenderauthCommand::misused);
        command.setExecutionExceptionHandler(SenderauthCommand::failed);
        return command;
    }

    @Override
    public void run() {
        CommandSpec known = Objects.requireNonNull(spec);
        throw new ParameterException(known.commandLine(), "a command is missing");
    }

    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static int misused(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + Reasons.of(e) + " (see '" + name + " --help')");
        return ExitStatus.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Reasons.of(e));
        return e instanceof IOException ? ExitStatus.USAGE : ExitStatus.TRY_LATER;
    }
}
