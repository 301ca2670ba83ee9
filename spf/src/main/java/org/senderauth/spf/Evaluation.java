package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.Printable;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.Halt.Pending;
import org.senderauth.spf.Halt.Stopped;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * {@code check_host()} of RFC 7208 section 4: from the first domain to a verdict. Used once, by one thread. Its depth is
 * bounded by the number of lookups, since every {@code include} counts as one; {@code redirect} needs no depth.
 */
final class Evaluation {

    /** A record that is being evaluated, how far, and within which other. */
    static final class Frame {
        final @Nullable Frame outer;
        final Target domain;
        final PreparedRecord record;
        int next;

        Frame(@Nullable Frame outer, Target domain, PreparedRecord record) {
            this.outer = outer;
            this.domain = domain;
            this.record = record;
        }
    }

    /** How a domain's records end: the verdict, and the frame whose last mechanism matched. */
    private record Ending(SpfVerdict verdict, @Nullable Frame matched) {
        static final Ending NONE = new Ending(SpfVerdict.NONE, null);
        static final Ending DEFAULT = new Ending(SpfVerdict.NEUTRAL, null);
    }

    private final SpfQuery query;
    private final Sender sender;
    private final Budget budget;
    private final @Nullable TraceBuilder trace;
    private final MacroExpander macros;
    private final Lookups lookups;
    private final RecordFinder records;
    private final ClientNames clientNames;
    private final Matcher matcher;
    private @Nullable Frame frame;

    Evaluation(SpfQuery query, Check check, boolean traced) {
        this.query = query;
        this.sender = check.sender();
        this.budget = new Budget(check.limits());
        this.trace = traced ? new TraceBuilder() : null;
        this.macros = check.macros();
        this.lookups = new Lookups(check, trace, () -> check.prefetch(frame, budget.lookups()));
        this.records = new RecordFinder(check.records(), lookups, trace);
        this.clientNames = new ClientNames(sender, lookups, check.limits().ptrNames());
        this.matcher = new Matcher(sender, lookups, budget, clientNames);
    }

    /** Evaluates from the start. */
    SpfResult run() throws Pending {
        Target domain = sender.domain();
        SpfVerdict verdict;
        String mechanism = null;
        SpfProblem problem = null;
        String explanation = null;
        try {
            Ending ending = checkRecords(domain, null);
            verdict = ending.verdict();
            Frame last = ending.matched();
            if (last != null) {
                mechanism = last.record.text(last.next - 1);
                explanation = verdict == SpfVerdict.FAIL ? explanation(last) : null;
            }
        } catch (Stopped stopped) {
            verdict = stopped.verdict();
            problem = stopped.problem();
        }
        leaveTrace(0, verdict, problem);
        return new SpfResult(
                query,
                verdict,
                domain.text(),
                mechanism,
                problem,
                explanation,
                budget.lookups(),
                budget.voidLookups(),
                trace == null ? null : trace.freeze(),
                sender.receiver());
    }

    // The recursion of section 5.2.
    private Ending checkInner(Target first) throws Pending, Stopped {
        Frame outer = frame;
        int depth = trace == null ? 0 : trace.depth();
        try {
            Ending ending = checkRecords(first, outer);
            leaveTrace(depth, ending.verdict(), null);
            return ending;
        } catch (Stopped stopped) {
            leaveTrace(depth, stopped.verdict(), stopped.problem());
            throw stopped;
        } finally {
            frame = outer;
        }
    }

    private void leaveTrace(int depth, SpfVerdict verdict, @Nullable SpfProblem problem) {
        while (trace != null && trace.depth() > depth) {
            trace.leave(verdict, problem, budget);
        }
    }

    // Section 4.6: the record of a domain, and those that redirect leads to from there.
    private Ending checkRecords(Target first, @Nullable Frame outer) throws Pending, Stopped {
        PreparedRecord record = records.of(first);
        if (record == null) {
            return Ending.NONE;
        }
        Frame current = new Frame(outer, first, record);
        while (true) {
            frame = current;
            while (current.next < current.record.size()) {
                int index = current.next++;
                if (matches(index, current)) {
                    return new Ending(verdict(current.record.mechanism(index).qualifier()), current);
                }
            }
            Modifier.Redirect redirect = current.record.redirect();
            if (redirect == null) {
                return Ending.DEFAULT;
            }
            current = redirected(redirect, current, outer);
        }
    }

    // Section 6.1: a domain that is none, or has no record, is a permerror here.
    private Frame redirected(Modifier.Redirect redirect, Frame from, @Nullable Frame outer) throws Pending, Stopped {
        begin(redirect);
        countLookup(redirect, from.domain);
        Target target = target(redirect.domain(), from.domain);
        if (trace != null) {
            trace.redirects(budget);
        }
        PreparedRecord record = macros.cannotMatch(redirect.domain()) ? null : records.of(target);
        if (record == null) {
            throw Stopped.permerror(
                    from.domain, redirect.span(), "'redirect' leads to " + named(target) + ", which has no SPF record");
        }
        return new Frame(outer, target, record);
    }

    private boolean matches(int index, Frame current) throws Pending, Stopped {
        Mechanism mechanism = current.record.mechanism(index);
        begin(mechanism);
        if (mechanism.countsAsLookup()) {
            countLookup(mechanism, current.domain);
        }
        boolean match = isMatch(mechanism, index, current);
        if (trace != null) {
            trace.stepEnds(match ? Outcome.MATCH : Outcome.NO_MATCH, budget);
        }
        return match;
    }

    private boolean isMatch(Mechanism mechanism, int index, Frame current) throws Pending, Stopped {
        if (mechanism instanceof Mechanism.Ip4 ip4) {
            return ip4.network().contains(sender.client());
        }
        if (mechanism instanceof Mechanism.Ip6 ip6) {
            return ip6.network().contains(sender.client());
        }
        if (mechanism instanceof Mechanism.All) {
            return true;
        }
        DomainSpec spec = mechanism.domain();
        if (spec != null && macros.cannotMatch(spec)) {
            return false;
        }
        Target target = target(index, current);
        if (mechanism instanceof Mechanism.Include include) {
            return included(include, target, current);
        }
        Name name = target.name();
        if (name == null) {
            // No such name can exist (section 4.8), and it must not be an error: senders choose what macros expand to.
            return false;
        }
        if (mechanism instanceof Mechanism.A a) {
            return matcher.a(a, name, current.domain);
        }
        if (mechanism instanceof Mechanism.Mx mx) {
            return matcher.mx(mx, name, current.domain);
        }
        if (mechanism instanceof Mechanism.Exists exists) {
            return matcher.exists(exists, name, current.domain);
        }
        return matcher.ptr((Mechanism.Ptr) mechanism, name, current.domain);
    }

    // Section 5.2, with its table of verdicts; the errors of the inner check are the errors of this one.
    private boolean included(Mechanism.Include include, Target target, Frame current) throws Pending, Stopped {
        SpfVerdict verdict = checkInner(target).verdict();
        if (verdict == SpfVerdict.NONE) {
            throw Stopped.permerror(
                    current.domain,
                    include.span(),
                    "'include' leads to " + named(target) + ", which has no SPF record");
        }
        return verdict == SpfVerdict.PASS;
    }

    // Section 6.2: whatever goes wrong here, the fail stays, without an explanation.
    private @Nullable String explanation(Frame last) throws Pending {
        Modifier.Explanation modifier = last.record.explanation();
        if (modifier == null) {
            return null;
        }
        begin(modifier);
        String explanation = null;
        try {
            Target target = target(modifier.domain(), last.domain);
            Name name = macros.cannotMatch(modifier.domain()) ? null : target.name();
            if (name != null
                    && lookups.ask(name, Type.TXT, last.domain) instanceof Records answer
                    && answer.records().size() == 1
                    && answer.records().get(0) instanceof TXTRecord txt) {
                explanation = shown(macros.explanation(
                        SpfParser.parseExplanation(RecordCache.text(txt)),
                        last.domain,
                        () -> clientNames.best(last.domain)));
            }
        } catch (Stopped | IllegalArgumentException unusable) {
            explanation = null;
        }
        if (trace != null) {
            trace.stepEnds(explanation == null ? Outcome.NOT_EXPLAINED : Outcome.EXPLAINED, budget);
        }
        return explanation;
    }

    private static String shown(String explanation) {
        String printable = Printable.ascii(explanation);
        return printable.substring(0, Math.min(printable.length(), SpfResult.MAX_EXPLANATION));
    }

    private Target target(int index, Frame current) throws Pending, Stopped {
        Target fixed = current.record.fixedTarget(index);
        DomainSpec spec = current.record.mechanism(index).domain();
        if (fixed == null && spec != null) {
            return target(spec, current.domain);
        }
        Target target = fixed == null ? current.domain : fixed;
        if (trace != null) {
            trace.target(target.text());
        }
        return target;
    }

    private Target target(DomainSpec spec, Target current) throws Pending, Stopped {
        Target target = macros.domain(spec, current, () -> clientNames.best(current));
        if (trace != null) {
            trace.target(target.text());
        }
        return target;
    }

    private void begin(Term term) {
        if (trace != null) {
            trace.step(term);
        }
    }

    private void countLookup(Term term, Target domain) throws Stopped {
        if (!budget.countLookup()) {
            throw Stopped.permerror(
                    domain, term.span(), "more than " + budget.limits().lookups() + " terms that ask the DNS");
        }
    }

    private static SpfVerdict verdict(Qualifier qualifier) {
        return switch (qualifier) {
            case PASS -> SpfVerdict.PASS;
            case FAIL -> SpfVerdict.FAIL;
            case SOFTFAIL -> SpfVerdict.SOFTFAIL;
            case NEUTRAL -> SpfVerdict.NEUTRAL;
        };
    }

    private static String named(Target target) {
        return target.text().isEmpty() ? "nowhere" : Printable.ascii(target.text());
    }
}
