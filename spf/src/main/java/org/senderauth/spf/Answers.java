package org.senderauth.spf;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/** The answers of one check, known or on their way: no question is asked twice. Thread-safe. */
final class Answers {

    private record Question(Name name, int type) {}

    private final DnsClient dns;
    private final Map<Question, CompletableFuture<DnsAnswer>> answers = new HashMap<>();

    Answers(DnsClient dns) {
        this.dns = dns;
    }

    /** The answer to a question, which is asked if it was not yet. */
    synchronized CompletableFuture<DnsAnswer> to(Name name, int type) {
        Question question = new Question(name, type);
        CompletableFuture<DnsAnswer> answer = answers.get(question);
        if (answer == null) {
            answer = dns.query(name, type).toCompletableFuture();
            answers.put(question, answer);
        }
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
