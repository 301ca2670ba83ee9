package org.senderauth.spf.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.senderauth.spf.syntax.MacroString.Escape;
import org.senderauth.spf.syntax.MacroString.Literal;
import org.senderauth.spf.syntax.MacroString.Macro;
import org.senderauth.spf.syntax.MacroString.Part;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/** Reads macro-strings (RFC 7208 section 7.1): one pass over the text, no recursion. */
final class MacroStringParser {

    private static final String LETTERS = "slodiphcrtv";
    private static final String EXPLANATION_LETTERS = "crt";
    private static final String DELIMITERS = ".-+,/_=";

    /** A number of parts that no value has; greater numbers mean the same. */
    private static final int MANY_PARTS = 10_000;

    private final String text;
    private final int end;
    private final boolean explanation;
    private int at;

    private MacroStringParser(String text, int start, int end, boolean explanation) {
        this.text = text;
        this.end = end;
        this.explanation = explanation;
        this.at = start;
    }

    /**
     * Reads a part of a text.
     *
     * @param explanation whether this is an explain-string, where spaces and the letters c, r and t are allowed
     * @throws SyntaxException if it breaks the grammar
     */
    static MacroString parse(String text, int start, int end, boolean explanation) throws SyntaxException {
        List<Part> parts = new MacroStringParser(text, start, end, explanation).parts();
        return new MacroString(new Span(start, end), text.substring(start, end), parts);
    }

    private List<Part> parts() throws SyntaxException {
        List<Part> parts = new ArrayList<>(1);
        while (at < end) {
            int start = at;
            while (at < end && text.charAt(at) != '%') {
                char c = text.charAt(at);
                if (c < ' ' || c > '~' || c == ' ' && !explanation) {
                    throw SyntaxException.character(at, c);
                }
                at++;
            }
            if (at > start) {
                parts.add(new Literal(text.substring(start, at)));
            }
            if (at < end) {
                parts.add(expansion());
            }
        }
        return parts;
    }

    // macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
    private Part expansion() throws SyntaxException {
        int start = at++;
        char c = at < end ? text.charAt(at++) : 0;
        switch (c) {
            case '%':
                return new Escape(new Span(start, at), "%");
            case '_':
                return new Escape(new Span(start, at), " ");
            case '-':
                return new Escape(new Span(start, at), "%20");
            case '{':
                return macro(start);
            default:
                throw new SyntaxException(
                        Kind.MACRO,
                        start,
                        Math.min(at, end),
                        "a percent sign must be followed by '{', '%', '_' or '-'; write %% for a percent sign");
        }
    }

    private Macro macro(int start) throws SyntaxException {
        char written = at < end ? text.charAt(at) : 0;
        char letter = String.valueOf(written).toLowerCase(Locale.ROOT).charAt(0);
        if (written >= 0x80 || LETTERS.indexOf(letter) < 0) {
            throw new SyntaxException(
                    Kind.MACRO,
                    start,
                    Math.min(at + 1, end),
                    "unknown macro; known: s, l, o, d, i, p, v, h" + (explanation ? ", c, r, t" : ""));
        }
        if (!explanation && EXPLANATION_LETTERS.indexOf(letter) >= 0) {
            throw new SyntaxException(
                    Kind.MACRO, start, at + 1, "the macro '" + letter + "' is only allowed in an explanation");
        }
        at++;
        int rightmost = number(start);
        boolean reversed = at < end && (text.charAt(at) == 'r' || text.charAt(at) == 'R');
        if (reversed) {
            at++;
        }
        int delimitersStart = at;
        while (at < end && DELIMITERS.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == end || text.charAt(at) != '}') {
            throw new SyntaxException(
                    Kind.MACRO,
                    start,
                    Math.min(at + 1, end),
                    at == end ? "the macro is not closed with '}'" : "missing '}' or delimiter in the macro");
        }
        String delimiters = delimitersStart == at ? "." : text.substring(delimitersStart, at);
        at++;
        return new Macro(
                new Span(start, at), letter, written >= 'A' && written <= 'Z', rightmost, reversed, delimiters);
    }

    // *DIGIT, which must not be zero (section 7.3); 0 here if there is none
    private int number(int start) throws SyntaxException {
        int digits = at;
        int number = 0;
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = Math.min(MANY_PARTS, number * 10 + text.charAt(at++) - '0');
        }
        if (at > digits && number == 0) {
            throw new SyntaxException(Kind.MACRO, start, at, "a macro cannot keep zero parts");
        }
        return number;
    }
}
