package org.senderauth.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spf}: the parent of the SPF commands. */
@Command(
        name = "spf",
        mixinStandardHelpOptions = true,
        description = "Check, explain, lint, list, flatten and watch SPF records (RFC 7208).")
final class SpfCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "missing command; expected one of: check, explain, lint, networks, flatten, watch");
    }
}
