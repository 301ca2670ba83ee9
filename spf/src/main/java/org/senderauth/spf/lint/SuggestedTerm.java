package org.senderauth.spf.lint;

import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.SpfRecord;
import org.senderauth.spf.syntax.Term;

/** Tests which terms a fix may suggest: those that are valid, with a usable name, and that never match every client. */
final class SuggestedTerm {

    private SuggestedTerm() {}

    /** Tests whether a text can be suggested: one known term with a usable name, which does not match every address. */
    static boolean isUsable(String term) {
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

    // The grammar allows any printable character in a name, including ':' and '@'; no host has such a name.
    static boolean hasOddName(Term term) {
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
    static boolean hasImpossibleLabel(Term term) {
        DomainSpec domain = term.domain();
        // Each macro is taken for one character: it may expand to any name.
        return domain != null
                && DomainNames.parse(DomainSpec.shortened(domain.text().replaceAll("%(?:\\{[^}]*}|.)", "x")))
                        .isEmpty();
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
}
