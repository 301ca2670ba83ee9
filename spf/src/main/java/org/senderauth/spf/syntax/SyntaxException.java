package org.senderauth.spf.syntax;

import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/** Ends the reading of one term within the parser; never leaves this package. */
final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient SyntaxProblem problem;

    SyntaxException(Kind kind, int start, int end, String message) {
        super(message, null, false, false);
        this.problem = new SyntaxProblem(kind, new Span(start, end), message);
    }

    SyntaxProblem problem() {
        return problem;
    }
}
