package org.senderauth.benchmarks;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.senderauth.csv.CsaVerdict;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvResult;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;

/** CSA checks whose DNS answers are in the cache: what a busy host pays for each HELO that it knows. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CsvBenchmark {

    private static final String ZONE = """
            _client._smtp.mail.example.org. 3600 IN SRV 1 2 0 mail.example.org.
            mail.example.org. 3600 IN A 192.0.2.1
            example.org. 3600 IN SOA ns.example.org. h.example.org. 1 3600 600 86400 3600
            _client._smtp.example.org. 3600 IN SRV 1 1 1 example.org.
            example.com. 3600 IN SOA ns.example.com. h.example.com. 1 3600 600 86400 3600
            """;

    private final InetAddress client = IpAddresses.parse("192.0.2.1").orElseThrow();
    private final InetAddress otherClient = IpAddresses.parse("192.0.2.2").orElseThrow();
    private final CsvVerifier verifier = CsvVerifier.builder()
            .dns(CachingDnsClient.of(ZoneDnsClient.builder().text(ZONE).build()))
            .build();

    /** A client that passes by the additional section: one query. */
    @Benchmark
    public CsvResult pass() {
        return expect(CsaVerdict.PASS, verifier.verify(CsvQuery.of(client, "mail.example.org")));
    }

    /** A client that is not one of the target's: two queries. */
    @Benchmark
    public CsvResult mismatch() {
        return expect(CsaVerdict.FAIL_MISMATCH, verifier.verify(CsvQuery.of(otherClient, "mail.example.org")));
    }

    /** A name whose parent requires explicit records: two queries. */
    @Benchmark
    public CsvResult explicitParent() {
        return expect(CsaVerdict.FAIL_EXPLICIT, verifier.verify(CsvQuery.of(client, "host.dept.example.org")));
    }

    /** A name without any record: two queries. */
    @Benchmark
    public CsvResult unknown() {
        return expect(CsaVerdict.UNKNOWN, verifier.verify(CsvQuery.of(client, "mail.example.com")));
    }

    private static CsvResult expect(CsaVerdict outcome, CsvResult result) {
        if (result.verdict() != outcome) {
            throw new IllegalStateException(outcome + " expected: " + result);
        }
        return result;
    }
}
