package org.senderauth.spf.lint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.Span;

/**
 * One thing that a postmaster should know about a record. Immutable.
 *
 * @param rule the rule
 * @param severity how much it matters here
 * @param path the domains from the one that was asked about to the one whose record this is about, at least one
 * @param record the record's text, one char for each octet; empty if there is no record
 * @param span the place in the record, null if it is about all of it
 * @param reason what is wrong and what follows from it, for a person
 * @param fix what to do about it, for a person
 */
public record LintFinding(
        LintRule rule,
        Severity severity,
        List<String> path,
        String record,
        @Nullable Span span,
        String reason,
        String fix) {

    /**
     * Makes a finding; the path is copied.
     *
     * @param rule the rule
     * @param severity how much it matters here
     * @param path the domains on the way to the record
     * @param record the record's text
     * @param span the place in the record
     * @param reason what is wrong
     * @param fix what to do about it
     * @throws IllegalArgumentException if the path is empty
     */
    public LintFinding {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a finding is about some domain");
        }
        path = List.copyOf(path);
    }

    /**
     * The domain at which the record stands.
     *
     * @return the last of the path
     */
    public String domain() {
        return path.get(path.size() - 1);
    }
}
