package org.senderauth.spf.lint;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/** Sends each query of one run once, up to a limit that no valid record needs. */
final class LintResolver {

    private record Question(Name name, int type) {}

    private final DnsClient dns;
    private final int limit;
    private final Map<Question, CompletableFuture<DnsAnswer>> asked = new HashMap<>();

    /**
     * Creates a resolver for one run.
     *
     * @param limit the maximum number of queries
     */
    LintResolver(DnsClient dns, int limit) {
        this.dns = dns;
        this.limit = limit;
    }

    /** Sends a query whose answer is needed later, so that several are waited for together. */
    void prepare(Name name, int type) {
        pending(name, type);
    }

    /** Returns the answer to a query; waits for it. */
    DnsAnswer answer(Name name, int type) {
        return pending(name, type).join();
    }

    private CompletableFuture<DnsAnswer> pending(Name name, int type) {
        return asked.computeIfAbsent(
                new Question(name, type),
                question -> asked.size() < limit
                        ? dns.query(name, type).toCompletableFuture()
                        : CompletableFuture.completedFuture(new Unavailable(
                                Cause.REFUSED, "not sent: this tree needs more than " + limit + " queries")));
    }
}
