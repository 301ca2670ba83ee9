package org.senderauth.spf;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Queries the DNS for one evaluation, within the time of its check. Used by one thread. */
final class CheckResolver {

    private final CheckContext check;
    private final EvaluationTrace trace;
    private final LookupCounter budget;
    private final Runnable beforeWaiting;

    /**
     * Creates a resolver for an evaluation.
     *
     * @param beforeWaiting runs before each wait, so that other queries can be sent
     */
    CheckResolver(CheckContext check, EvaluationTrace trace, LookupCounter budget, Runnable beforeWaiting) {
        this.check = check;
        this.trace = trace;
        this.budget = budget;
        this.beforeWaiting = beforeWaiting;
    }

    /**
     * Returns the answer to a query.
     *
     * @param domain the domain of the record, for the problem after a timeout
     */
    DnsAnswer ask(Name name, int type, TargetDomain domain) throws AnswerPendingException, SpfErrorException {
        CheckDnsCache.Asked asked = check.answers().to(name, type);
        CompletableFuture<DnsAnswer> pending = asked.answer();
        if (!pending.isDone()) {
            beforeWaiting.run();
            await(pending, domain);
        }
        if (check.remainingMillis() < 0) {
            throw timedOut(domain);
        }
        DnsAnswer answer = CheckDnsCache.of(pending);
        if (asked.isFirstFor(budget)) {
            // Each CNAME may have cost a query: names that refer to each other in different zones are resolved one at a
            // time.
            if (!budget.countQueries(1 + answer.followed().size())) {
                throw SpfErrorException.permerror(
                        domain, null, "DNS query limit exceeded (" + budget.maxQueries() + ")");
            }
            hold(answer.sizeInBytes(), domain);
        }
        trace.asked(name, type, answer);
        return answer;
    }

    /**
     * Counts bytes that the check holds from now on.
     *
     * @param domain the domain for the problem if it is too much
     */
    void hold(long bytes, TargetDomain domain) throws SpfErrorException {
        if (!budget.countBytes(bytes)) {
            throw SpfErrorException.temperror(domain, "the check needs more than " + SpfLimits.MAX_BYTES + " bytes");
        }
        if (!check.hold(budget.bytes())) {
            throw SpfErrorException.temperror(domain, "other checks currently use too much memory");
        }
    }

    private void await(CompletableFuture<DnsAnswer> pending, TargetDomain domain)
            throws AnswerPendingException, SpfErrorException {
        long remaining = check.remainingMillis();
        if (remaining <= 0) {
            throw timedOut(domain);
        }
        if (!check.blocking()) {
            throw new AnswerPendingException(pending);
        }
        try {
            pending.get(remaining, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw timedOut(domain);
        } catch (ExecutionException e) {
            // CheckDnsCache.of turns it into an answer.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SpfErrorException.temperror(domain, "the check was interrupted");
        }
    }

    private SpfErrorException timedOut(TargetDomain domain) {
        return SpfErrorException.temperror(
                domain, "timed out after " + SpfLimits.text(check.limits().time()));
    }

    /** Describes why a query failed. */
    static String describe(Name name, int type, Unavailable failure) {
        return "no response for " + Type.string(type) + " of " + SafeText.ascii(DomainNames.text(name)) + ": "
                + SafeText.ascii(failure.detail());
    }
}
