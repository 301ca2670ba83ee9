package org.senderauth.spf.lint;

import java.util.List;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.SpfRecord;
import org.senderauth.spf.syntax.SyntaxProblem;
import org.senderauth.spf.syntax.Term;

/** What is wrong with a record's words, and what they were meant to be. */
final class SyntaxRules {

    private static final TermDiagnosis TERMS = new TermDiagnosis(SyntaxRules::accepted);

    private SyntaxRules() {}

    static void check(SpfParse parse, List<Integer> borders, RecordFindings findings) {
        int passedOver = 0;
        for (SyntaxProblem problem : parse.problems()) {
            if (problem.span().start() < passedOver || problem.kind() == SyntaxProblem.Kind.VERSION) {
                continue;
            }
            Span word = wordAt(parse.text(), problem.span().start());
            String term = word.of(parse.text());
            Diagnosis diagnosis = problem.kind() == SyntaxProblem.Kind.DUPLICATE
                    ? null
                    : TERMS.diagnose(term, wordBehind(parse.text(), word.end()));
            if (diagnosis == null) {
                findings.add(
                        LintRule.SYNTAX,
                        problem.span(),
                        problem.message() + "; receivers answer permerror",
                        fix(problem));
            } else {
                // Whatever it is: the grammar refuses it, and all of the record with it (section 4.6).
                findings.add(refused(atBorder(diagnosis, word, borders)), Severity.ERROR, word.start());
                // A term that two words were meant to be needs no second finding.
                passedOver = word.start() + diagnosis.end();
            }
        }
        for (Term term : parse.terms()) {
            String text = term.span().of(parse.text());
            Diagnosis diagnosis = null;
            if (term instanceof Modifier.Unknown) {
                diagnosis = TERMS.diagnoseUnknownModifier(text);
            } else if (hasOddName(term)) {
                diagnosis = TERMS.diagnose(text, "");
                diagnosis = diagnosis != null
                        ? diagnosis
                        : Diagnosis.whole(LintRule.BAD_NAME, text, "no host has such a name", "correct the name");
            }
            if (diagnosis != null) {
                findings.add(diagnosis, diagnosis.rule().severity(), term.span().start());
            }
        }
    }

    // The grammar allows any printable character in a name, ':' and '@' among them; the DNS has no host like that.
    private static boolean hasOddName(Term term) {
        DomainSpec domain = TermRules.domain(term);
        return domain != null && domain.isFixed() && !domain.text().matches("[A-Za-z0-9._*-]+");
    }

    /** Whether a text is one term of the grammar, with a known name. */
    private static boolean accepted(String term) {
        return !term.isEmpty()
                && term.indexOf(' ') < 0
                && SpfParser.parse("v=spf1 " + term) instanceof SpfRecord record
                && record.terms().stream().noneMatch(known -> known instanceof Modifier.Unknown);
    }

    // The strings of a TXT record are joined without a blank (section 3.3); where two terms met at such a border, it is
    // the border that is to blame.
    private static Diagnosis atBorder(Diagnosis diagnosis, Span word, List<Integer> borders) {
        for (int border : borders) {
            if (diagnosis.rule() == LintRule.MISSING_BLANK && border > word.start() && border < word.end()) {
                return new Diagnosis(
                        diagnosis.rule(),
                        border - word.start(),
                        border - word.start() + 1,
                        "a new string of the TXT record starts here; strings are joined without a blank between them",
                        diagnosis.fix() + ", with the blank within one of the strings");
            }
        }
        return diagnosis;
    }

    private static Diagnosis refused(Diagnosis diagnosis) {
        return new Diagnosis(
                diagnosis.rule(),
                diagnosis.start(),
                diagnosis.end(),
                diagnosis.reason() + "; receivers answer permerror",
                diagnosis.fix());
    }

    private static String fix(SyntaxProblem problem) {
        return switch (problem.kind()) {
            case DUPLICATE -> "keep one of them";
            case MACRO -> "write \"%%\" for a percent sign, or mend the macro";
            default -> "mend or remove the term";
        };
    }

    static Span wordAt(String text, int at) {
        int start = text.lastIndexOf(' ', at) + 1;
        int end = text.indexOf(' ', at);
        return new Span(Math.min(start, at), end < 0 ? text.length() : end);
    }

    private static String wordBehind(String text, int end) {
        int start = end;
        while (start < text.length() && text.charAt(start) == ' ') {
            start++;
        }
        return start == text.length() ? "" : wordAt(text, start).of(text);
    }
}
