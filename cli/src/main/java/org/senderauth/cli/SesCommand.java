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

/** {@code ses}: leads to its subcommands, and answers batches that say themselves what to do. */
@Command(
        name = "ses",
        mixinStandardHelpOptions = true,
        description = "Sign and verify envelope senders (SES); serve public validation over DNS.",
        footer = {
            "",
            "Examples:",
            "  senderauth ses keygen example.org --out ses.keys",
            "  senderauth ses sign alice@example.org --keys ses.keys",
            "  senderauth ses --batch lines.jsonl",
            "",
            "Exit status: 0 pass, 1 fail, 2 usage error, 75 temporary failure."
        })
final class SesCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Process each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"op\":\"sign|verify\",\"address\",\"secrets\":[TEXT...]} gives",
                "{\"id\",\"verdict\",\"address\",\"timecode\",\"messageId\"}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (batch == null) {
            throw new ParameterException(
                    known.commandLine(), "requires a subcommand (keygen, sign, verify, lookup, serve) or --batch FILE");
        }
        return JsonLines.batch(
                batch, System.in, known.commandLine().getOut(), new SesBatch(common.clock(), null)::answer);
    }
}
