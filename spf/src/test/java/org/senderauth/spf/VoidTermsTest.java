package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;

/** Which terms count as void lookups (RFC 7208 section 4.6.4). */
class VoidTermsTest {

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder()
            .text("""
                    $TTL 60
                    a1.test. A 192.0.2.1
                    a2.test. A 192.0.2.2
                    a3.test. A 192.0.2.3
                    a4.test. A 192.0.2.4
                    six.test. AAAA 2001:db8::6
                    mx3.test. TXT "v=spf1 mx -all"
                    mx3.test. MX 1 a1.test.
                    mx3.test. MX 2 a2.test.
                    mx3.test. MX 3 a3.test.
                    hosts.test. TXT "v=spf1 a:a1.test a:a2.test a:a3.test a:a4.test ip6:2001:db8::/32 -all"
                    own.test. TXT "v=spf1 a:a1.test a:a2.test a:a3.test a:six.test -all"
                    mixed.test. TXT "v=spf1 a:no1.test a:a1.test a:no2.test a:a2.test -all"
                    over.test. TXT "v=spf1 a:no1.test a:a1.test a:no2.test exists:no3.test -all"
                    dead3.test. TXT "v=spf1 a:no1.test a:no2.test a:no3.test -all"
                    deadmx.test. TXT "v=spf1 mx:void.test a:no1.test a:no2.test -all"
                    void.test. MX 1 a1.test.
                    void.test. MX 2 no.test.
                    again.test. TXT "v=spf1 a:no1.test a:no1.test a:no1.test -all"
                    down.test. TXT "v=spf1 a:no1.test a:no2.test a:broken.test -all"
                    """)
            .trouble(DomainNames.of("broken.test"), Cause.TIMEOUT)
            .build();

    private static SpfResult check(SpfVerifier.Builder spf, String client, String domain) {
        return spf.build()
                .verify(SpfQuery.mailFrom(IpAddresses.parse(client).orElseThrow(), "a@" + domain, "mail.example.org"));
    }

    @ParameterizedTest
    @CsvSource({
        // An IPv6 client that no term matches fails, although no host has IPv6.
        "2001:db9::1, mx3.test, fail, 1, permerror",
        "2001:db9::1, hosts.test, fail, 2, permerror",
        "2001:db8::1, hosts.test, pass, 2, permerror",
        // The domain's own IPv6 host after three hosts without IPv6.
        "2001:db8::6, own.test, pass, 2, permerror",
        "192.0.2.9, own.test, fail, 1, fail",
        "2001:db9::1, mixed.test, fail, 2, permerror",
        "192.0.2.9, mixed.test, fail, 2, fail",
        "2001:db9::1, over.test, permerror, 3, permerror",
        "192.0.2.9, dead3.test, permerror, 3, permerror",
        // One host of the term has no address at all: the term is void.
        "2001:db9::1, deadmx.test, permerror, 3, permerror",
        "192.0.2.9, deadmx.test, permerror, 3, permerror",
        "192.0.2.9, again.test, permerror, 3, permerror"
    })
    void countsTermsOrQueries(String client, String domain, String terms, int voids, String queries) {
        SpfResult result = check(SpfVerifier.builder().dns(ZONE), client, domain);
        assertThat(result.verdict().text()).isEqualTo(terms);
        assertThat(result.voidLookups()).isEqualTo(voids);
        SpfLimits strict = SpfLimits.builder()
                .voidLookupCounting(VoidLookupCounting.QUERIES)
                .build();
        assertThat(check(SpfVerifier.builder().dns(ZONE).limits(strict), client, domain)
                        .verdict()
                        .text())
                .isEqualTo(queries);
    }

    @Test
    void queriesOtherFamilyOnlyAtLimit() {
        CountingDnsClient dns = CountingDnsClient.of(ZONE);
        check(SpfVerifier.builder().dns(dns), "2001:db9::1", "mx3.test");
        assertThat(dns.questions()).doesNotContain("a1.test. A");
        dns.clear();
        check(SpfVerifier.builder().dns(dns), "2001:db9::1", "hosts.test");
        assertThat(dns.questions()).contains("a1.test. A", "a2.test. A").doesNotContain("a3.test. A", "a4.test. A");
    }

    @Test
    void neverRestsPermerrorOnUnavailableAnswer() {
        ZoneDnsClient v6 = ZoneDnsClient.builder()
                .text("x.test. 60 TXT \"v=spf1 a:h1.test a:h2.test a:h3.test -all\"\n")
                .build();
        SpfVerifier.Builder spf = SpfVerifier.builder()
                .dns((name, type) -> type == org.xbill.DNS.Type.A
                        ? java.util.concurrent.CompletableFuture.completedFuture(
                                new org.senderauth.dns.DnsAnswer.Unavailable(
                                        Cause.TIMEOUT, "no server answered in time"))
                        : v6.query(name, type));
        SpfResult result = check(spf, "2001:db9::1", "x.test");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(result.problem()).get().asString().contains("no response for A of h1.test");
    }

    @Test
    void givesSameResultWithoutWaiting() {
        SpfVerifier spf = SpfVerifier.builder().dns(ZONE).build();
        for (String domain : List.of("mx3.test", "hosts.test", "own.test", "mixed.test", "over.test", "down.test")) {
            SpfQuery query = SpfQuery.mailFrom(
                    IpAddresses.parse("2001:db9::1").orElseThrow(), "a@" + domain, "mail.example.org");
            assertThat(spf.verifyAsync(query).join()).isEqualTo(spf.verify(query));
        }
    }
}
