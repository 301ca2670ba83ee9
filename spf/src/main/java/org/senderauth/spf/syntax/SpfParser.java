package org.senderauth.spf.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/**
 * Parses SPF records (RFC 7208 section 12). Parsing continues after an error: the terms after it are parsed too, so
 * that everything that is wrong can be shown at once. Linear in the length of the text. Thread-safe.
 */
public final class SpfParser {

    /** The maximum number of problems reported for one record; a hostile record has thousands. */
    public static final int MAX_PROBLEMS = 100;

    private static final String VERSION = "v=spf1";

    private SpfParser() {}

    /**
     * Returns whether a text claims to be an SPF record, so that it counts when records are selected (RFC 7208 section 4.5): it
     * starts with {@code v=spf1} in any case, followed by a space or nothing.
     *
     * @param text a TXT record's text
     * @return true if it is to be parsed
     */
    public static boolean isSpf(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /**
     * Parses a record from the bytes of a TXT record.
     *
     * @param octets its strings joined
     * @return a record or a malformed one; positions are in bytes
     */
    public static SpfParseResult parse(byte[] octets) {
        return parse(new String(octets, StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads a record.
     *
     * @param text one character for each byte of the TXT record (ISO 8859-1); other characters are problems
     * @return a record or a malformed one; positions count the characters
     */
    public static SpfParseResult parse(String text) {
        List<Term> terms = new ArrayList<>();
        List<SyntaxProblem> problems = new ArrayList<>();
        int at = 0;
        if (isSpf(text)) {
            at = VERSION.length();
        } else {
            int end = endOfWord(text, 0);
            problems.add(new SyntaxProblem(
                    Kind.VERSION, new Span(0, end), "an SPF record starts with 'v=spf1' and a space"));
            at = text.regionMatches(true, 0, VERSION, 0, VERSION.length()) ? VERSION.length() : end;
        }
        boolean redirectSeen = false;
        boolean explanationSeen = false;
        while (at < text.length()) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            int end = endOfWord(text, at);
            try {
                Term term = TermParser.parse(text, at, end);
                if (term instanceof Modifier.Redirect && redirectSeen
                        || term instanceof Modifier.Explanation && explanationSeen) {
                    throw new SyntaxException(
                            Kind.DUPLICATE, at, end, "the modifier '" + term.name() + "' is allowed only once");
                }
                redirectSeen |= term instanceof Modifier.Redirect;
                explanationSeen |= term instanceof Modifier.Explanation;
                terms.add(term);
            } catch (SyntaxException e) {
                if (problems.size() < MAX_PROBLEMS) {
                    problems.add(e.problem());
                }
            }
            at = end;
        }
        return problems.isEmpty() ? new SpfRecord(text, terms) : new MalformedRecord(text, terms, problems);
    }

    /**
     * Parses the explanation that an {@code exp} modifier refers to (RFC 7208 section 6.2).
     *
     * @param text one character for each byte of the TXT record
     * @return the text's parts
     * @throws IllegalArgumentException if it is not an explain-string; the message contains the reason and the position
     */
    public static MacroString parseExplanation(String text) {
        try {
            return MacroStringParser.parse(text, 0, text.length(), true);
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(e.problem().toString(), e);
        }
    }

    private static int endOfWord(String text, int start) {
        int end = text.indexOf(' ', start);
        return end < 0 ? text.length() : end;
    }
}
