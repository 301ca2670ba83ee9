package org.senderauth.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bounce}: the group of its subcommand. */
@Command(
        name = "bounce",
        mixinStandardHelpOptions = true,
        description = "Classify messages as bounces, receipts and automatic replies.")
final class BounceCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "missing command; expected: classify");
    }
}
