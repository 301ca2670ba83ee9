package org.senderauth.server;

import java.time.Duration;
import java.util.List;
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
record MeteredDnsClient(DnsClient next, MetricRegistry meters) implements DnsClient {

    private static final List<String> RESULTS = List.of("records", "no-data", "no-such-domain", "unavailable");

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        long start = System.nanoTime();
        return next.query(name, type).thenApply(answer -> {
            meters.count(Metric.DNS_QUERIES, "result", word(answer));
            meters.time(Metric.DNS_QUERY_DURATION, Duration.ofNanos(System.nanoTime() - start));
            return answer;
        });
    }

    /** The client with its counters, which are present before its first query. */
    static MeteredDnsClient of(DnsClient next, MetricRegistry meters) {
        meters.timer(Metric.DNS_QUERY_DURATION);
        RESULTS.forEach(result -> meters.present(Metric.DNS_QUERIES, "result", result));
        return new MeteredDnsClient(next, meters);
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
