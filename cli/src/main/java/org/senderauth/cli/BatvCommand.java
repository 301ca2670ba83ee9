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

/** {@code batv}: the group of its subcommands, and batches with an operation in each line. */
@Command(
        name = "batv",
        mixinStandardHelpOptions = true,
        description = "Sign envelope senders (BATV) and detect forged bounces.",
        footer = {
            "",
            "Examples:",
            "  senderauth batv keygen batv.key",
            "  senderauth batv sign --key-file batv.key joe@example.org",
            "  senderauth batv --batch addresses.jsonl"
        })
final class BatvCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    BatvOptions keys = new BatvOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Answer each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"op\":\"sign|verify|normalize\",\"address\",\"key\":HEX, \"keyNumber\",\"lifetime\",\"at\"}"
                        + " gives {\"id\",\"verdict\", \"address\",\"form\",\"keyNumber\",\"daysLeft\"}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (batch == null) {
            throw new ParameterException(
                    known.commandLine(),
                    "missing command; expected one of: keygen, sign, verify, normalize, or --batch FILE");
        }
        return new BatvBatch(keys, common.clock(), "").run(batch, known.commandLine());
    }
}
