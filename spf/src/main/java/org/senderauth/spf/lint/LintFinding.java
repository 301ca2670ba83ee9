package org.senderauth.spf.lint;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Span;

/** One finding about a record. Immutable. */
public final class LintFinding {

    private final LintRule rule;
    private final Severity severity;
    private final List<String> path;
    private final String record;
    private final @Nullable Span span;
    private final String reason;
    private final String fix;

    LintFinding(
            LintRule rule,
            Severity severity,
            List<String> path,
            String record,
            @Nullable Span span,
            String reason,
            String fix) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("path must not be empty");
        }
        this.path = List.copyOf(path);
        this.rule = rule;
        this.severity = severity;
        this.record = record;
        this.span = span;
        this.reason = reason;
        this.fix = fix;
    }

    /** {@return the rule} */
    public LintRule rule() {
        return rule;
    }

    /** {@return the severity here} */
    public Severity severity() {
        return severity;
    }

    /** {@return the include path from the linted domain to that of the record, at least one} */
    public List<String> path() {
        return path;
    }

    /** {@return the record's text, one char for each byte; empty if there is no record} */
    public String record() {
        return record;
    }

    /** {@return the position in the record, empty for all of it} */
    public Optional<Span> span() {
        return Optional.ofNullable(span);
    }

    /** {@return the problem and its effect} */
    public String reason() {
        return reason;
    }

    /** {@return how to correct it} */
    public String fix() {
        return fix;
    }

    /**
     * Returns the domain of the record.
     *
     * @return the last of the path
     */
    public String domain() {
        return path.get(path.size() - 1);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LintFinding that
                && rule.equals(that.rule)
                && severity.equals(that.severity)
                && path.equals(that.path)
                && record.equals(that.record)
                && Objects.equals(span, that.span)
                && reason.equals(that.reason)
                && fix.equals(that.fix);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rule, severity, path, record, span, reason, fix);
    }

    @Override
    public String toString() {
        return "LintFinding[rule=" + rule + ", severity=" + severity + ", path=" + path + ", record=" + record
                + ", span=" + span + ", reason=" + reason + ", fix=" + fix + "]";
    }
}
