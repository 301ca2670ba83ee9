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

/** {@code srs}: leads to its subcommands, and answers batches whose lines say what to do. */
@Command(
        name = "srs",
        mixinStandardHelpOptions = true,
        description = "Rewrite the senders of forwarded mail, so that SPF passes and bounces get back.",
        footer = {
            "",
            "Examples:",
            "  senderauth srs keygen srs.secret",
            "  senderauth srs forward --key-file srs.secret --domain srs.example.net \\",
            "      alice@example.org",
            "  senderauth srs --batch addresses.jsonl",
            "",
            "Exit status: 0 good, 1 the verdict is negative, 2 usage."
        })
final class SrsCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Answer each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"op\":\"forward|reverse\",\"address\",\"domain\", \"secret\":TEXT or [TEXT...],\"mode\",\"at\"}"
                        + " gives {\"id\",\"verdict\",\"address\"}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (batch == null) {
            throw new ParameterException(
                    known.commandLine(), "say what to do: keygen, forward, reverse or verify, or --batch FILE");
        }
        return JsonLines.batch(
                batch, System.in, known.commandLine().getOut(), new SrsBatch(common.clock(), "")::answer);
    }
}
