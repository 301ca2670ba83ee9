package org.senderauth.cli;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dkim2}: leads to its subcommands, and answers batches whose lines name the operation. */
@Command(
        name = "dkim2",
        mixinStandardHelpOptions = true,
        description = "Sign mail with DKIM2 and recognize bounces of it (experimental: drafts change).",
        footer = {
            "",
            "Examples:",
            "  senderauth dkim2 keygen --domain example.org --selector mail mail.pem",
            "  senderauth dkim2 bounce report.eml --to alice@example.org --own-keys own.keys",
            "  senderauth dkim2 --batch messages.jsonl --own-keys own.keys",
            "",
            "Exit status: 0 good, 1 the verdict is negative, 2 usage, 75 try again later."
        })
final class Dkim2Command implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    Dkim2Options options = new Dkim2Options();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Answer each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"op\":\"message|bounce\",\"raw\":BASE64,\"mailFrom\", \"rcptTo\":[...],\"at\":UNIX}"
                        + " gives {\"id\",\"verdict\",\"reason\"}."
            })
    @Nullable
    String batch;

    @Option(
            names = "--explain",
            description = "Add the rule that decided and the signatures to each answer of --batch.")
    boolean explain;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (batch == null) {
            throw new ParameterException(
                    known.commandLine(),
                    "missing command; expected one of: keygen, sign, verify, bounce, or --batch FILE");
        }
        return Dkim2Batch.run(batch, common, options, known.commandLine(), null, explain);
    }
}
