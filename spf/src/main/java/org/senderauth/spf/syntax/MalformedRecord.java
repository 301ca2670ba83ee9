package org.senderauth.spf.syntax;

import java.util.List;

/**
 * A text that breaks the grammar somewhere, so that evaluating it is a permerror (RFC 7208 section 4.6). Immutable.
 *
 * @param text the whole text, one character for each byte
 * @param terms the terms that are right by themselves, in order
 * @param problems the syntax problems, at least one, at most {@link SpfParser#MAX_PROBLEMS}, in the order of their positions
 */
public record MalformedRecord(String text, List<Term> terms, List<SyntaxProblem> problems) implements SpfParseResult {

    /**
     * Creates a malformed record; the lists are copied.
     *
     * @param text the whole text
     * @param terms the terms that are right
     * @param problems what is wrong
     * @throws IllegalArgumentException if there are no problems
     */
    public MalformedRecord {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("problems must not be empty");
        }
        terms = List.copyOf(terms);
        problems = List.copyOf(problems);
    }
}
