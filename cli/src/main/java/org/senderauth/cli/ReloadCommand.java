package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MonotonicClock;
import org.senderauth.server.ReloadStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code reload}: makes a running service read its configuration again, and waits for the result. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = "Reload the configuration of a running service and report its verdict.",
        footer = {
            "",
            "Example, as in the systemd unit:",
            "  senderauth reload --pid $MAINPID --status-file /run/senderauth/reload.status",
            "",
            "Exit status: 0 configuration applied, 2 invalid and the old one is kept,",
            "75 no verdict in time."
        })
final class ReloadCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MAX_SECONDS = 600;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--pid", paramLabel = "PID", required = true, description = "Process ID of the service.")
    long pid;

    @Option(
            names = "--status-file",
            paramLabel = "FILE",
            required = true,
            description = "The --status-file of the service.")
    @Nullable
    Path file;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Time to wait for the verdict (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec known = Objects.requireNonNull(spec);
        Path status = Objects.requireNonNull(file);
        if (pid < 1 || seconds < 1 || seconds > MAX_SECONDS) {
            throw new ParameterException(
                    known.commandLine(), "--pid must be positive, and --timeout between 1 and " + MAX_SECONDS);
        }
        PrintWriter err = known.commandLine().getErr();
        long before = ReloadStatus.read(status).number();
        // The JDK sends no SIGHUP.
        Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(pid))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (kill.waitFor() != 0) {
            err.println("senderauth reload: cannot signal process " + pid);
            return ExitStatus.TEMPFAIL;
        }
        MonotonicClock clock = MonotonicClock.system();
        long end = clock.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (clock.nanoTime() - end < 0) {
            ReloadStatus.Verdict verdict = ReloadStatus.read(status);
            if (verdict.number() > before) {
                verdict.problems().forEach(err::println);
                return verdict.good() ? ExitStatus.PASS : ExitStatus.USAGE;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        err.println("senderauth reload: no verdict within " + seconds + " s");
        return ExitStatus.TEMPFAIL;
    }
}
