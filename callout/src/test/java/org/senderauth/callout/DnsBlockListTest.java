package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;

class DnsBlockListTest {

    private static final String LISTS = """
            $ORIGIN list1.test.
            @ 60 IN SOA ns h 1 2 3 4 60
            1.2.0.192 60 IN A 127.0.0.2
            2.2.0.192 60 IN A 127.0.0.1
            3.2.0.192 60 IN A 127.255.255.254
            4.2.0.192 60 IN A 203.0.113.9
            5.2.0.192 60 IN A 203.0.113.9
            5.2.0.192 60 IN A 127.0.0.11
            6.2.0.192 60 IN TXT "text alone"
            1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 60 IN A 127.0.0.4
            $ORIGIN list2.test.
            @ 60 IN SOA ns h 1 2 3 4 60
            7.2.0.192 60 IN A 127.0.0.3
            """;

    private final DnsClient zones = ZoneDnsClient.builder().text(LISTS).build();

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, list1.test, 127.0.0.2",
        "192.0.2.2, , ",
        "192.0.2.3, , ",
        "192.0.2.4, , ",
        "192.0.2.5, list1.test, 127.0.0.11",
        "192.0.2.6, , ",
        "192.0.2.7, list2.test, 127.0.0.3",
        "192.0.2.8, , ",
        "2001:db8::1, list1.test, 127.0.0.4",
        "2001:db8::2, , ",
    })
    void listsClientByLoopbackAnswerOnly(String client, String zone, String code) {
        DnsBlockList lists = DnsBlockList.of(zones, List.of("list1.test", "list2.test"));
        Optional<DnsBlockList.Listing> listing = lists.lookUp(
                        IpAddresses.parse(client).orElseThrow())
                .toCompletableFuture()
                .join();
        assertThat(listing.map(DnsBlockList.Listing::zone).orElse(null)).isEqualTo(zone);
        assertThat(listing.map(l -> l.code().getHostAddress()).orElse(null)).isEqualTo(code);
    }

    @Test
    void stopsLookupAtFirstMatchingList() {
        CountingDnsClient dns = CountingDnsClient.of(zones);
        DnsBlockList.of(dns, List.of("list1.test", "list2.test"))
                .lookUp(IpAddresses.parse("192.0.2.1").orElseThrow());
        assertThat(dns.questions()).containsExactly("1.2.0.192.list1.test. A");
    }

    @Test
    void listsNoClientWhereLookupFails() {
        DnsClient broken = ZoneDnsClient.builder()
                .text(LISTS)
                .trouble(DomainNames.of("7.2.0.192.list1.test"), Cause.TIMEOUT)
                .build();
        assertThat(DnsBlockList.of(broken, List.of("list1.test", "list2.test"))
                        .lookUp(IpAddresses.parse("192.0.2.7").orElseThrow())
                        .toCompletableFuture()
                        .join())
                .isPresent();
    }

    @Test
    void rejectsZoneThatIsNotName() {
        assertThatThrownBy(() -> DnsBlockList.of(zones, List.of("not..a.name")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
