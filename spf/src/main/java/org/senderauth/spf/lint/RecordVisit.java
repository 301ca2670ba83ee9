package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.Qualifier;
import org.xbill.DNS.Name;

/**
 * One record of a tree that is checked.
 *
 * @param name the record's name
 * @param path the include path
 * @param findings collects its findings
 * @param own whether it is at or below the linted domain: the reader can change it
 * @param grants whether a pass here is a pass of the whole check
 * @param decides whether its end is the end of the check: the root's, or reached by redirects only
 */
record RecordVisit(
        Name name, List<String> path, RecordFindings findings, boolean own, boolean grants, boolean decides) {

    /** The first record of a tree. */
    static RecordVisit root(Name root, String record, List<LintFinding> findings) {
        List<String> path = List.of(DomainNames.text(root));
        return new RecordVisit(root, path, new RecordFindings(findings, path, record, false, true), true, true, true);
    }

    /** A record that this one includes. */
    RecordVisit include(Name target, String record, Qualifier qualifier, Name root, List<LintFinding> all) {
        return below(target, record, grants && qualifier == Qualifier.PASS, false, root, all);
    }

    /** The record that this one redirects to. */
    RecordVisit redirect(Name target, String record, Name root, List<LintFinding> all) {
        return below(target, record, grants, decides, root, all);
    }

    private RecordVisit below(
            Name target, String record, boolean granting, boolean deciding, Name root, List<LintFinding> all) {
        List<String> longer = new ArrayList<>(path);
        longer.add(DomainNames.text(target));
        boolean owner = target.subdomain(root);
        return new RecordVisit(
                target, longer, new RecordFindings(all, longer, record, !owner, granting), owner, granting, deciding);
    }
}
