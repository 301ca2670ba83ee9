package org.senderauth.server.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.page.SpfTree;
import org.senderauth.server.page.TreeNode;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.lint.LintFinding;
import org.senderauth.spf.lint.LintReport;
import org.senderauth.spf.lint.Severity;
import org.senderauth.spf.syntax.RecordExcerpt;
import org.senderauth.spf.syntax.Span;

/**
 * The findings about an SPF record on a page. Immutable.
 *
 * @param domain the domain
 * @param summary the numbers of findings
 * @param findings the findings, the most severe first
 * @param tree the record's worst case; null if there is no record
 */
record LintView(
        String domain,
        String summary,
        List<Finding> findings,
        @Nullable TreeNode tree) {

    private static final int WIDTH = 72;

    /**
     * One finding. Immutable.
     *
     * @param severity its severity
     * @param tone how that looks
     * @param code the code of its rule
     * @param path the include path
     * @param excerpt a part of the record, and the carets under it; empty for the record as a whole
     * @param why the problem and its effect
     * @param fix how to correct it
     */
    record Finding(
            String severity, String tone, String code, String path, List<String> excerpt, String why, String fix) {

        /** Creates a finding; the list is copied. */
        Finding {
            excerpt = List.copyOf(excerpt);
        }

        private static Finding of(LintFinding finding) {
            Span span = finding.span().orElse(null);
            return new Finding(
                    finding.severity().text(),
                    finding.severity() == Severity.ERROR
                            ? "bad"
                            : finding.severity() == Severity.WARNING ? "error" : "plain",
                    finding.rule().code(),
                    String.join(" > ", finding.path()),
                    span == null ? List.of() : RecordExcerpt.of(finding.record(), span, WIDTH),
                    finding.reason(),
                    finding.fix());
        }
    }

    /** Creates a view; the list is copied. */
    LintView {
        findings = List.copyOf(findings);
    }

    static LintView of(LintReport report) {
        return new LintView(
                report.domain(),
                number(report, Severity.ERROR) + ", " + number(report, Severity.WARNING) + ", "
                        + number(report, Severity.NOTE) + (report.complete() ? "" : "; some DNS lookups failed"),
                report.findings().stream().map(Finding::of).toList(),
                report.tree()
                        .map(cost -> SpfTree.of(cost, SpfLimits.RFC_7208.lookups()))
                        .orElse(null));
    }

    private static String number(LintReport report, Severity severity) {
        long count = report.count(severity);
        return count + " " + severity.text() + (count == 1 ? "" : "s");
    }
}
