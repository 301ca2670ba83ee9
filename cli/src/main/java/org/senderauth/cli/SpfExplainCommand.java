package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTrace;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spf explain}: the same check, with each question, answer and match on the way. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Shows how the verdict came about: what was asked, answered and matched.",
        footer = {
            "",
            "Example:",
            "  senderauth spf explain --ip 192.0.2.1 --helo mail.example.org \\",
            "      --from alice@example.org",
            "",
            "Behind a term that asks the DNS stands how many such terms and how many",
            "void answers the check has counted so far.",
            "Exit status as with 'spf check'."
        })
final class SpfExplainCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    SpfOptions question = new SpfOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        SpfQuery query = question.query(command);
        SpfResult result = question.verifier(common).trace(true).build().verify(query);
        SpfTrace trace = Objects.requireNonNull(result.trace());
        PrintWriter out = command.getOut();
        if (common.json) {
            out.println(JsonLines.write(SpfCheckCommand.json(result).set("trace", SpfTraceJson.of(trace))));
        } else {
            new SpfTraceText(out).print(result, trace);
        }
        out.flush();
        return SpfOptions.status(result);
    }
}
