package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.OrganizationalDomains.Walk;

class OrganizationalDomainsTest {

    private static final DnsClient ZONE = ZoneDnsClient.builder()
            .text("""
                    _dmarc.example.org.           300 IN TXT "v=DMARC1; p=reject"
                    _dmarc.own.example.org.       300 IN TXT "v=DMARC1; p=none; psd=n"
                    _dmarc.mail.example.org.      300 IN TXT "v=DMARC1;p=none"
                    _dmarc.suffix.example.        300 IN TXT "v=DMARC1; p=none; psd=y"
                    _dmarc.many.example.com.      300 IN TXT "v=DMARC1; p=none"
                    _dmarc.many.example.com.      300 IN TXT "v=DMARC1; p=reject"
                    _dmarc.old.example.com.       300 IN TXT "v=DMARC10; p=reject"
                    """)
            .trouble(DomainNames.of("_dmarc.away.example.net"), Cause.TIMEOUT)
            .build();

    private final List<String> queried = new ArrayList<>();
    private final OrganizationalDomains domains = new OrganizationalDomains((name, type) -> {
        queried.add(name.toString());
        return ZONE.query(name, type);
    });

    private Walk walk(String domain) {
        return domains.of(domain).toCompletableFuture().join();
    }

    // domain | organizational domain | whether there is a record
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            example.org                 | example.org        | true
            a.b.Example.ORG             | example.org        | true
            x.mail.example.org          | example.org        | true
            own.example.org             | own.example.org    | true
            a.own.example.org           | own.example.org    | true
            shop.suffix.example         | shop.suffix.example | true
            a.b.shop.suffix.example     | shop.suffix.example | true
            suffix.example              | suffix.example     | true
            a.many.example.com          | a.many.example.com | false
            old.example.com             | old.example.com    | false
            example.com                 | example.com        | false
            """)
    void walksUpTheTree(String domain, String organizational, boolean hasRecord) {
        assertThat(walk(domain)).isEqualTo(new Walk(organizational, hasRecord, true));
    }

    @Test
    void neverTakesMoreThanEightQueries() {
        assertThat(walk("a.b.c.d.e.f.g.h.i.j.k.l.m.n.example.org").domain()).isEqualTo("example.org");
        assertThat(queried)
                .hasSize(8)
                .startsWith("_dmarc.a.b.c.d.e.f.g.h.i.j.k.l.m.n.example.org.", "_dmarc.j.k.l.m.n.example.org.")
                .endsWith("_dmarc.org.");
    }

    @Test
    void isUnavailableIfQueryFails() {
        assertThat(walk("x.away.example.net").isAvailable()).isFalse();
    }

    @Test
    void textThatIsNoDomainHasNoRecord() {
        for (String text : new String[] {"", ".", "a..b", "[192.0.2.1]", "x".repeat(64), "a.".repeat(126) + "a", "."}) {
            assertThat(walk(text).hasRecord()).isFalse();
        }
    }
}
