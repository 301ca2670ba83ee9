package org.senderauth.spf.flatten;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.PublishedData;

/** Flattens the records of published domains, where they are available, and counts the reasons of those that cannot be. */
class FlattenPublishedTest {

    private static final int MAX_BYTES = 450;
    private static final int MAX_LOOKUPS = 10;

    @Test
    void flattensPublishedDomains() throws IOException {
        Map<?, ?> roots = PublishedData.json("data/spf-roots.json.gz");
        DnsClient dns = PublishedData.zones(roots, PublishedData.json("data/spf-zones.json.gz"));
        Map<String, Integer> reasons = new TreeMap<>();
        int flattened = 0;
        for (Object root : roots.keySet()) {
            String domain = DomainNames.toAscii(root.toString()).orElseThrow();
            FlattenOutcome outcome = SpfFlattener.of(dns).flatten(domain, null);
            if (outcome instanceof FlattenedRecords found) {
                assertThat(found.records().values())
                        .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(MAX_BYTES));
                assertThat(found.lookups()).isLessThanOrEqualTo(MAX_LOOKUPS);
                flattened++;
            } else if (outcome instanceof AuthorizedNetworks.Unusable unusable) {
                assertThat(unusable.reason()).as(domain).doesNotContain("would give");
                reasons.merge(kind(unusable.reason()), 1, Integer::sum);
            }
        }
        System.out.println(flattened + " of " + roots.size() + " domains flattened; not flattened: " + reasons);
        assertThat(flattened).isGreaterThan(1_000);
    }

    private static String kind(String reason) {
        for (String kind : new String[] {"SPF record", "syntax error", "loop", "valid domain name", "max-octets"}) {
            if (reason.contains(kind)) {
                return kind;
            }
        }
        return reason;
    }
}
