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
    private final boolean grants;

    /**
     * Creates a collector for a record.
     *
     * @param findings collects all findings
     * @param path the include path
     * @param record its text
     * @param errorsOnly whether only errors are reported: the record is another operator's
     * @param grants whether a pass here is a pass of the whole check; if not, no term authorizes a client
     */
    RecordFindings(List<LintFinding> findings, List<String> path, String record, boolean errorsOnly, boolean grants) {
        this.findings = findings;
        this.path = List.copyOf(path);
        this.record = record;
        this.errorsOnly = errorsOnly;
        this.grants = grants;
    }

    /** Returns the domain of the record. */
    String domain() {
        return path.get(path.size() - 1);
    }

    /** Tests whether a pass here is a pass of the whole check: if not, a narrower term may authorize more clients. */
    boolean grants() {
        return grants;
    }

    void add(LintRule rule, @Nullable Span span, String reason, String fix) {
        add(rule, rule.severity(), span, reason, fix);
    }

    void add(LintRule rule, Severity severity, @Nullable Span span, String reason, String fix) {
        boolean applies = grants || rule != LintRule.ALLOWS_EVERYONE && rule != LintRule.WIDE_NETWORK;
        if (applies && (severity == Severity.ERROR || !errorsOnly)) {
            LintFinding finding = new LintFinding(rule, severity, path, record, span, reason, fix);
            if (findings.stream().noneMatch(other -> isSame(other, finding) || follows(other, finding))) {
                findings.add(finding);
            }
        }
    }

    // A record that is included twice has its faults once.
    private boolean isSame(LintFinding other, LintFinding finding) {
        return other.rule() == finding.rule()
                && other.path().get(other.path().size() - 1).equals(domain())
                && other.record().equals(record)
                && other.span().equals(finding.span())
                && other.reason().equals(finding.reason());
    }

    // The consequence of a fault whose finding says how to mend it: different advice for one place would contradict.
    private boolean follows(LintFinding cause, LintFinding finding) {
        if (!cause.path().equals(path) || !cause.record().equals(record)) {
            return false;
        }
        return switch (finding.rule()) {
            case UNRESOLVABLE_INCLUDE, UNRESOLVABLE_NAME -> spoilsName(cause.rule()) && isWithin(cause, finding);
            case DUPLICATE_INCLUDE -> cause.rule() == LintRule.DUPLICATE_TERM && isWithin(cause, finding);
            case NO_ALL -> cause.fix().startsWith("end the record");
            default -> false;
        };
    }

    // The faults of a term that make its name another one than was meant.
    private static boolean spoilsName(LintRule rule) {
        return switch (rule) {
            case BAD_NAME,
                    DOUBLED_PREFIX,
                    INVALID_CHARACTER,
                    IP_AS_DOMAIN,
                    MISSING_SPACE,
                    SINGLE_LABEL,
                    STRAY_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean isWithin(LintFinding cause, LintFinding finding) {
        return finding.span()
                .filter(whole -> cause.span()
                        .filter(part -> whole.start() <= part.start() && part.end() <= whole.end())
                        .isPresent())
                .isPresent();
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
