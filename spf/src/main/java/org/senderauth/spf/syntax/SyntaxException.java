package org.senderauth.spf.syntax;

import java.util.Locale;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/** Ends the reading of one term within the parser; never leaves this package. */
final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient SyntaxProblem problem;

    SyntaxException(Kind kind, int start, int end, String message) {
        super(message, null, false, false);
        this.problem = new SyntaxProblem(kind, new Span(start, end), message);
    }

    /** A character that no term may have. */
    static SyntaxException character(int at, char c) {
        String code = "0x" + Integer.toHexString(c | 0x10000).substring(3).toUpperCase(Locale.ROOT);
        return new SyntaxException(
                Kind.CHARACTER,
                at,
                at + 1,
                c < ' ' || c == 0x7f
                        ? "the control character " + code + " is not allowed in a record"
                        : "the byte " + code + " is not ASCII");
    }

    SyntaxProblem problem() {
        return problem;
    }
}
