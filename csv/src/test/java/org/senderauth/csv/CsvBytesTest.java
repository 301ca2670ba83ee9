package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/** What a check holds is bounded in bytes, and what is over the bound is not known: no refusal rests on it. */
class CsvBytesTest {

    private static final Name TARGET = DomainNames.of("mx.example.org");

    @Test
    void answersThatAreTooLargeAreATemporaryError() {
        assertThat(outcome(1)).isEqualTo(CsaVerdict.PASS);
        assertThat(outcome(3_000)).isEqualTo(CsaVerdict.TEMPERROR_ADDR);
    }

    // A client whose address is the last of so many.
    private static CsaVerdict outcome(int addresses) {
        List<Record> records = new ArrayList<>();
        for (int i = 1; i < addresses; i++) {
            records.add(new ARecord(TARGET, DClass.IN, 60, new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
        }
        records.add(new ARecord(TARGET, DClass.IN, 60, new byte[] {(byte) 192, 0, 2, 1}));
        DnsClient dns = (name, type) -> CompletableFuture.completedFuture(new Records(
                type == Type.SRV ? List.of(new SRVRecord(name, DClass.IN, 60, 1, 2, 1, TARGET)) : records,
                60,
                List.of(),
                List.of()));
        return CsvVerifier.builder()
                .dns(dns)
                .build()
                .verify(CsvQuery.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "mail.example.org"))
                .verdict();
    }
}
