package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.server.page.HtmlPage;
import org.senderauth.server.page.SpfTree;
import org.senderauth.server.page.Tone;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.lint.LintFinding;
import org.senderauth.spf.lint.LintReport;
import org.senderauth.spf.lint.LookupCost;
import org.senderauth.spf.lint.Severity;
import org.senderauth.spf.lint.SpfLinter;
import org.senderauth.spf.syntax.RecordExcerpt;
import org.senderauth.spf.syntax.Span;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spf lint}: finds mistakes in a domain's record and how to fix them. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Find mistakes in an SPF record and in all that it includes.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf lint example.org",
            "  senderauth spf lint example.org --record 'v=spf1 mx -all'",
            "",
            "Exit status: 0 no error, 1 errors, 75 some DNS lookups failed."
        })
final class SpfLintCommand implements Callable<Integer> {

    private static final String MARGIN = "    ";
    private static final int TERM_WIDTH = 44;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DOMAIN", description = "The domain.")
    String domain = "";

    @Option(names = "--record", paramLabel = "TEXT", description = "Check this record as if the domain published it.")
    @Nullable
    String record;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with the findings and the tree.")
    @Nullable
    Path html;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Arguments.domain(command, "DOMAIN", domain);
        if (DomainNames.parse(domain).isEmpty()) {
            throw new ParameterException(command, "invalid domain name: '" + domain + "'");
        }
        SpfLinter linter = SpfLinter.of(common.dns());
        LintReport report = record == null ? linter.lint(domain) : linter.lintDraft(domain, record);
        PrintWriter out = command.getOut();
        if (common.json) {
            report.findings().forEach(finding -> out.println(JsonLines.write(json(report, finding))));
        } else {
            print(out, report);
        }
        out.flush();
        if (html != null) {
            Files.writeString(html, page(report));
        }
        if (report.count(Severity.ERROR) > 0) {
            return ExitStatus.FAIL;
        }
        return report.complete() ? ExitStatus.PASS : ExitStatus.TEMPFAIL;
    }

    private static ObjectNode json(LintReport report, LintFinding finding) {
        Span span = finding.span().orElse(null);
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

    // The text of a record's bytes.
    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void print(PrintWriter out, LintReport report) {
        for (LintFinding finding : report.findings()) {
            print(out, finding);
            out.println();
        }
        LookupCost tree = report.tree().orElse(null);
        if (tree != null) {
            out.println("Worst case" + " ".repeat(TERM_WIDTH - 10) + "    DNS  void lookups");
            out.println(" ".repeat(TERM_WIDTH) + "lookups  IPv4  IPv6");
            print(out, tree, "");
            out.println();
        }
        out.println(summary(report));
    }

    private static String summary(LintReport report) {
        return report.domain() + ": " + number(report, Severity.ERROR) + ", " + number(report, Severity.WARNING) + ", "
                + number(report, Severity.NOTE) + (report.complete() ? "" : "; some DNS lookups failed");
    }

    private static String page(LintReport report) {
        Tone result = report.count(Severity.ERROR) > 0
                ? Tone.BAD
                : report.count(Severity.WARNING) > 0 ? Tone.WARNING : Tone.GOOD;
        HtmlPage page = new HtmlPage("SPF record of " + report.domain()).line(summary(report), result);
        report.records().forEach(record -> page.lines(List.of(utf8(record))));
        report.tree()
                .ifPresent(tree -> page.heading("Worst case: DNS lookups, void lookups with IPv4/IPv6")
                        .tree(report.domain(), SpfTree.of(tree, SpfLimits.RFC_7208.lookups())));
        for (LintFinding finding : report.findings()) {
            page.heading(finding.severity().text() + " [" + finding.rule().code() + "] "
                    + String.join(" > ", finding.path()));
            finding.span()
                    .ifPresent(span ->
                            page.lines(RecordExcerpt.of(finding.record(), span, TerminalText.WIDTH - MARGIN.length())));
            page.line("Why: " + finding.reason(), Tone.PLAIN).line("Fix: " + finding.fix(), Tone.GOOD);
        }
        return page.html();
    }

    private static String number(LintReport report, Severity severity) {
        long count = report.count(severity);
        return count + " " + severity.text() + (count == 1 ? "" : "s");
    }

    private static void print(PrintWriter out, LintFinding finding) {
        out.println(
                finding.severity().text() + " [" + finding.rule().code() + "] " + String.join(" > ", finding.path()));
        Span span = finding.span().orElse(null);
        if (span != null) {
            RecordExcerpt.of(finding.record(), span, TerminalText.WIDTH - MARGIN.length())
                    .forEach(line -> out.println(MARGIN + line));
        }
        TerminalText.print(out, "  why ", finding.reason());
        TerminalText.print(out, "  fix ", finding.fix());
    }

    private static void print(PrintWriter out, LookupCost node, String indent) {
        String term = TerminalText.visible(indent + node.term());
        if (term.length() > TERM_WIDTH - 1) {
            TerminalText.wrap(term.strip(), TerminalText.WIDTH - indent.length())
                    .forEach(line -> out.println(indent + line));
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
            TerminalText.print(out, indent + "    ", node.remark());
        }
        node.children().forEach(child -> print(out, child, indent + "  "));
    }
}
