package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.page.HtmlPage;
import org.senderauth.server.page.SpfTree;
import org.senderauth.server.page.TreePicture;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTrace;
import org.senderauth.spf.SpfTraceText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spf explain}: the same check, with each query, answer and match. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Show how the result was reached: queries, answers and matches.",
        footer = {
            "",
            "Example:",
            "  senderauth spf explain --ip 192.0.2.1 --helo mail.example.org \\",
            "      --from alice@example.org",
            "",
            "Each term that causes DNS queries shows the DNS lookups and void lookups",
            "that the check has used so far, and their limits.",
            "Exit status as with 'spf check'."
        })
final class SpfExplainCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    SpfOptions options = new SpfOptions();

    @Option(names = "--svg", paramLabel = "FILE", description = "Also write the tree as a picture.")
    @Nullable
    Path svg;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with the picture.")
    @Nullable
    Path html;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        SpfQuery query = options.query(command);
        SpfResult result =
                options.verify(options.verifier(common, command).trace(true).build(), query);
        SpfTrace trace = result.trace().orElseThrow();
        PrintWriter out = command.getOut();
        if (common.json) {
            out.println(JsonLines.write(SpfCheckCommand.json(result).set("trace", SpfTraceJson.of(trace))));
        } else {
            SpfTraceText.lines(result, trace, options.limits(command)).forEach(out::println);
        }
        out.flush();
        String title = "SPF of " + trace.domain() + " for " + query.client().getHostAddress() + ": "
                + result.verdict().text();
        if (svg != null) {
            Files.writeString(svg, TreePicture.svg(title, SpfTree.of(trace)));
        }
        if (html != null) {
            Files.writeString(html, page(title, result, trace, options.limits(command)));
        }
        return SpfOptions.status(result);
    }

    private static String page(String title, SpfResult result, SpfTrace trace, SpfLimits limits) {
        return new HtmlPage(title)
                .line(SpfTraceText.summary(result), SpfTree.tone(result.verdict()))
                .tree(trace.domain(), SpfTree.of(trace))
                .heading("As text")
                .lines(SpfTraceText.lines(result, trace, limits))
                .html();
    }
}
