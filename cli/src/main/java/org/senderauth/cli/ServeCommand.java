package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.ConfigCheck;
import org.senderauth.server.ConfigException;
import org.senderauth.server.ErrorText;
import org.senderauth.server.ServiceProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code serve}: runs the service for a mail server. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Run the policy service: policy delegation, socketmaps, SES zone, metrics.",
        footer = {
            "",
            "Examples:",
            "  senderauth serve --config /etc/senderauth/senderauth.yaml --check",
            "  senderauth serve --config /etc/senderauth/senderauth.yaml",
            "",
            "SIGHUP reloads the configuration (see also 'senderauth reload'), SIGTERM stops",
            "the service.",
            "Settings: docs/operations.md. Mail servers: docs/postfix.md, docs/exim.md and",
            "docs/sendmail.md."
        })
final class ServeCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "Configuration file (YAML).")
    @Nullable
    Path file;

    @Option(
            names = "--status-file",
            paramLabel = "FILE",
            description = "Write the result of each reload to this file, for 'senderauth reload'.")
    @Nullable
    Path statusFile;

    @Option(names = "--check", description = "Check the configuration, report all errors, and exit.")
    boolean check;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec known = Objects.requireNonNull(spec);
        Path config = Objects.requireNonNull(file);
        PrintWriter out = known.commandLine().getOut();
        try {
            if (check) {
                List<String> notes = ConfigCheck.run(config);
                out.println(config + ": configuration OK");
                notes.forEach(out::println);
                return ExitStatus.PASS;
            }
            ServiceProcess.run(config, statusFile, StandardOutput.ofProcess().writer());
            return ExitStatus.PASS;
        } catch (ConfigException e) {
            e.problems().forEach(known.commandLine().getErr()::println);
            return ExitStatus.USAGE;
        } catch (IOException e) {
            // An address in use may become free: systemd tries again, as it does not after a usage error.
            if (!(e.getCause() instanceof SocketException)) {
                throw e;
            }
            known.commandLine().getErr().println("senderauth serve: " + ErrorText.of(e));
            return ExitStatus.TEMPFAIL;
        }
    }
}
