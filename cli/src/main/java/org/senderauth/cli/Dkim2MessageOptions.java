package org.senderauth.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The message that {@code dkim2 verify} and {@code dkim2 bounce} check, and how much they print. */
final class Dkim2MessageOptions {

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The message, - for standard input.")
    @Nullable
    String file;

    @Option(names = "--to", paramLabel = "ADDR", description = "An envelope recipient; may be repeated.")
    List<String> to = List.of();

    @Option(names = "--explain", description = "Print the rule that decided, the signatures and the suggested reply.")
    boolean explain;

    @Option(names = "--batch", paramLabel = "FILE", description = "Check each line of a JSON Lines file; see dkim2.")
    @Nullable
    String batch;
}
