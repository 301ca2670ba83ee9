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
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Evaluates a record and all that it includes as a receiver does for a client that matches no term, counts the lookups,
 * and checks every name. It continues where a receiver would stop, so that everything is found.
 */
final class IncludeTreeWalker {

    /** After this many lookups, five times the limit of a receiver, includes are not followed. */
    static final int FOLLOWED_LOOKUPS = 50;

    private final Name root;
    private final LintResolver questions;
    private final List<LintFinding> findings;
    private final WorstCase worst = new WorstCase();
    private final HostTermRules hosts;
    private final Deque<Name> includePath = new ArrayDeque<>();
    private final Set<Name> seen = new HashSet<>();
    private final Set<Name> seenGranting = new HashSet<>();
    private final Set<Name> reportedTwice = new HashSet<>();
    private int loops;

    IncludeTreeWalker(Name root, LintResolver questions, List<LintFinding> findings) {
        this.root = root;
        this.questions = questions;
        this.findings = findings;
        this.hosts = new HostTermRules(questions, worst);
    }

    /** Checks the record of the root and what it costs. */
    LookupCost walk(TxtRecordSet.Text record) {
        RecordVisit visit = RecordVisit.root(root, record.octets(), findings);
        List<LookupCost> children = record(visit, record);
        LookupCost tree = node(DomainNames.text(root), worst.count(), "", children);
        LimitRules.check(tree, worst, visit.findings());
        return tree;
    }

    /** Tests whether the DNS answered every query. */
    boolean isComplete() {
        return worst.isComplete();
    }

    private List<LookupCost> record(RecordVisit visit, TxtRecordSet.Text record) {
        SpfParseResult parse = SpfParser.parse(record.octets());
        boolean again = !seen.add(visit.name());
        // The first visit may have been below an include that does not authorize: what is too wide did not matter
        // there.
        if (!again || visit.grants() && !seenGranting.contains(visit.name())) {
            RecordRules.check(parse, record.borders(), visit.findings());
        }
        if (visit.grants()) {
            seenGranting.add(visit.name());
        }
        includePath.push(visit.name());
        List<LookupCost> nodes = new ArrayList<>();
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
        } else if (!ended && visit.decides() && !again && parse.problems().isEmpty()) {
            visit.findings()
                    .add(
                            LintRule.NO_ALL,
                            null,
                            "no final \"all\" or \"redirect\"; other clients get neutral",
                            "end the record with \"~all\" or \"-all\"");
        }
        explanation(visit, parse);
        includePath.pop();
        return nodes;
    }

    private void mechanism(List<LookupCost> nodes, RecordVisit visit, SpfParseResult parse, Mechanism mechanism) {
        boolean grants = visit.grants() && mechanism.qualifier() == Qualifier.PASS;
        if (mechanism.countsAsLookup()) {
            asking(nodes, visit, parse, mechanism, grants);
        } else if (grants) {
            worst.grants(mechanism instanceof Mechanism.Ip4 ? Family.IP4 : Family.IP6);
        }
    }

    // A term that causes DNS queries: it has its own node with what it costs.
    private void asking(List<LookupCost> nodes, RecordVisit visit, SpfParseResult parse, Term term, boolean grants) {
        Count before = worst.count();
        Blame outer = worst.blamed();
        if (visit.own()) {
            worst.blame(new Blame(visit.findings(), term.span()));
        }
        List<LookupCost> children = new ArrayList<>();
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

    private String follow(RecordVisit visit, Term term, DomainSpec domain, boolean grants, List<LookupCost> children) {
        TermTarget target = TermTarget.of(domain, visit);
        if (target instanceof TermTarget.Unknown) {
            if (grants) {
                worst.grants();
            }
            visit.findings()
                    .add(
                            LintRule.DYNAMIC_INCLUDE,
                            term.span(),
                            "target depends on client or sender (macro); its lookup cost is unknown",
                            "keep it only if its operator guarantees few DNS lookups");
            return "depends on the client or sender: not followed";
        }
        if (!(target instanceof TermTarget.Known known)) {
            IncludeRules.dead(visit, term, "\"" + domain.text() + "\" is not a valid domain name", domain.text());
            return "not a valid domain name";
        }
        Name name = known.name();
        if (includePath.contains(name)) {
            loops++;
            IncludeRules.loop(visit, term, name);
            return "loop";
        }
        if (worst.count().lookups() > FOLLOWED_LOOKUPS) {
            return "not followed";
        }
        DnsAnswer answer = questions.answer(name, Type.TXT);
        if (answer instanceof DnsAnswer.Unavailable failure) {
            worst.incomplete();
            IncludeRules.noAnswer(visit, term, name, failure);
            return "no response";
        }
        TxtRecordSet published = TxtRecordSet.of(name, answer);
        if (published.records().isEmpty()) {
            return IncludeRules.dead(visit, term, name, answer, published);
        }
        if (published.records().size() > 1 && !seen.contains(name)) {
            IncludeRules.severalRecords(visit, term, name, published);
        }
        if (seen.contains(name) && reportedTwice.add(name)) {
            boolean both = seenGranting.contains(name)
                    && visit.grants()
                    && (!(term instanceof Mechanism mechanism) || mechanism.qualifier() == Qualifier.PASS);
            IncludeRules.twice(worst.blamed(), name, both);
        }
        TxtRecordSet.Text record = published.records().get(0);
        int grantsBefore = worst.grantCount();
        int loopsBefore = loops;
        RecordVisit below = term instanceof Mechanism.Include include
                ? visit.include(name, record.octets(), include.qualifier(), root, findings)
                : visit.redirect(name, record.octets(), root, findings);
        if (term instanceof Modifier.Redirect && visit.own() && visit.decides() && !below.own()) {
            RedirectEnd.check(visit, term, name, SpfParser.parse(record.octets()));
        }
        children.addAll(record(below, record));
        if (below.grants()
                && worst.grantCount() == grantsBefore
                && term instanceof Mechanism
                && published.records().size() == 1
                && SpfParser.parse(record.octets()).problems().isEmpty()
                && isComplete()
                && loops == loopsBefore) {
            IncludeRules.empty(visit, term, name);
            return "matches no client";
        }
        return published.records().size() > 1 ? published.records().size() + " SPF records" : "";
    }

    private void explanation(RecordVisit visit, SpfParseResult parse) {
        for (Term term : parse.terms()) {
            if (term instanceof Modifier.Explanation explanation
                    && visit.decides()
                    && TermTarget.of(explanation.domain(), visit) instanceof TermTarget.Known known) {
                IncludeRules.explanation(visit, explanation, known.name(), questions.answer(known.name(), Type.TXT));
            }
        }
    }

    // Sends the queries of all terms of a record together; each is sent once.
    private void prepare(RecordVisit visit, Term term) {
        if (TermTarget.of(term.domain(), visit) instanceof TermTarget.Known known) {
            term.query().targetTypes().forEach(type -> questions.prepare(known.name(), type));
        }
    }

    private static LookupCost node(String term, Count count, String remark, List<LookupCost> children) {
        return new LookupCost(term, count.lookups(), count.voidsIp4(), count.voidsIp6(), remark, children);
    }
}
