package org.senderauth.spf;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/**
 * The answers of one check, known or on their way: no question is asked twice. Most checks ask a handful, and the limits
 * allow no more than some hundred, so a chain that is searched is all that is needed. Thread-safe.
 */
final class Answers {

    private record Asked(
            Name name,
            int type,
            CompletableFuture<DnsAnswer> answer,
            @Nullable Asked before) {}

    private final DnsClient dns;
    private @Nullable Asked last;

    Answers(DnsClient dns) {
        this.dns = dns;
    }

    /** The answer to a question, which is asked if it was not yet. */
    synchronized CompletableFuture<DnsAnswer> to(Name name, int type) {
        for (Asked asked = last; asked != null; asked = asked.before) {
            if (asked.type == type && asked.name.equals(name)) {
                return asked.answer;
            }
        }
        CompletableFuture<DnsAnswer> answer = dns.query(name, type).toCompletableFuture();
        last = new Asked(name, type, answer, last);
        return answer;
    }

    /** What a completed answer says; a client that breaks its promise and fails has no answer for us. */
    static DnsAnswer of(CompletableFuture<DnsAnswer> done) {
        try {
            return done.join();
        } catch (RuntimeException e) {
            return new Unavailable(Unavailable.Cause.NETWORK, "the DNS client failed: " + e.getMessage());
        }
    }
}
