package org.senderauth.spf.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that follows the grammar (RFC 7208 section 12), so that it may be evaluated. Immutable.
 *
 * <pre>{@code
 * record  = version terms *SP
 * version = "v=spf1"
 * }</pre>
 *
 * @param text the whole text, one character for each byte
 * @param terms all directives and modifiers, in order; {@code redirect} and {@code exp} at most once each
 */
public record SpfRecord(String text, List<Term> terms) implements SpfParseResult {

    /**
     * Creates a record; the list is copied.
     *
     * @param text the whole text
     * @param terms its terms
     */
    public SpfRecord {
        terms = List.copyOf(terms);
    }

    @Override
    public List<SyntaxProblem> problems() {
        return List.of();
    }

    /**
     * The directives, in order.
     *
     * @return a list of its own
     */
    public List<Mechanism> mechanisms() {
        List<Mechanism> mechanisms = new ArrayList<>();
        for (Term term : terms) {
            if (term instanceof Mechanism mechanism) {
                mechanisms.add(mechanism);
            }
        }
        return mechanisms;
    }

    /**
     * The {@code redirect} modifier.
     *
     * @return the modifier, or null if there is none
     */
    public Modifier.@Nullable Redirect redirect() {
        for (Term term : terms) {
            if (term instanceof Modifier.Redirect redirect) {
                return redirect;
            }
        }
        return null;
    }

    /**
     * The {@code exp} modifier.
     *
     * @return the modifier, or null if there is none
     */
    public Modifier.@Nullable Explanation explanation() {
        for (Term term : terms) {
            if (term instanceof Modifier.Explanation explanation) {
                return explanation;
            }
        }
        return null;
    }

    /**
     * A term as it is written here, with its qualifier.
     *
     * @param term one of the terms
     * @return its text
     */
    public String textOf(Term term) {
        return term.span().of(text);
    }
}
