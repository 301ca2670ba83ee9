package org.senderauth.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/**
 * The questions of one check, in the order in which they were asked. A check asks from one thread at a time, each
 * after the stage before it, so there is no lock.
 */
final class Questions {

    private record Asked(Name name, int type, CompletableFuture<DnsAnswer> answer) {}

    private final DnsClient dns;
    private final List<Asked> asked = new ArrayList<>(2);

    Questions(DnsClient dns) {
        this.dns = dns;
    }

    CompletableFuture<DnsAnswer> ask(Name name, int type) {
        CompletableFuture<DnsAnswer> answer = dns.query(name, type).toCompletableFuture();
        asked.add(new Asked(name, type, answer));
        return answer;
    }

    /** All questions with their answers, once every answer is there. */
    List<DnsLookup> lookups() {
        return asked.stream()
                .map(question -> new DnsLookup(
                        question.name(), question.type(), question.answer().join()))
                .toList();
    }
}
