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
        if ((severity == Severity.ERROR || !errorsOnly) && !follows(rule, span)) {
            findings.add(new LintFinding(rule, severity, path, record, span, reason, fix));
        }
    }

    // The consequence of a fault whose finding says how to mend it: different advice for one place would contradict.
    private boolean follows(LintRule rule, @Nullable Span span) {
        return findings.stream()
                .filter(other -> other.path().equals(path) && other.record().equals(record))
                .anyMatch(other -> switch (rule) {
                    case UNRESOLVABLE_INCLUDE, UNRESOLVABLE_NAME ->
                        span != null
                                && other.rule() == LintRule.BAD_NAME
                                && other.span()
                                        .filter(bad -> span.start() <= bad.start() && bad.end() <= span.end())
                                        .isPresent();
                    case NO_ALL -> other.fix().startsWith("end the record");
                    default -> false;
                });
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
