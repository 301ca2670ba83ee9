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

/** The common part of the srs subcommands on an address: one address as argument, or a batch. */
abstract class SrsAddressCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    SrsOptions options = new SrsOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "ADDR", description = "The address, without angle brackets.")
    @Nullable
    String address;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = "Answer each line of a JSON Lines file, - for standard input; see 'srs --help'.")
    @Nullable
    String batch;

    /** The result, for machine and human. */
    record Outcome(ObjectNode json, String text, int status) {}

    abstract Outcome answer(String given) throws IOException;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if ((address == null) == (batch == null)) {
            throw new ParameterException(known.commandLine(), "one address is needed, or --batch FILE");
        }
        PrintWriter out = known.commandLine().getOut();
        if (batch != null) {
            return JsonLines.batch(batch, System.in, out, new SrsBatch(common.clock(), known.name())::answer);
        }
        Outcome outcome = answer(Objects.requireNonNull(address));
        out.println(common.json ? JsonLines.write(outcome.json()) : outcome.text());
        out.flush();
        return outcome.status();
    }
}
