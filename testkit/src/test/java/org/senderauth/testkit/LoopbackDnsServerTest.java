package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.NoData;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What a zone in memory answers arrives alike when it is asked for with real packets. */
class LoopbackDnsServerTest {

    private static final Duration BRIEF = Duration.ofMillis(200);

    /** For answers that must arrive, however busy the machine is. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ZoneDnsClient zone = ZoneDnsClient.builder()
            .text("""
                    $ORIGIN example.org.
                    $TTL 300
                    @      SOA ns hostmaster 1 3600 600 86400 60
                    @      MX  10 mx
                    mx     A   192.0.2.1
                    mx     AAAA 2001:db8::1
                    alias  CNAME mx
                    a.ent  A   192.0.2.2
                    long   TXT %s
                    """.formatted(("\"" + "x".repeat(250) + "\" ").repeat(12)))
            .trouble(DomainNames.of("broken.example.org"), Cause.SERVER_FAILURE)
            .trouble(DomainNames.of("refused.example.org"), Cause.REFUSED)
            .trouble(DomainNames.of("silent.example.org"), Cause.TIMEOUT)
            .build();
    private final LoopbackDnsServer server = LoopbackDnsServer.serving(zone);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersRecordsCnamesAndNegativesOfTheZone() {
        for (String name : new String[] {
            "example.org", "mx.example.org", "alias.example.org", "ent.example.org", "no.example.org", "example.net"
        }) {
            for (int type : new int[] {Type.A, Type.AAAA, Type.MX, Type.TXT}) {
                DnsAnswer direct = zone.query(DomainNames.of(name), type)
                        .toCompletableFuture()
                        .join();
                assertThat(ask(name, type)).as("%s %s", name, Type.string(type)).isEqualTo(direct);
            }
        }
    }

    @Test
    void reportsEachKindOfNegativeAnswerAndFailure() {
        assertThat(ask("ent.example.org", Type.A)).isInstanceOf(NoData.class);
        assertThat(ask("no.example.org", Type.A)).isInstanceOf(NoSuchDomain.class);
        assertThat(((Unavailable) ask("broken.example.org", Type.A)).cause()).isEqualTo(Cause.SERVER_FAILURE);
        assertThat(((Unavailable) ask("refused.example.org", Type.A)).cause()).isEqualTo(Cause.REFUSED);
        assertThat(((Unavailable) ask("silent.example.org", Type.A, BRIEF)).cause())
                .isEqualTo(Cause.TIMEOUT);
    }

    @Test
    void sendsLongAnswerOverTcp() {
        Records answer = (Records) ask("long.example.org", Type.TXT);
        assertThat(Records.text((TXTRecord) answer.records().get(0))).hasSize(3000);
    }

    private DnsAnswer ask(String name, int type) {
        return ask(name, type, LONG);
    }

    private DnsAnswer ask(String name, int type, Duration timeout) {
        SimpleResolver resolver = new SimpleResolver(server.address());
        resolver.setTimeout(timeout);
        return ResolverDnsClient.of(resolver)
                .query(DomainNames.of(name), type)
                .toCompletableFuture()
                .join();
    }
}
