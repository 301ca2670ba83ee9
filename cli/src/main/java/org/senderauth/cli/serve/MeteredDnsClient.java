package org.senderauth.cli.serve;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/**
 * Counts and times the questions that go out to name servers: below the cache, so that what it answers does not count.
 *
 * @param next who is asked
 * @param meters counts
 */
record MeteredDnsClient(DnsClient next, Meters meters) implements DnsClient {

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        long start = System.nanoTime();
        return next.query(name, type).thenApply(answer -> {
            meters.count("dns.questions", "answer", word(answer));
            meters.time("dns.duration", Duration.ofNanos(System.nanoTime() - start));
            return answer;
        });
    }

    private static String word(DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records) {
            return "records";
        }
        if (answer instanceof DnsAnswer.NoData) {
            return "no-data";
        }
        return answer instanceof DnsAnswer.NoSuchDomain ? "no-such-domain" : "unavailable";
    }
}
