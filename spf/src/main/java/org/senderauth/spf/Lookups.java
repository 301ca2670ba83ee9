package org.senderauth.spf;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Printable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.Halt.Pending;
import org.senderauth.spf.Halt.Stopped;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Asks the DNS for one evaluation, within the time of its check. Used by one thread. */
final class Lookups {

    private final Check check;
    private final @Nullable TraceBuilder trace;
    private final Runnable beforeWaiting;

    /**
     * Makes lookups for an evaluation.
     *
     * @param beforeWaiting runs whenever an answer is not there yet, so that other questions can be asked meanwhile
     */
    Lookups(Check check, @Nullable TraceBuilder trace, Runnable beforeWaiting) {
        this.check = check;
        this.trace = trace;
        this.beforeWaiting = beforeWaiting;
    }

    /**
     * The answer to a question.
     *
     * @param domain the domain whose record asks, for the problem if the time is over
     */
    DnsAnswer ask(Name name, int type, Target domain) throws Pending, Stopped {
        CompletableFuture<DnsAnswer> pending = check.answers().to(name, type);
        if (!pending.isDone()) {
            beforeWaiting.run();
            await(pending, domain);
        }
        if (check.remainingMillis() < 0) {
            throw timeOver(domain);
        }
        DnsAnswer answer = Answers.of(pending);
        if (trace != null) {
            trace.asked(name, type, answer);
        }
        return answer;
    }

    private void await(CompletableFuture<DnsAnswer> pending, Target domain) throws Pending, Stopped {
        long remaining = check.remainingMillis();
        if (remaining <= 0) {
            throw timeOver(domain);
        }
        if (!check.blocking()) {
            throw new Pending(pending);
        }
        try {
            pending.get(remaining, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw timeOver(domain);
        } catch (ExecutionException e) {
            // Answers.of makes an answer of it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stopped.temperror(domain, null, "the check was interrupted");
        }
    }

    private Stopped timeOver(Target domain) {
        return Stopped.temperror(
                domain,
                null,
                "the check took longer than " + check.limits().time().toMillis() + " ms");
    }

    /** What kept an answer from us, for a person. */
    static String describe(Name name, int type, Unavailable trouble) {
        return "no answer for " + Type.string(type) + " of " + Printable.ascii(DomainNames.text(name)) + ": "
                + Printable.ascii(trouble.detail());
    }
}
