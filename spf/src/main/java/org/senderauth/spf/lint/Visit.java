package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.Qualifier;
import org.xbill.DNS.Name;

/**
 * One record on the walk through a tree.
 *
 * @param name where the record stands
 * @param path the domains on the way to it
 * @param findings takes what is found in it
 * @param own whether it stands at or below the domain that was asked about, so that the reader can change it
 * @param grants whether a client that passes here passes in the end: no include on the way turns it into something else
 * @param decides whether its end is the end of the check: it is the root's, or reached by redirects only
 */
record Visit(Name name, List<String> path, RecordFindings findings, boolean own, boolean grants, boolean decides) {

    /** The first record of a tree. */
    static Visit root(Name root, String record, List<LintFinding> findings) {
        List<String> path = List.of(DomainNames.text(root));
        return new Visit(root, path, new RecordFindings(findings, path, record, false), true, true, true);
    }

    /** A record that this one includes. */
    Visit include(Name target, String record, Qualifier qualifier, Name root, List<LintFinding> all) {
        return below(target, record, grants && qualifier == Qualifier.PASS, false, root, all);
    }

    /** The record that this one redirects to. */
    Visit redirect(Name target, String record, Name root, List<LintFinding> all) {
        return below(target, record, grants, decides, root, all);
    }

    private Visit below(
            Name target, String record, boolean granting, boolean deciding, Name root, List<LintFinding> all) {
        List<String> longer = new ArrayList<>(path);
        longer.add(DomainNames.text(target));
        boolean owner = target.subdomain(root);
        return new Visit(target, longer, new RecordFindings(all, longer, record, !owner), owner, granting, deciding);
    }
}
