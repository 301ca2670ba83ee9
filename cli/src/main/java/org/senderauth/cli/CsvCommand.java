package org.senderauth.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code csv}: leads to its subcommands. */
@Command(
        name = "csv",
        mixinStandardHelpOptions = true,
        description = "Certified Server Validation: is a host entitled to its HELO name?")
final class CsvCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "say what to do: check or publish");
    }
}
