package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the batv subcommands on an address share: one address as argument, or a batch. */
abstract class BatvAddressCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    BatvOptions keys = new BatvOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "ADDR", description = "The address, without angle brackets.")
    @Nullable
    String address;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = "Answer each line of a JSON Lines file, - for standard input; see 'batv --help'.")
    @Nullable
    String batch;

    /** What was found, for machine and human. */
    record Outcome(ObjectNode json, String text, int status) {}

    abstract Outcome answer(String given) throws IOException;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if ((address == null) == (batch == null)) {
            throw new ParameterException(known.commandLine(), "one address is needed, or --batch FILE");
        }
        if (batch != null) {
            return new BatvBatch(keys, common.clock(), known.name()).run(batch, known.commandLine());
        }
        Outcome outcome = answer(Objects.requireNonNull(address));
        PrintWriter out = known.commandLine().getOut();
        out.println(common.json ? JsonLines.write(outcome.json()) : outcome.text());
        out.flush();
        return outcome.status();
    }
}
