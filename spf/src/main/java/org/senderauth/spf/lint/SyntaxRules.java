package org.senderauth.spf.lint;

import java.util.List;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SyntaxProblem;
import org.senderauth.spf.syntax.Term;

/** Checks the syntax of a record's terms and suggests what was meant. */
final class SyntaxRules {

    private static final TermDiagnosis TERMS = new TermDiagnosis(SuggestedTerm::isUsable);

    private SyntaxRules() {}

    static void check(SpfParseResult parse, List<Integer> borders, RecordFindings findings) {
        int reportedTo = 0;
        for (SyntaxProblem problem : parse.problems()) {
            if (problem.span().start() < reportedTo || problem.kind() == SyntaxProblem.Kind.VERSION) {
                continue;
            }
            Span word = wordAt(parse.text(), problem.span().start());
            String term = word.of(parse.text());
            Suggestion diagnosis = problem.kind() == SyntaxProblem.Kind.DUPLICATE
                    ? null
                    : TERMS.diagnose(term, wordAfter(parse.text(), word.end()));
            if (diagnosis == null) {
                findings.add(
                        LintRule.SYNTAX,
                        problem.span(),
                        problem.message() + "; receivers return permerror",
                        fix(problem));
            } else {
                // One invalid term makes the whole record a permerror (section 4.6).
                findings.add(rejected(atBorder(diagnosis, word, borders)), Severity.ERROR, word.start());
                // A term that was split into two needs no second finding.
                reportedTo = word.start() + diagnosis.end();
            }
        }
        for (Term term : parse.terms()) {
            String text = term.span().of(parse.text());
            Suggestion diagnosis = null;
            if (term instanceof Modifier.Unknown) {
                diagnosis = TERMS.diagnoseUnknownModifier(text);
            } else if (SuggestedTerm.hasOddName(term)) {
                diagnosis = TERMS.diagnose(text, "");
                diagnosis = diagnosis != null
                        ? diagnosis
                        : Suggestion.whole(LintRule.BAD_NAME, text, "not a valid host name", "correct the name");
            } else if (SuggestedTerm.hasImpossibleLabel(term)) {
                diagnosis = NameDiagnosis.impossible(text, SuggestedTerm::isUsable);
            }
            if (diagnosis != null) {
                // Receivers have an explanation of their own (section 6.2).
                Severity severity = term instanceof Modifier.Explanation
                        ? Severity.WARNING
                        : diagnosis.rule().severity();
                findings.add(diagnosis, severity, term.span().start());
            }
        }
    }

    // The strings of a TXT record are joined without a space (section 3.3): report the border where two terms meet.
    private static Suggestion atBorder(Suggestion diagnosis, Span word, List<Integer> borders) {
        for (int border : borders) {
            if (diagnosis.rule() == LintRule.MISSING_SPACE && border > word.start() && border < word.end()) {
                return new Suggestion(
                        diagnosis.rule(),
                        border - word.start(),
                        border - word.start() + 1,
                        "a new string of the TXT record starts here; strings are joined without a space",
                        diagnosis.fix() + ", with the space inside one of the strings");
            }
        }
        return diagnosis;
    }

    private static Suggestion rejected(Suggestion diagnosis) {
        return new Suggestion(
                diagnosis.rule(),
                diagnosis.start(),
                diagnosis.end(),
                diagnosis.reason() + "; receivers return permerror",
                diagnosis.fix());
    }

    private static String fix(SyntaxProblem problem) {
        return switch (problem.kind()) {
            case DUPLICATE -> "keep one of them";
            case MACRO -> "write \"%%\" for a percent sign, or correct the macro";
            default -> "correct or remove the term";
        };
    }

    static Span wordAt(String text, int at) {
        int start = text.lastIndexOf(' ', at) + 1;
        int end = text.indexOf(' ', at);
        return new Span(Math.min(start, at), end < 0 ? text.length() : end);
    }

    private static String wordAfter(String text, int end) {
        int start = end;
        while (start < text.length() && text.charAt(start) == ' ') {
            start++;
        }
        return start == text.length() ? "" : wordAt(text, start).of(text);
    }
}
