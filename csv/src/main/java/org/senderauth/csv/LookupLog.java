package org.senderauth.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/**
 * The questions of one check, in the order in which they were asked. A check asks from one thread at a time, each
 * after the stage before it, so there is no lock.
 */
final class LookupLog {

    /** Most bytes of answers that one check holds; what is more is not known to it. */
    static final long MAX_BYTES = 128 << 10;

    private record Asked(Name name, int type, CompletableFuture<DnsAnswer> answer) {}

    private final DnsClient dns;
    private final List<Asked> asked = new ArrayList<>(2);
    private final AtomicLong bytes = new AtomicLong();

    LookupLog(DnsClient dns) {
        this.dns = dns;
    }

    CompletableFuture<DnsAnswer> ask(Name name, int type) {
        CompletableFuture<DnsAnswer> answer =
                dns.query(name, type).thenApply(this::held).toCompletableFuture();
        asked.add(new Asked(name, type, answer));
        return answer;
    }

    private DnsAnswer held(DnsAnswer answer) {
        return bytes.addAndGet(answer.sizeInBytes()) <= MAX_BYTES
                ? answer
                : new Unavailable(Cause.TOO_LARGE, "the check needs more than " + MAX_BYTES + " bytes");
    }

    /** All questions with their answers, once every answer is there. */
    List<DnsLookup> lookups() {
        return asked.stream()
                .map(question -> new DnsLookup(
                        question.name(), question.type(), question.answer().join()))
                .toList();
    }
}
