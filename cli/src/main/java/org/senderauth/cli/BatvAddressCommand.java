package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The common part of the batv subcommands on an address: one address as argument, or a batch. */
abstract class BatvAddressCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    BatvOptions keys = new BatvOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "ADDR", description = "The address.")
    @Nullable
    String address;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = "Answer each line of a JSON Lines file, - for standard input; see 'batv --help'.")
    @Nullable
    String batch;

    /** The result for machines and humans. */
    record Outcome(ObjectNode json, String text, int status) {}

    abstract Outcome answer(String given) throws IOException;

    /** The reason why a text cannot have a tag: it is not an address with a local part and a domain. */
    static String malformed(String given) {
        EnvelopePath path = EnvelopePath.parse(given);
        if (path instanceof EnvelopePath.Null) {
            return "malformed: the null sender has no address to tag";
        }
        return "malformed: "
                + (path instanceof EnvelopePath.Malformed malformed
                        ? malformed.problem()
                        : "an address has a local part and a domain");
    }

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if ((address == null) == (batch == null)) {
            throw new ParameterException(known.commandLine(), "missing ADDR (or use --batch)");
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
