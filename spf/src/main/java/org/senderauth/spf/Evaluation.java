package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.Qualifier;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * {@code check_host()} of RFC 7208 section 4: from the first domain to a result. Used once, by one thread. Its depth is
 * bounded by the number of lookups, since every {@code include} counts as one; {@code redirect} needs no depth.
 */
final class Evaluation {

    private final SpfQuery query;
    private final CheckHostArguments sender;
    private final LookupCounter budget;
    private final EvaluationTrace trace;
    private final MacroExpander macros;
    private final CheckResolver lookups;
    private final RecordFinder records;
    // Created when they are needed: most checks end at an ip4 or ip6.
    private @Nullable ValidatedClientNames clientNames;
    private @Nullable MechanismMatcher matcher;
    private @Nullable OpenRecord innermost;

    /** The record with the mechanism that gave the last verdict; null if no mechanism did. */
    private @Nullable OpenRecord matched;

    Evaluation(SpfQuery query, CheckContext check, Prefetch prefetch, boolean traced) {
        this.query = query;
        this.sender = check.sender();
        this.budget = new LookupCounter(check.limits(), check.maxQueries());
        this.trace = traced ? new TraceBuilder() : EvaluationTrace.NONE;
        this.macros = check.macros();
        this.lookups = new CheckResolver(check, trace, budget, () -> prefetch.from(innermost, budget.lookups()));
        this.records = new RecordFinder(check.records(), lookups, trace);
    }

    private ValidatedClientNames clientNames() {
        if (clientNames == null) {
            clientNames =
                    new ValidatedClientNames(sender, lookups, budget.limits().ptrNames());
        }
        return clientNames;
    }

    private MechanismMatcher matcher() {
        if (matcher == null) {
            matcher = new MechanismMatcher(sender, lookups, budget, clientNames());
        }
        return matcher;
    }

    /** Evaluates from the start. */
    SpfResult run() throws AnswerPendingException {
        TargetDomain domain = sender.domain();
        SpfVerdict verdict;
        String mechanism = null;
        SpfProblem problem = null;
        String explanation = null;
        try {
            checkIdentity(domain);
            verdict = checkRecords(domain, null);
            OpenRecord last = matched;
            if (last != null) {
                mechanism = last.text();
                explanation = verdict == SpfVerdict.FAIL ? explanation(last) : null;
            }
        } catch (SpfErrorException stopped) {
            verdict = stopped.verdict();
            problem = stopped.problem();
        }
        leaveTrace(0, verdict, problem);
        SpfResult.Builder result = new SpfResult.Builder(query, verdict, domain.text(), sender.receiver());
        result.mechanism = mechanism;
        result.problem = problem;
        result.explanation = explanation;
        result.lookups = budget.lookups();
        result.voidLookups = budget.voidLookups();
        result.queries = budget.queries();
        result.trace = trace.freeze();
        return result.build();
    }

    private void checkIdentity(TargetDomain domain) throws SpfErrorException {
        String problem = sender.problem();
        if (problem != null) {
            trace.enter(domain.text());
            throw SpfErrorException.malformed(problem);
        }
    }

    // The recursion of section 5.2.
    private SpfVerdict checkInner(TargetDomain first) throws AnswerPendingException, SpfErrorException {
        OpenRecord outer = innermost;
        int depth = trace.depth();
        try {
            SpfVerdict verdict = checkRecords(first, outer);
            leaveTrace(depth, verdict, null);
            return verdict;
        } catch (SpfErrorException stopped) {
            leaveTrace(depth, stopped.verdict(), stopped.problem());
            throw stopped;
        } finally {
            innermost = outer;
        }
    }

    private void leaveTrace(int depth, SpfVerdict verdict, @Nullable SpfProblem problem) {
        while (trace.depth() > depth) {
            trace.leave(verdict, problem, budget);
        }
    }

    // Section 4.6: the record of a domain and its redirect targets.
    private SpfVerdict checkRecords(TargetDomain first, @Nullable OpenRecord outer)
            throws AnswerPendingException, SpfErrorException {
        PreparedRecord record = records.of(first);
        if (record == null) {
            matched = null;
            return SpfVerdict.NONE;
        }
        OpenRecord current = new OpenRecord(outer, first, record);
        while (true) {
            innermost = current;
            while (current.hasNext()) {
                Mechanism mechanism = current.advance();
                if (matches(mechanism, current)) {
                    matched = current;
                    return verdict(mechanism.qualifier());
                }
            }
            Modifier.Redirect redirect = current.record.redirect();
            if (redirect == null) {
                matched = null;
                return SpfVerdict.NEUTRAL;
            }
            current = redirected(redirect, current, outer);
        }
    }

    // Section 6.1: a target that is not a valid name or has no record is a permerror here.
    private OpenRecord redirected(Modifier.Redirect redirect, OpenRecord from, @Nullable OpenRecord outer)
            throws AnswerPendingException, SpfErrorException {
        from.advanceTo(redirect);
        trace.step(redirect);
        countLookup(from);
        TargetDomain target = target(redirect.domain(), from.domain);
        trace.redirects(budget);
        PreparedRecord record = macros.cannotMatch(redirect.domain()) ? null : records.of(target);
        if (record == null) {
            throw SpfErrorException.permerror(
                    from, "redirect=" + named(target) + " has no SPF record (RFC 7208 section 6.1)");
        }
        return new OpenRecord(outer, target, record);
    }

    private boolean matches(Mechanism mechanism, OpenRecord current) throws AnswerPendingException, SpfErrorException {
        trace.step(mechanism);
        boolean match = isMatch(mechanism, current);
        trace.stepEnds(match ? Outcome.MATCH : Outcome.NO_MATCH, budget);
        return match;
    }

    private boolean isMatch(Mechanism mechanism, OpenRecord current) throws AnswerPendingException, SpfErrorException {
        if (mechanism instanceof Mechanism.Ip4 ip4) {
            return ip4.network().contains(sender.client());
        }
        if (mechanism instanceof Mechanism.Ip6 ip6) {
            return ip6.network().contains(sender.client());
        }
        if (mechanism instanceof Mechanism.All) {
            return true;
        }
        // All others cause queries (section 4.6.4).
        countLookup(current);
        DomainSpec spec = mechanism.domain();
        if (spec != null && macros.cannotMatch(spec)) {
            return false;
        }
        TargetDomain target = target(mechanism, current);
        if (mechanism instanceof Mechanism.Include) {
            return included(target, current);
        }
        Name name = target.name();
        if (name == null) {
            // No such name can exist (section 4.8), and it must not be an error: senders choose what macros expand to.
            return false;
        }
        if (mechanism instanceof Mechanism.A a) {
            return matcher().a(a, name, current);
        }
        if (mechanism instanceof Mechanism.Mx mx) {
            return matcher().mx(mx, name, current);
        }
        if (mechanism instanceof Mechanism.Exists) {
            return matcher().exists(name, current);
        }
        return matcher().ptr(name, current);
    }

    // Section 5.2, with its table of results; the errors of the inner check are the errors of this one.
    private boolean included(TargetDomain target, OpenRecord current) throws AnswerPendingException, SpfErrorException {
        SpfVerdict verdict = checkInner(target);
        if (verdict == SpfVerdict.NONE) {
            throw SpfErrorException.permerror(
                    current, "include:" + named(target) + " has no SPF record (RFC 7208 section 5.2)");
        }
        return verdict == SpfVerdict.PASS;
    }

    // Section 6.2: after any error here the result is still fail, without an explanation.
    private @Nullable String explanation(OpenRecord last) throws AnswerPendingException {
        Modifier.Explanation modifier = last.record.explanation();
        if (modifier == null) {
            return null;
        }
        last.advanceTo(modifier);
        trace.step(modifier);
        String explanation = null;
        try {
            TargetDomain target = target(modifier.domain(), last.domain);
            Name name = macros.cannotMatch(modifier.domain()) ? null : target.name();
            if (name != null
                    && lookups.ask(name, Type.TXT, last.domain) instanceof Records answer
                    && answer.records().size() == 1
                    && answer.records().get(0) instanceof TXTRecord txt
                    && RecordCache.length(txt) <= SpfLimits.MAX_RECORD_BYTES) {
                explanation = shown(macros.explanation(
                        SpfParser.parseExplanation(RecordCache.text(txt)),
                        last.domain,
                        () -> clientNames().best(last.domain)));
            }
        } catch (SpfErrorException | IllegalArgumentException unusable) {
            explanation = null;
        }
        trace.stepEnds(explanation == null ? Outcome.NOT_EXPLAINED : Outcome.EXPLAINED, budget);
        return explanation;
    }

    private static String shown(String explanation) {
        String printable = SafeText.ascii(explanation);
        return printable.substring(0, Math.min(printable.length(), SpfResult.MAX_EXPLANATION));
    }

    private TargetDomain target(Mechanism mechanism, OpenRecord current)
            throws AnswerPendingException, SpfErrorException {
        TargetDomain fixed = current.fixedTarget();
        DomainSpec spec = mechanism.domain();
        if (fixed == null && spec != null) {
            return target(spec, current.domain);
        }
        TargetDomain target = fixed == null ? current.domain : fixed;
        trace.target(target.text());
        return target;
    }

    private TargetDomain target(DomainSpec spec, TargetDomain current)
            throws AnswerPendingException, SpfErrorException {
        TargetDomain target = macros.domain(spec, current, () -> clientNames().best(current));
        trace.target(target.text());
        return target;
    }

    private void countLookup(OpenRecord at) throws SpfErrorException {
        if (!budget.countLookup()) {
            throw SpfErrorException.permerror(
                    at, "DNS lookup limit exceeded (" + budget.limits().lookups() + ")");
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

    private static String named(TargetDomain target) {
        return SafeText.ascii(target.text());
    }
}
