package org.senderauth.spf.lint;

import java.util.List;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.SpfRecord;
import org.senderauth.spf.syntax.SyntaxProblem;
import org.senderauth.spf.syntax.Term;

/** Checks the syntax of a record's terms and suggests what was meant. */
final class SyntaxRules {

    private static final TermDiagnosis TERMS = new TermDiagnosis(SyntaxRules::accepted);

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
            } else if (hasOddName(term)) {
                diagnosis = TERMS.diagnose(text, "");
                diagnosis = diagnosis != null
                        ? diagnosis
                        : Suggestion.whole(LintRule.BAD_NAME, text, "not a valid host name", "correct the name");
            } else if (hasImpossibleLabel(term)) {
                diagnosis = NameDiagnosis.impossible(text, SyntaxRules::accepted);
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

    // The grammar allows any printable character in a name, including ':' and '@'; no host has such a name.
    private static boolean hasOddName(Term term) {
        DomainSpec domain = term.domain();
        if (domain == null) {
            return false;
        }
        return domain.isFixed()
                ? !domain.text().matches("[A-Za-z0-9._*-]+")
                : domain.macros().parts().stream()
                        .anyMatch(part -> part instanceof MacroString.Literal literal
                                && literal.text().matches(".*[:@,;|\"].*"));
    }

    // The DNS has no name with an empty label, or with one of more than 63 bytes (RFC 1035 section 2.3.4).
    private static boolean hasImpossibleLabel(Term term) {
        DomainSpec domain = term.domain();
        // Each macro is taken for one character: it may expand to any name.
        return domain != null
                && DomainNames.parse(DomainSpec.shortened(domain.text().replaceAll("%(?:\\{[^}]*}|.)", "x")))
                        .isEmpty();
    }

    /** Tests whether a text can be suggested: one known term with a usable name, which does not match every address. */
    static boolean accepted(String term) {
        return !term.isEmpty()
                && term.indexOf(' ') < 0
                && SpfParser.parse("v=spf1 " + term) instanceof SpfRecord record
                && record.terms().stream()
                        .noneMatch(known -> known instanceof Modifier.Unknown
                                || hasOddName(known)
                                || hasImpossibleLabel(known)
                                || matchesEveryAddress(known)
                                || mayMatchEveryClient(known));
    }

    // A suggestion never widens a record; for "all", see TermDiagnosis.write.
    private static boolean matchesEveryAddress(Term term) {
        return term instanceof Mechanism.Ip4 ip4 && ip4.network().prefix() == 0
                || term instanceof Mechanism.Ip6 ip6 && ip6.network().prefix() == 0
                || term instanceof Mechanism.A a && (a.ip4Prefix() == 0 || a.ip6Prefix() == 0)
                || term instanceof Mechanism.Mx mx && (mx.ip4Prefix() == 0 || mx.ip6Prefix() == 0);
    }

    // A name that the client chooses; or the same name for all clients, for exists.
    private static boolean mayMatchEveryClient(Term term) {
        DomainSpec domain = term.domain();
        return domain != null
                && !(term instanceof Modifier.Explanation)
                && (TermRules.isChosenByClient(domain)
                        || term instanceof Mechanism.Exists
                                && domain.textIn("example.org").isPresent());
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
