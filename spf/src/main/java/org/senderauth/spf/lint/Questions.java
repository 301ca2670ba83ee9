package org.senderauth.spf.lint;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/** Asks each question of one run once, and not more of them than a sound record can need. */
final class Questions {

    private record Question(Name name, int type) {}

    private final DnsClient dns;
    private final Map<Question, CompletableFuture<DnsAnswer>> asked = new HashMap<>();

    Questions(DnsClient dns) {
        this.dns = dns;
    }

    /** Sends a question whose answer will be wanted, so that several wait together. */
    void prepare(Name name, int type) {
        Question question = new Question(name, type);
        if (!asked.containsKey(question)) {
            asked.put(
                    question,
                    asked.size() < SpfLinter.MAX_QUESTIONS
                            ? dns.query(name, type).toCompletableFuture()
                            : CompletableFuture.completedFuture(new Unavailable(
                                    Cause.REFUSED,
                                    "not asked: this tree needs more than " + SpfLinter.MAX_QUESTIONS + " questions")));
        }
    }

    /** The answer to a question; waits for it. */
    DnsAnswer answer(Name name, int type) {
        prepare(name, type);
        return asked.get(new Question(name, type)).join();
    }
}
