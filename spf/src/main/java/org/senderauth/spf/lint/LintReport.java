package org.senderauth.spf.lint;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The result of {@link SpfLinter} for one domain. Immutable. */
public final class LintReport {

    private final String domain;
    private final List<String> records;
    private final @Nullable LookupCost tree;
    private final List<LintFinding> findings;
    private final boolean complete;

    LintReport(
            String domain,
            List<String> records,
            @Nullable LookupCost tree,
            List<LintFinding> findings,
            boolean complete) {
        this.records = List.copyOf(records);
        this.findings = List.copyOf(findings);
        this.domain = domain;
        this.tree = tree;
        this.complete = complete;
    }

    /** {@return the domain} */
    public String domain() {
        return domain;
    }

    /** {@return the texts of its SPF records, one char for each byte; exactly one in a valid setup} */
    public List<String> records() {
        return records;
    }

    /** {@return the cost of the record in the worst case, with all that it includes; empty if there is no record} */
    public Optional<LookupCost> tree() {
        return Optional.ofNullable(tree);
    }

    /** {@return all findings, the most severe first} */
    public List<LintFinding> findings() {
        return findings;
    }

    /** {@return whether every DNS lookup succeeded; if not, there may be more to find} */
    public boolean complete() {
        return complete;
    }

    /**
     * Returns the number of findings with a severity.
     *
     * @param severity a severity
     * @return their number
     */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LintReport that
                && domain.equals(that.domain)
                && records.equals(that.records)
                && Objects.equals(tree, that.tree)
                && findings.equals(that.findings)
                && complete == that.complete;
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, records, tree, findings, complete);
    }

    @Override
    public String toString() {
        return "LintReport[domain=" + domain + ", records=" + records + ", tree=" + tree + ", findings=" + findings
                + ", complete=" + complete + "]";
    }
}
