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
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;

/** Checks the terms of one record without the DNS. */
final class TermRules {

    private TermRules() {}

    static void check(SpfParseResult parse, RecordFindings findings) {
        Mechanism.@Nullable All all = null;
        Map<String, String> seen = new HashMap<>();
        for (Term term : parse.terms()) {
            String text = term.span().of(parse.text());
            if (all != null && term instanceof Mechanism) {
                findings.add(
                        LintRule.TERM_AFTER_ALL,
                        term.span(),
                        "terms after \"" + all.span().of(parse.text()) + "\" are never evaluated",
                        // Whether it should count is not known here, and before "all" it may authorize more clients.
                        "remove it; only terms before \"" + all.span().of(parse.text()) + "\" count");
                continue;
            }
            boolean lookup = term instanceof Mechanism mechanism && mechanism.countsAsLookup();
            if (!(term instanceof Mechanism.Ip4) && !(term instanceof Mechanism.Ip6)) {
                String first = seen.putIfAbsent(meaning(term, text, findings.domain()), text);
                if (first != null && !(term instanceof Modifier.Unknown)) {
                    findings.add(
                            LintRule.DUPLICATE_TERM,
                            lookup ? Severity.WARNING : Severity.NOTE,
                            term.span(),
                            (first.equals(text) ? "duplicate term" : "same as \"" + first + "\"")
                                    + (lookup ? "; its DNS lookups are counted twice" : ""),
                            "remove it");
                }
            }
            if (term instanceof Mechanism.All found) {
                all = found;
                if (!isSplit(found, parse)) {
                    checkAll(found, findings);
                }
            } else if (term instanceof Mechanism.Ptr) {
                findings.add(
                        LintRule.PTR,
                        term.span(),
                        "ptr should not be used (RFC 7208 section 5.5): slow, unreliable, ignored by some receivers",
                        "list the addresses with ip4 and ip6, or the hosts with a");
            }
            checkPrefix(term, findings);
            checkNames(term, findings);
        }
        if (all == null) {
            checkOrder(parse, findings);
        }
        checkEnd(parse, all, findings);
    }

    // The same for terms that are written differently: "a", "+A", "a:%{d}", "a/32" and "a:example.org" of that domain.
    private static String meaning(Term term, String text, String current) {
        if (!(term instanceof Mechanism mechanism)) {
            return text.toLowerCase(Locale.ROOT);
        }
        DomainSpec domain = term.domain();
        String name = domain == null ? current : domain.textIn(current).orElse(domain.text());
        String prefix = mechanism instanceof Mechanism.A a
                ? "/" + a.ip4Prefix() + "/" + a.ip6Prefix()
                : mechanism instanceof Mechanism.Mx mx ? "/" + mx.ip4Prefix() + "/" + mx.ip6Prefix() : "";
        return (mechanism.qualifier().sign() + mechanism.name() + ":" + name.replaceFirst("\\.$", "") + prefix)
                .toLowerCase(Locale.ROOT);
    }

    // "- all": the stray space is reported, and "all" is not what was meant.
    private static boolean isSplit(Mechanism.All all, SpfParseResult parse) {
        return parse.text().substring(0, all.span().start()).matches("(?s).* [+?~-] +");
    }

    private static void checkAll(Mechanism.All all, RecordFindings findings) {
        if (all.qualifier() == Qualifier.PASS) {
            findings.add(
                    LintRule.ALLOWS_EVERYONE,
                    all.span(),
                    "any host may send mail as this domain",
                    "end the record with \"-all\" or \"~all\"");
        } else if (all.qualifier() == Qualifier.NEUTRAL) {
            findings.add(
                    LintRule.NEUTRAL_ALL,
                    all.span(),
                    "\"?all\" gives forged mail the same result as no record",
                    "end the record with \"~all\" or \"-all\" when all senders are listed");
        }
    }

    private static void checkPrefix(Term term, RecordFindings findings) {
        int ip4 = term instanceof Mechanism.A a ? a.ip4Prefix() : term instanceof Mechanism.Mx mx ? mx.ip4Prefix() : 1;
        int ip6 = term instanceof Mechanism.A a ? a.ip6Prefix() : term instanceof Mechanism.Mx mx ? mx.ip6Prefix() : 1;
        if (ip4 > 0 && ip6 > 0 || ((Mechanism) term).qualifier() != Qualifier.PASS) {
            return;
        }
        findings.add(
                LintRule.ALLOWS_EVERYONE,
                term.span(),
                "prefix length 0 matches every " + (ip4 > 0 ? "IPv6" : ip6 > 0 ? "IPv4" : "IPv4 and IPv6")
                        + " address if the host has one",
                "remove the prefix length, or write that of the network that sends mail");
    }

    // Position has no effect (section 6), but libspf2 and others follow a redirect where they meet it.
    private static void checkOrder(SpfParseResult parse, RecordFindings findings) {
        Term early = null;
        for (Term term : parse.terms()) {
            if (term instanceof Modifier.Redirect) {
                early = early == null ? term : early;
            } else if (term instanceof Mechanism && early != null) {
                findings.add(
                        LintRule.MODIFIER_ORDER,
                        early.span(),
                        "redirect before a mechanism; some receivers ignore the mechanisms after it",
                        "move it to the end of the record");
                return;
            }
        }
    }

    private static void checkEnd(SpfParseResult parse, Mechanism.@Nullable All all, RecordFindings findings) {
        Modifier.Redirect redirect = null;
        for (Term term : parse.terms()) {
            redirect = term instanceof Modifier.Redirect found ? found : redirect;
        }
        if (all != null && redirect != null) {
            findings.add(
                    LintRule.REDIRECT_BESIDE_ALL,
                    redirect.span(),
                    "redirect is ignored in a record with \"all\"",
                    "remove it; \"" + all.span().of(parse.text()) + "\" decides");
        }
    }

    /** Tests whether the rightmost labels come from the HELO name or the local part, which the client chooses. */
    static boolean isChosenByClient(DomainSpec domain) {
        List<MacroString.Part> parts = domain.macros().parts();
        return !parts.isEmpty()
                && parts.get(parts.size() - 1) instanceof MacroString.Macro macro
                && "hls".indexOf(Character.toLowerCase(macro.letter())) >= 0;
    }

    private static void checkNames(Term term, RecordFindings findings) {
        DomainSpec domain = term.domain();
        if (domain == null) {
            return;
        }
        for (MacroString.Part part : domain.macros().parts()) {
            if (part instanceof MacroString.Macro macro && (macro.letter() == 'p' || macro.letter() == 'P')) {
                findings.add(
                        LintRule.P_MACRO,
                        macro.span(),
                        "%{p} should not be used (RFC 7208 section 7.2): it needs the client's PTR records, slow and unreliable",
                        "use %{i}");
            }
        }
        if (isChosenByClient(domain)
                && (term instanceof Modifier.Redirect
                        || term instanceof Mechanism mechanism && mechanism.qualifier() == Qualifier.PASS)) {
            findings.add(
                    LintRule.ALLOWS_EVERYONE,
                    domain.span(),
                    "the client chooses this name, so any host may send mail as this domain",
                    "end the name with a domain of your own, as in \"exists:%{i}._spf.example.org\"");
        }
        if (domain.isFixed() && List.of(domain.text().split("\\.")).contains("*")) {
            findings.add(
                    LintRule.WILDCARD_NAME,
                    domain.span(),
                    "\"*\" is not a wildcard here; exactly this name is queried",
                    "name each host, or list the addresses with ip4 and ip6");
        }
    }
}
