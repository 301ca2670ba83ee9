package org.senderauth.spf.lint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link SpfLinter} found at a domain. Immutable.
 *
 * @param domain the domain
 * @param records the texts of its SPF records, one char for each octet; exactly one if all is well
 * @param tree what the record costs in the worst case, with all that it includes; null if there is no record
 * @param findings all findings, the most severe first
 * @param complete whether the DNS answered every question; if not, there may be more to find
 */
public record LintReport(
        String domain, List<String> records, @Nullable LintNode tree, List<LintFinding> findings, boolean complete) {

    /**
     * Makes a report; the lists are copied.
     *
     * @param domain the domain
     * @param records its SPF records
     * @param tree the worst case
     * @param findings all findings
     * @param complete whether the DNS answered every question
     */
    public LintReport {
        records = List.copyOf(records);
        findings = List.copyOf(findings);
    }

    /**
     * How many findings have a severity.
     *
     * @param severity a severity
     * @return their number
     */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
