package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.serve.ConfigException;
import org.senderauth.cli.serve.HangUp;
import org.senderauth.cli.serve.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: the service beside a mail server. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves policy delegation, socketmaps, an SES zone and metrics to a mail server.",
        footer = {
            "",
            "Examples:",
            "  senderauth serve --config /etc/senderauth/senderauth.yaml --check",
            "  senderauth serve --config /etc/senderauth/senderauth.yaml",
            "",
            "SIGHUP reads the configuration again, SIGTERM ends the service.",
            "docs/operations.md has the settings, docs/postfix.md and docs/exim.md the mail",
            "servers' side."
        })
final class ServeCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file (YAML).")
    @Nullable
    Path file;

    @Option(names = "--check", description = "Only read the configuration and tell what is wrong with it.")
    boolean check;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec known = Objects.requireNonNull(spec);
        Path config = Objects.requireNonNull(file);
        PrintWriter out = known.commandLine().getOut();
        try {
            if (check) {
                Service.check(config);
                out.println(config + ": good");
                return ExitStatus.GOOD;
            }
            return run(config, out);
        } catch (ConfigException e) {
            e.problems().forEach(known.commandLine().getErr()::println);
            return ExitStatus.USAGE;
        }
    }

    private static int run(Path config, PrintWriter out) throws IOException, ConfigException, InterruptedException {
        PrintWriter log = new PrintWriter(out, true);
        CountDownLatch stopped = new CountDownLatch(1);
        Service service = Service.start(config, log, InstantSource.system());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            log.println("stopping");
                            service.close();
                            log.println("stopped");
                            stopped.countDown();
                        },
                        "senderauth-stop"));
        if (!HangUp.onSignal(service::reload)) {
            log.println("this platform has no SIGHUP: restart the service after a change of its configuration");
        }
        log.println("ready");
        stopped.await();
        return ExitStatus.GOOD;
    }
}
