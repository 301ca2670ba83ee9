package org.senderauth.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spf}: leads to its subcommands. */
@Command(
        name = "spf",
        mixinStandardHelpOptions = true,
        description = "SPF (RFC 7208): may this address send for that domain?",
        subcommands = {SpfCheckCommand.class, SpfExplainCommand.class, SpfLintCommand.class})
final class SpfCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }
}
