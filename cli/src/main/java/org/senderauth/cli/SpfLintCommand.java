package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.lint.LintFinding;
import org.senderauth.spf.lint.LintNode;
import org.senderauth.spf.lint.LintReport;
import org.senderauth.spf.lint.Severity;
import org.senderauth.spf.lint.SpfLinter;
import org.senderauth.spf.syntax.Span;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spf lint}: what is wrong with a domain's record, and how to mend it. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Finds mistakes in a domain's SPF record and in all that it includes.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf lint example.org",
            "  senderauth spf lint example.org --record 'v=spf1 mx -all'",
            "",
            "Exit status: 0 no error, 1 errors, 75 the DNS gave no answer."
        })
final class SpfLintCommand implements Callable<Integer> {

    private static final String MARGIN = "    ";
    private static final int TERM_WIDTH = 44;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DOMAIN", description = "The domain.")
    String domain = "";

    @Option(names = "--record", paramLabel = "TEXT", description = "Look at this text, as if the domain published it.")
    @Nullable
    String record;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        if (DomainNames.parse(domain).isEmpty()) {
            throw new ParameterException(command, "'" + domain + "' is no domain name");
        }
        SpfLinter linter = SpfLinter.over(common.dns());
        LintReport report = record == null ? linter.lint(domain) : linter.lintDraft(domain, record);
        PrintWriter out = command.getOut();
        if (common.json) {
            report.findings().forEach(finding -> out.println(JsonLines.write(json(report, finding))));
        } else {
            print(out, report);
        }
        out.flush();
        if (report.count(Severity.ERROR) > 0) {
            return ExitStatus.NEGATIVE;
        }
        return report.complete() ? ExitStatus.GOOD : ExitStatus.TRY_LATER;
    }

    private static ObjectNode json(LintReport report, LintFinding finding) {
        Span span = finding.span();
        ObjectNode object = JsonLines.object()
                .put("domain", report.domain())
                .put("severity", finding.severity().text())
                .put("code", finding.rule().code())
                .put("at", finding.domain());
        finding.path().forEach(object.putArray("path")::add);
        if (span == null) {
            object.putNull("place");
        } else {
            object.putObject("place")
                    .put("start", span.start())
                    .put("end", span.end())
                    .put("text", utf8(span.of(finding.record())));
        }
        return object.put("reason", finding.reason())
                .put("fix", finding.fix())
                .put("section", finding.rule().section());
    }

    // The octets of a record as people read them.
    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void print(PrintWriter out, LintReport report) {
        for (LintFinding finding : report.findings()) {
            print(out, finding);
            out.println();
        }
        LintNode tree = report.tree();
        if (tree != null) {
            out.println("Worst case" + " ".repeat(TERM_WIDTH - 10) + "lookups  empty answers");
            out.println(" ".repeat(TERM_WIDTH) + "  of 10  IPv4  IPv6  of 2");
            print(out, tree, "");
            out.println();
        }
        out.println(report.domain() + ": " + number(report, Severity.ERROR) + ", " + number(report, Severity.WARNING)
                + ", " + number(report, Severity.NOTE) + (report.complete() ? "" : "; the DNS left questions open"));
    }

    private static String number(LintReport report, Severity severity) {
        long count = report.count(severity);
        return count + " " + severity.text() + (count == 1 ? "" : "s");
    }

    private static void print(PrintWriter out, LintFinding finding) {
        out.println(
                finding.severity().text() + " [" + finding.rule().code() + "] " + String.join(" > ", finding.path()));
        Span span = finding.span();
        if (span != null) {
            Excerpt.of(finding.record(), span, Text.WIDTH - MARGIN.length())
                    .forEach(line -> out.println(MARGIN + line));
        }
        Text.print(out, "  why ", finding.reason());
        Text.print(out, "  fix ", finding.fix());
    }

    private static void print(PrintWriter out, LintNode node, String indent) {
        String term = Excerpt.visible(indent + node.term());
        if (term.length() > TERM_WIDTH - 1) {
            Text.wrap(term.strip(), Text.WIDTH - indent.length()).forEach(line -> out.println(indent + line));
            term = "";
        }
        out.println(String.format(
                java.util.Locale.ROOT,
                "%-" + TERM_WIDTH + "s%7d%6d%6d",
                term,
                node.lookups(),
                node.voidsIp4(),
                node.voidsIp6()));
        if (!node.remark().isEmpty()) {
            Text.print(out, indent + "    ", node.remark());
        }
        node.children().forEach(child -> print(out, child, indent + "  "));
    }
}
