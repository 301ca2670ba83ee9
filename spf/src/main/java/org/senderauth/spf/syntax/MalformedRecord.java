package org.senderauth.spf.syntax;

import java.util.List;

/**
 * A text that breaks the grammar somewhere, so that evaluating it is a permerror (RFC 7208 section 4.6). Immutable.
 *
 * @param text the whole text, one character for each octet
 * @param terms the terms that are right by themselves, in order
 * @param problems what is wrong, at least one, at most {@link SpfParser#MAX_PROBLEMS}, in the order of their places
 */
public record MalformedRecord(String text, List<Term> terms, List<SyntaxProblem> problems) implements SpfParse {

    /**
     * Makes a malformed record; the lists are copied.
     *
     * @param text the whole text
     * @param terms the terms that are right
     * @param problems what is wrong
     * @throws IllegalArgumentException if there is no problem
     */
    public MalformedRecord {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("a malformed record has at least one problem");
        }
        terms = List.copyOf(terms);
        problems = List.copyOf(problems);
    }
}
