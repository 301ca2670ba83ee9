package org.senderauth.spf.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.lint.WorstCase.Blame;
import org.senderauth.spf.lint.WorstCase.Count;
import org.senderauth.spf.lint.WorstCase.Family;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Walks a record and all that it includes as a receiver does for a client that nothing matches, counts what that
 * costs, and looks at every name on the way. Where a receiver would give up, the walk goes on, so that all is found.
 */
final class TreeWalk {

    /** Behind this many lookups, five times what a receiver would do, includes are not followed any more. */
    static final int FOLLOWED_LOOKUPS = 50;

    private final Name root;
    private final Questions questions;
    private final List<LintFinding> findings;
    private final WorstCase worst = new WorstCase();
    private final HostTerms hosts;
    private final Deque<Name> onTheWay = new ArrayDeque<>();
    private final Set<Name> seen = new HashSet<>();
    private final Set<Name> reportedTwice = new HashSet<>();

    TreeWalk(Name root, Questions questions, List<LintFinding> findings) {
        this.root = root;
        this.questions = questions;
        this.findings = findings;
        this.hosts = new HostTerms(questions, worst);
    }

    /** Walks the record of the root, and judges what it costs. */
    LintNode walk(Publication.Text record) {
        Visit visit = Visit.root(root, record.octets(), findings);
        List<LintNode> children = record(visit, record);
        LintNode tree = node(DomainNames.text(root), worst.count(), "", children);
        LimitRules.check(tree, worst, visit.findings());
        return tree;
    }

    /** Whether the DNS answered every question. */
    boolean isComplete() {
        return worst.isComplete();
    }

    private List<LintNode> record(Visit visit, Publication.Text record) {
        SpfParse parse = SpfParser.parse(record.octets());
        boolean again = !seen.add(visit.name());
        if (!again) {
            RecordRules.check(parse, record.borders(), visit.findings());
        }
        onTheWay.push(visit.name());
        List<LintNode> nodes = new ArrayList<>();
        Modifier.Redirect redirect = null;
        boolean ended = false;
        parse.terms().forEach(term -> prepare(visit, term));
        for (Term term : parse.terms()) {
            if (term instanceof Mechanism.All all) {
                ended = true;
                if (visit.grants() && all.qualifier() == Qualifier.PASS) {
                    worst.grants();
                }
                break;
            }
            if (term instanceof Modifier.Redirect found) {
                redirect = found;
            } else if (term instanceof Mechanism mechanism) {
                mechanism(nodes, visit, parse, mechanism);
            }
        }
        if (!ended && redirect != null) {
            asking(nodes, visit, parse, redirect, visit.grants());
        } else if (!ended && visit.decides() && !again) {
            visit.findings()
                    .add(
                            LintRule.NO_ALL,
                            null,
                            "neither \"all\" nor \"redirect\" ends the record, so that strangers are neutral",
                            "end the record with \"~all\" or \"-all\"");
        }
        explanation(visit, parse);
        onTheWay.pop();
        return nodes;
    }

    private void mechanism(List<LintNode> nodes, Visit visit, SpfParse parse, Mechanism mechanism) {
        boolean grants = visit.grants() && mechanism.qualifier() == Qualifier.PASS;
        if (mechanism.countsAsLookup()) {
            asking(nodes, visit, parse, mechanism, grants);
        } else if (grants) {
            worst.grants(mechanism instanceof Mechanism.Ip4 ? Family.IP4 : Family.IP6);
        }
    }

    // A term that asks the DNS: it gets a node of its own, and what it costs goes back to it.
    private void asking(List<LintNode> nodes, Visit visit, SpfParse parse, Term term, boolean grants) {
        Count before = worst.count();
        Blame outer = worst.blamed();
        if (visit.own()) {
            worst.blame(new Blame(visit.findings(), term.span()));
        }
        List<LintNode> children = new ArrayList<>();
        String remark;
        if (term instanceof Mechanism.Include include) {
            worst.lookup();
            remark = follow(visit, include, include.domain(), grants, children);
        } else if (term instanceof Modifier.Redirect redirect) {
            worst.lookup();
            remark = follow(visit, redirect, redirect.domain(), grants, children);
        } else {
            remark = hosts.check(visit, (Mechanism) term);
        }
        nodes.add(node(term.span().of(parse.text()), worst.count().minus(before), remark, children));
        worst.blame(outer);
    }

    private String follow(Visit visit, Term term, DomainSpec domain, boolean grants, List<LintNode> children) {
        Target target = Target.of(domain, visit.name());
        if (target instanceof Target.Unknown) {
            if (grants) {
                worst.grants();
            }
            visit.findings()
                    .add(
                            LintRule.UNKNOWN_TARGET,
                            term.span(),
                            "where this leads depends on the client or the sender, so that what it costs is not known",
                            "leave it if its operator answers for the lookups behind it");
            return "depends on the client or sender: not followed";
        }
        if (!(target instanceof Target.Known known)) {
            IncludeRules.dead(visit, term, "\"" + domain.text() + "\" is no domain name", domain.text());
            return "no domain name";
        }
        Name name = known.name();
        if (onTheWay.contains(name)) {
            IncludeRules.loop(visit, term, name);
            return "loop";
        }
        if (worst.count().lookups() > FOLLOWED_LOOKUPS) {
            return "not followed any more";
        }
        DnsAnswer answer = questions.answer(name, Type.TXT);
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            worst.incomplete();
            IncludeRules.noAnswer(visit, term, name, trouble);
            return "no answer";
        }
        Publication published = Publication.of(name, answer);
        if (published.records().isEmpty()) {
            return IncludeRules.dead(visit, term, name, answer, published);
        }
        if (published.records().size() > 1 && !seen.contains(name)) {
            IncludeRules.severalRecords(visit, term, name, published);
        }
        if (seen.contains(name) && reportedTwice.add(name)) {
            IncludeRules.twice(worst.blamed(), name);
        }
        Publication.Text record = published.records().get(0);
        int grantsBefore = worst.grantCount();
        Visit below = term instanceof Mechanism.Include include
                ? visit.include(name, record.octets(), include.qualifier(), root, findings)
                : visit.redirect(name, record.octets(), root, findings);
        children.addAll(record(below, record));
        if (below.grants() && worst.grantCount() == grantsBefore && term instanceof Mechanism && isComplete()) {
            IncludeRules.empty(visit, term, name);
            return "matches nobody";
        }
        return published.records().size() > 1 ? published.records().size() + " SPF records" : "";
    }

    private void explanation(Visit visit, SpfParse parse) {
        for (Term term : parse.terms()) {
            if (term instanceof Modifier.Explanation explanation
                    && visit.decides()
                    && Target.of(explanation.domain(), visit.name()) instanceof Target.Known known) {
                IncludeRules.explanation(visit, explanation, known.name(), questions.answer(known.name(), Type.TXT));
            }
        }
    }

    // Sends the questions of all terms of a record together; each is asked once.
    private void prepare(Visit visit, Term term) {
        if (term instanceof Mechanism.Ptr
                || term instanceof Mechanism mechanism && !mechanism.countsAsLookup()
                || term instanceof Modifier.Unknown
                || !(Target.of(TermRules.domain(term), visit.name()) instanceof Target.Known known)) {
            return;
        }
        if (term instanceof Mechanism.A) {
            questions.prepare(known.name(), Type.A);
            questions.prepare(known.name(), Type.AAAA);
        } else if (term instanceof Mechanism.Exists) {
            questions.prepare(known.name(), Type.A);
        } else {
            questions.prepare(known.name(), term instanceof Mechanism.Mx ? Type.MX : Type.TXT);
        }
    }

    private static LintNode node(String term, Count count, String remark, List<LintNode> children) {
        return new LintNode(term, count.lookups(), count.voidsIp4(), count.voidsIp6(), remark, children);
    }
}
