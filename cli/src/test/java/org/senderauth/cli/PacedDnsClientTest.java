package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.xbill.DNS.Type;

class PacedDnsClientTest {

    @Test
    void spacesQueriesEvenlyAndNeverSavesUpPauses() {
        AtomicLong time = new AtomicLong(Long.MAX_VALUE - 50_000_000L);
        long start = time.get();
        List<Long> sent = new ArrayList<>();
        DnsClient zone = ZoneDnsClient.builder().build();
        DnsClient paced = PacedDnsClient.of(
                (name, type) -> {
                    sent.add((time.get() - start) / 1_000_000);
                    return zone.query(name, type);
                },
                100,
                time::get,
                // Each pause ends early.
                pause -> time.addAndGet(Math.max(1, pause / 2)));
        for (int query = 0; query < 4; query++) {
            paced.query(DomainNames.of("example.org"), Type.TXT);
        }
        time.addAndGet(1_000_000_000L);
        paced.query(DomainNames.of("example.org"), Type.TXT);
        paced.query(DomainNames.of("example.org"), Type.TXT);
        assertThat(sent).containsExactly(0L, 10L, 20L, 30L, 1030L, 1040L);
    }
}
