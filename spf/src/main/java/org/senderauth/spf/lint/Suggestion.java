package org.senderauth.spf.lint;

import org.senderauth.spf.syntax.Span;

/**
 * The problem of one term, and its fix.
 *
 * @param rule the rule
 * @param start where in the term, from 0
 * @param end the position after the last
 * @param reason the problem and its effect
 * @param fix what to write
 */
record Suggestion(LintRule rule, int start, int end, String reason, String fix) {

    /** Returns a suggestion for a whole term. */
    static Suggestion whole(LintRule rule, String term, String reason, String fix) {
        return new Suggestion(rule, 0, term.length(), reason, fix);
    }

    /** Returns the position in the term. */
    Span span() {
        return new Span(start, end);
    }
}
