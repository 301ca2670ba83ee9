package org.senderauth.spf.lint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Span;

/** Collects the findings of one record. */
final class RecordFindings {

    private final List<LintFinding> findings;
    private final List<String> path;
    private final String record;
    private final boolean errorsOnly;

    /**
     * Creates a collector for a record.
     *
     * @param findings collects all findings
     * @param path the include path
     * @param record its text
     * @param errorsOnly whether only errors are reported: the record is another operator's
     */
    RecordFindings(List<LintFinding> findings, List<String> path, String record, boolean errorsOnly) {
        this.findings = findings;
        this.path = List.copyOf(path);
        this.record = record;
        this.errorsOnly = errorsOnly;
    }

    void add(LintRule rule, @Nullable Span span, String reason, String fix) {
        add(rule, rule.severity(), span, reason, fix);
    }

    void add(LintRule rule, Severity severity, @Nullable Span span, String reason, String fix) {
        if (severity == Severity.ERROR || !errorsOnly) {
            findings.add(new LintFinding(rule, severity, path, record, span, reason, fix));
        }
    }

    void add(Suggestion diagnosis, Severity severity, int termStart) {
        add(
                diagnosis.rule(),
                severity,
                new Span(termStart + diagnosis.start(), termStart + diagnosis.end()),
                diagnosis.reason(),
                diagnosis.fix());
    }
}
