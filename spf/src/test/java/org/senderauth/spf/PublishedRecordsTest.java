package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsClient;
import org.senderauth.spf.syntax.MalformedRecord;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SpfParser;

/** Records as domains publish them, where they are available. */
class PublishedRecordsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> CLIENTS =
            List.of("192.0.2.1", "40.92.0.1", "209.85.220.41", "2001:db8::1", "2a01:111:f400::1");

    @Test
    void parsesEveryRecordOrLocatesProblem() throws IOException {
        int good = 0;
        int bad = 0;
        try (BufferedReader lines = PublishedData.open("data/spf-records.txt.gz")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String record = PublishedData.octets(JSON.readValue(line, String.class));
                SpfParseResult parse = SpfParser.parse(record);
                if (parse instanceof MalformedRecord malformed) {
                    bad++;
                    assertThat(malformed.problems()).isNotEmpty().allSatisfy(problem -> {
                        assertThat(problem.span().start()).isBetween(0, record.length());
                        assertThat(problem.span().end())
                                .isBetween(problem.span().start(), record.length());
                        assertThat(problem.message()).isNotBlank();
                    });
                } else {
                    good++;
                }
            }
        }
        System.out.println("records: " + good + " read, " + bad + " malformed");
        assertThat(good + bad).isGreaterThan(25_000);
        assertThat(good).isGreaterThan(bad * 10);
    }

    // Prints the table that docs/spf.md shows.
    @Test
    void evaluatesEveryDomainForEveryClient() throws IOException {
        Map<?, ?> roots = PublishedData.json("data/spf-roots.json.gz");
        DnsClient dns = PublishedData.zones(roots, PublishedData.json("data/spf-zones.json.gz"));
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        Map<String, Map<SpfVerdict, Integer>> table = new TreeMap<>();
        for (String client : CLIENTS) {
            for (Object root : roots.keySet()) {
                SpfResult result = spf.verify(
                        SpfQuery.mailFrom(InetAddress.getByName(client), "postmaster@" + root, "mail.example.org"));
                table.computeIfAbsent(client, c -> new TreeMap<>()).merge(result.verdict(), 1, Integer::sum);
                assertThat(result.lookups()).isLessThanOrEqualTo(10);
                if (result.verdict() == SpfVerdict.PERMERROR) {
                    assertThat(result.problem()).isPresent();
                }
            }
        }
        table.forEach((client, verdicts) -> System.out.println(client + " " + verdicts));
        assertThat(table.values())
                .allSatisfy(verdicts -> assertThat(verdicts)
                        .doesNotContainKeys(SpfVerdict.TEMPERROR)
                        .containsKeys(SpfVerdict.FAIL, SpfVerdict.SOFTFAIL, SpfVerdict.PERMERROR));
    }
}
