package org.senderauth.spf.lint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Span;

/** Collects what is found in one record. */
final class RecordFindings {

    private final List<LintFinding> findings;
    private final List<String> path;
    private final String record;
    private final boolean errorsOnly;

    /**
     * Starts on a record.
     *
     * @param findings where findings go
     * @param path the domains on the way to the record
     * @param record its text
     * @param errorsOnly whether the record is someone else's, whose style is no business of the reader
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

    void add(Diagnosis diagnosis, Severity severity, int termStart) {
        add(
                diagnosis.rule(),
                severity,
                new Span(termStart + diagnosis.start(), termStart + diagnosis.end()),
                diagnosis.reason(),
                diagnosis.fix());
    }
}
