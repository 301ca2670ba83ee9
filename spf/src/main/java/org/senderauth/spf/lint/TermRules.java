package org.senderauth.spf.lint;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.Term;

/** What the terms of one record say, as far as it can be judged without the DNS. */
final class TermRules {

    private TermRules() {}

    static void check(SpfParse parse, RecordFindings findings) {
        Mechanism.@Nullable All all = null;
        Map<String, Term> seen = new HashMap<>();
        for (Term term : parse.terms()) {
            String text = term.span().of(parse.text());
            if (all != null && term instanceof Mechanism) {
                findings.add(
                        LintRule.TERM_AFTER_ALL,
                        term.span(),
                        "\"" + all.span().of(parse.text()) + "\" matches everybody, so that nothing behind it is read",
                        term instanceof Mechanism.All
                                ? "remove one of the two"
                                : "move it in front of \"" + all.span().of(parse.text()) + "\", or remove it");
                continue;
            }
            boolean lookup = term instanceof Mechanism mechanism && mechanism.countsAsLookup();
            if (!(term instanceof Mechanism.Ip4) && !(term instanceof Mechanism.Ip6)) {
                String key = text.toLowerCase(Locale.ROOT).replaceFirst("^\\+", "");
                if (seen.putIfAbsent(key, term) != null && !(term instanceof Modifier.Unknown)) {
                    findings.add(
                            LintRule.DUPLICATE_TERM,
                            lookup ? Severity.WARNING : Severity.NOTE,
                            term.span(),
                            "it stands here twice" + (lookup ? ", and costs its lookups twice" : ""),
                            "remove one of the two");
                }
            }
            if (term instanceof Mechanism.All found) {
                all = found;
                checkAll(found, findings);
            } else if (term instanceof Mechanism.Ptr) {
                findings.add(
                        LintRule.PTR,
                        term.span(),
                        "RFC 7208 says that ptr is slow and unreliable and should not be used; some receivers skip it",
                        "list the addresses with ip4 and ip6, or the hosts with a");
            }
            checkNames(term, findings);
        }
        checkEnd(parse, all, findings);
    }

    private static void checkAll(Mechanism.All all, RecordFindings findings) {
        if (all.qualifier() == Qualifier.PASS) {
            findings.add(
                    LintRule.PASSES_EVERYBODY,
                    all.span(),
                    "everybody on the Internet may send mail in this domain's name",
                    "end the record with \"-all\" or \"~all\"");
        } else if (all.qualifier() == Qualifier.NEUTRAL) {
            findings.add(
                    LintRule.NEUTRAL_ALL,
                    all.span(),
                    "receivers treat a forged sender as if there were no record",
                    "end the record with \"~all\" or \"-all\" when all senders are listed");
        }
    }

    private static void checkEnd(SpfParse parse, Mechanism.@Nullable All all, RecordFindings findings) {
        Modifier.Redirect redirect = null;
        for (Term term : parse.terms()) {
            redirect = term instanceof Modifier.Redirect found ? found : redirect;
        }
        if (all != null && redirect != null) {
            findings.add(
                    LintRule.REDIRECT_BESIDE_ALL,
                    redirect.span(),
                    "a record with \"all\" never follows its redirect",
                    "remove \"" + all.span().of(parse.text()) + "\", or use \"include:"
                            + redirect.domain().text() + "\" in front of it");
        }
    }

    private static void checkNames(Term term, RecordFindings findings) {
        DomainSpec domain = domain(term);
        if (domain == null) {
            return;
        }
        for (MacroString.Part part : domain.macros().parts()) {
            if (part instanceof MacroString.Macro macro && (macro.letter() == 'p' || macro.letter() == 'P')) {
                findings.add(
                        LintRule.P_MACRO,
                        macro.span(),
                        "%{p} asks for the client's name in the arpa zones, slowly and unreliably, and should not be used",
                        "use %{i} or %{h}");
            }
        }
        if (domain.isFixed() && List.of(domain.text().split("\\.")).contains("*")) {
            findings.add(
                    LintRule.WILDCARD_NAME,
                    domain.span(),
                    "\"*\" is no pattern here; the DNS is asked for exactly this name",
                    "name each host, or list the addresses with ip4 and ip6");
        }
    }

    static @Nullable DomainSpec domain(Term term) {
        if (term instanceof Mechanism mechanism) {
            return mechanism.domain();
        }
        if (term instanceof Modifier.Redirect redirect) {
            return redirect.domain();
        }
        return term instanceof Modifier.Explanation explanation ? explanation.domain() : null;
    }
}
