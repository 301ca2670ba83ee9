package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;
import org.senderauth.spf.lint.LintReport;
import org.senderauth.spf.lint.LookupCost;
import org.senderauth.spf.lint.Severity;

/**
 * One line of {@code spf watch}.
 *
 * @param domain the domain
 * @param record its SPF record; empty if it has none
 * @param counts the numbers of errors, warnings and notes
 * @param lookups the DNS lookups in the worst case
 * @param findings each finding once, as {@code severity:code}
 * @param complete whether every DNS lookup succeeded
 */
record WatchedDomain(
        String domain, String record, List<Long> counts, int lookups, List<String> findings, boolean complete) {

    static WatchedDomain of(LintReport report) {
        TreeSet<String> findings = new TreeSet<>();
        report.findings()
                .forEach(finding -> findings.add(
                        finding.severity().text() + ":" + finding.rule().code()));
        LookupCost tree = report.tree().orElse(null);
        return new WatchedDomain(
                report.domain(),
                report.records().isEmpty() ? "" : report.records().get(0),
                List.of(report.count(Severity.ERROR), report.count(Severity.WARNING), report.count(Severity.NOTE)),
                tree == null ? 0 : tree.lookups(),
                List.copyOf(findings),
                report.complete());
    }

    boolean hasErrors() {
        return counts.get(0) > 0;
    }

    /** Returns the object of JSON Lines, which a later run reads as the previous one. */
    ObjectNode json() {
        ObjectNode object = JsonLines.object()
                .put("domain", domain)
                .put("errors", counts.get(0))
                .put("warnings", counts.get(1))
                .put("notes", counts.get(2))
                .put("lookups", lookups)
                .put("complete", complete);
        findings.forEach(object.putArray("findings")::add);
        return object.put("record", record);
    }
}
