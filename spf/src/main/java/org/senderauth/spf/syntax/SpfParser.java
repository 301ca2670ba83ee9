package org.senderauth.spf.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/**
 * Reads SPF records (RFC 7208 section 12). An error does not end the reading: the terms behind it are read as well, so
 * that everything that is wrong can be shown at once. Linear in the length of the text. Thread-safe.
 */
public final class SpfParser {

    /** Most problems that are reported for one record; a person needs no more, and a hostile record has thousands. */
    public static final int MAX_PROBLEMS = 100;

    private static final String VERSION = "v=spf1";

    private SpfParser() {}

    /**
     * Whether a text claims to be an SPF record, so that it counts when records are selected (RFC 7208 section 4.5): it
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
     * Reads a record from the octets of a TXT record.
     *
     * @param octets its strings put together
     * @return a record or a malformed one; positions are octets
     */
    public static SpfParse parse(byte[] octets) {
        return parse(new String(octets, StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads a record.
     *
     * @param text one character for each octet of the TXT record (ISO 8859-1); other characters are problems
     * @return a record or a malformed one; positions count the characters
     */
    public static SpfParse parse(String text) {
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
                            Kind.DUPLICATE, at, end, "the modifier '" + term.name() + "' may stand only once");
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
     * Reads the text that an {@code exp} modifier leads to (RFC 7208 section 6.2).
     *
     * @param text one character for each octet of the TXT record
     * @return the text's parts
     * @throws IllegalArgumentException if it is no explain-string; the message says why and where
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

    static String characterMessage(char c) {
        String code = "0x" + Integer.toHexString(c | 0x10000).substring(3).toUpperCase(java.util.Locale.ROOT);
        return c < ' ' || c == 0x7f
                ? "the control character " + code + " cannot stand in a record"
                : "the octet " + code + " is not ASCII";
    }
}
