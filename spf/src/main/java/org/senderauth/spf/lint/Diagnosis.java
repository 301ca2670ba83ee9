package org.senderauth.spf.lint;

import org.senderauth.spf.syntax.Span;

/**
 * What is wrong with one term.
 *
 * @param rule the rule
 * @param start where in the term, from 0
 * @param end the place behind
 * @param reason what is wrong, and what follows from it
 * @param fix what to write
 */
record Diagnosis(LintRule rule, int start, int end, String reason, String fix) {

    /** Blames a whole term. */
    static Diagnosis whole(LintRule rule, String term, String reason, String fix) {
        return new Diagnosis(rule, 0, term.length(), reason, fix);
    }

    /** The place, as counted in the term. */
    Span span() {
        return new Span(start, end);
    }
}
