package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;

class HostnameSelfCheckTest {

    private final ZoneDnsClient dns = ZoneDnsClient.builder().text("""
                    $ORIGIN example.org.
                    @ 60 IN SOA ns h 1 2 3 4 60
                    mx 60 IN A 192.0.2.25
                    mx 60 IN AAAA 2001:db8::25
                    noreverse 60 IN A 192.0.2.26
                    mail 60 IN MX 10 mx
                    nullmx 60 IN A 192.0.2.25
                    nullmx 60 IN MX 0 .
                    $ORIGIN 2.0.192.in-addr.arpa.
                    @ 60 IN SOA ns h 1 2 3 4 60
                    25 60 IN PTR mx.example.org.
                    26 60 IN PTR other.example.org.
                    $ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.
                    @ 60 IN SOA ns h 1 2 3 4 60
                    5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 60 IN PTR mx.example.org.
                    """).build();

    @ParameterizedTest
    @CsvSource({
        // name qualified, forward, reverse, SPF, way for mail
        "mx.example.org, 192.0.2.25, true, +++++",
        "MX.example.org, 2001:db8::25, true, +++++",
        "mx.example.org, 192.0.2.25, false, +++-+",
        "mx.example.org, 192.0.2.27, true, +--++",
        "noreverse.example.org, 192.0.2.26, true, ++-++",
        "mail.example.org, 192.0.2.25, true, +--++",
        "nullmx.example.org, 192.0.2.25, true, ++-+-",
        "absent.example.org, 192.0.2.25, true, +--+-",
        "localhost, 192.0.2.25, true, ---+-",
    })
    void requiresMatchingHostnameAndAddress(String helo, String address, boolean spf, String good) {
        HostnameSelfCheck check = HostnameSelfCheck.of(dns, (ip, name) -> CompletableFuture.completedFuture(spf));
        StringBuilder found = new StringBuilder();
        check.run(helo, IpAddresses.parse(address).orElseThrow())
                .join()
                .forEach(finding -> found.append(finding.good() ? '+' : '-'));
        assertThat(found).hasToString(good);
    }
}
