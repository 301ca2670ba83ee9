package org.senderauth.spf.lint;

import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;

/** Checks how a redirect target outside the own domain ends: its end is the end of the own record. */
final class RedirectEnd {

    private RedirectEnd() {}

    static void check(RecordVisit visit, Term redirect, Name target, SpfParseResult parse) {
        String quoted = "redirect target \"" + DomainNames.text(target) + "\"";
        String include = "include:" + DomainNames.text(target);
        String fix = "end the record with \"" + include + " ~all\" or \"" + include + " -all\" instead of the redirect";
        for (Term term : parse.terms()) {
            if (term instanceof Mechanism.All all) {
                if (all.qualifier() == Qualifier.NEUTRAL) {
                    visit.findings()
                            .add(
                                    LintRule.NEUTRAL_ALL,
                                    redirect.span(),
                                    quoted
                                            + " ends with \"?all\", which gives forged mail the same result as no record",
                                    fix);
                }
                return;
            }
            if (term instanceof Modifier.Redirect) {
                return;
            }
        }
        if (parse.problems().isEmpty()) {
            visit.findings()
                    .add(
                            LintRule.NO_ALL,
                            redirect.span(),
                            quoted + " has no final \"all\" or \"redirect\"; other clients get neutral",
                            fix);
        }
    }
}
