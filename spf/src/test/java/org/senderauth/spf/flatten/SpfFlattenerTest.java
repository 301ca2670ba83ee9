package org.senderauth.spf.flatten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;

/** Records that list the networks of others. */
class SpfFlattenerTest {

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder()
            .text("""
                    $TTL 60
                    mail.example.org.   MX 10 a.example.org.
                    mail.example.org.   MX 20 b.example.org.
                    a.example.org.      A 192.0.2.1
                    a.example.org.      AAAA 2001:db8::1
                    b.example.org.      A 192.0.2.0
                    net.example.net.    TXT "v=spf1 ip4:198.51.100.0/25 ip4:198.51.100.128/25 ~all"
                    soft.example.net.   TXT "v=spf1 -ip4:198.51.100.7 ip4:198.51.100.0/24 ?all"
                    deep.example.net.   TXT "v=spf1 include:net.example.net include:soft.example.net -all"
                    macro.example.net.  TXT "v=spf1 ip4:203.0.113.0/24 exists:%{i}._spf.%{d} -all"
                    half.example.net.   TXT "v=spf1 exists:%{i}.%{d2} -all"
                    shut.example.net.   TXT "v=spf1 -exists:a.example.org ip4:192.0.2.7 -all"
                    named.example.net.  TXT "v=spf1 exists:%{p}.%{d} -all"
                    told.example.net.   TXT "v=spf1 ip4:192.0.2.1 exp=why.%{d2} -all"
                    untold.example.net. TXT "v=spf1 ip4:192.0.2.1 exp=%{p}.%{d2} -all"
                    mixed.example.net.  TXT "v=spf1 -exists:%{i}.bad.example.net ip4:203.0.113.0/24 -all"
                    open.example.net.   TXT "v=spf1 +all"
                    loop.example.net.   TXT "v=spf1 include:loop2.example.net -all"
                    loop2.example.net.  TXT "v=spf1 include:loop.example.net -all"
                    bad.example.net.    TXT "v=spf1 ipv4:192.0.2.1 -all"
                    two.example.net.    TXT "v=spf1 -all"
                    two.example.net.    TXT "v=spf1 mx -all"
                    none.example.net.   TXT "other"
                    """)
            .trouble(DomainNames.of("away.example.net"), Cause.TIMEOUT)
            .build();

    private static FlattenOutcome flatten(String record) {
        return SpfFlattener.of(ZONE).flatten("example.org", record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 -all | v=spf1 -all",
                "v=spf1 a:a.example.org ~all | v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all",
                "v=spf1 mx:mail.example.org -all | v=spf1 ip4:192.0.2.0/31 ip6:2001:db8::1 -all",
                "v=spf1 mx:mail.example.org/24//64 -all | v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/64 -all",
                "v=spf1 include:net.example.net -all | v=spf1 ip4:198.51.100.0/24 -all",
                "v=spf1 include:deep.example.net -all | v=spf1 ip4:198.51.100.0/24 -all",
                "v=spf1 include:open.example.net -all | v=spf1 ip4:0.0.0.0/0 ip6:::/0 -all",
                "v=spf1 a:gone.example.org -all | v=spf1 -all",
                "v=spf1 redirect=net.example.net | v=spf1 ip4:198.51.100.0/24 ~all",
                "v=spf1 ip4:192.0.2.1 | v=spf1 ip4:192.0.2.1 ?all",
                "v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 ~all | v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 ~all",
                "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.5 ~all | v=spf1 ip4:192.0.2.0/24 ~all",
                "v=spf1 ?include:net.example.net exp=why.%{d} -all | v=spf1 ?ip4:198.51.100.0/24 -all exp=why.example.org",
                "v=spf1 exists:%{i}.x.example.org ip4:192.0.2.1 -all | v=spf1 ip4:192.0.2.1 exists:%{i}.x.example.org -all",
                "v=spf1 -exists:%{i}.x.example.org ip4:192.0.2.1 -all"
                        + " | v=spf1 -exists:%{i}.x.example.org ip4:192.0.2.1 -all",
                "v=spf1 ptr -all | v=spf1 ptr -all",
                "v=spf1 include:macro.example.net -all"
                        + " | v=spf1 ip4:203.0.113.0/24 exists:%{i}._spf.macro.example.net -all",
                "v=spf1 ~include:macro.example.net -all"
                        + " | v=spf1 ~ip4:203.0.113.0/24 ~exists:%{i}._spf.macro.example.net -all",
                "v=spf1 include:half.example.net -all | v=spf1 exists:%{i}.example.net -all",
                "v=spf1 include:named.example.net -all | v=spf1 include:named.example.net -all",
                "v=spf1 redirect=told.example.net | v=spf1 ip4:192.0.2.1 -all exp=why.example.net",
                "v=spf1 redirect=untold.example.net | v=spf1 ip4:192.0.2.1 -all",
                "v=spf1 exists:a.example.org -all | v=spf1 exists:a.example.org -all",
                "v=spf1 include:mixed.example.net -all | v=spf1 include:mixed.example.net -all",
                "v=spf1 include:%{ir}.example.net -all | v=spf1 include:%{ir}.example.net -all",
            })
    void writesFewestNetworksWithSameResults(String record, String flattened) {
        assertThat(flatten(record)).isInstanceOfSatisfying(FlattenedRecords.class, found -> {
            assertThat(found.records()).isEqualTo(Map.of("example.org", flattened));
            assertThat(found.compared()).isGreaterThan(300);
        });
    }

    @Test
    void keepsIncludeOnRequest() {
        FlattenOutcome outcome = SpfFlattener.of(ZONE)
                .withKept(List.of("net.example.net"))
                .flatten("example.org", "v=spf1 include:net.example.net a:b.example.org -all");
        assertThat(outcome).isInstanceOfSatisfying(FlattenedRecords.class, found -> {
            assertThat(found.records())
                    .isEqualTo(Map.of("example.org", "v=spf1 ip4:192.0.2.0 include:net.example.net -all"));
            assertThat(found.kept()).containsExactly("include:net.example.net");
            assertThat(found.lookups()).isEqualTo(1);
        });
    }

    @Test
    void chainsRecordsWithinLength() {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int host = 1; host < 100; host += 2) {
            record.append(" ip4:192.0.2.").append(host);
        }
        record.append(" -ip4:203.0.113.9 ip4:203.0.113.0/24 ~all");
        FlattenOutcome outcome = SpfFlattener.of(ZONE).withMaxBytes(200).flatten("example.org", record.toString());
        assertThat(outcome).isInstanceOfSatisfying(FlattenedRecords.class, found -> {
            assertThat(found.records()).hasSizeGreaterThan(3);
            assertThat(found.records().values())
                    .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(200));
            assertThat(found.records().get("example.org"))
                    .startsWith("v=spf1 include:_spf1.example.org")
                    .endsWith("-ip4:203.0.113.9 ip4:203.0.113.0/24 ~all");
            assertThat(found.records().keySet()).startsWith("example.org").contains("_spf1.example.org");
            assertThat(found.lookups()).isEqualTo(found.records().size() - 1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 include:loop.example.net -all | false"
                        + " | include loop: example.org > loop.example.net > loop2.example.net > loop.example.net",
                "v=spf1 include:gone.example.net -all | false | gone.example.net has no SPF record (example.org)",
                "v=spf1 include:none.example.net -all | false | none.example.net has no SPF record (example.org)",
                "v=spf1 include:two.example.net -all | false"
                        + " | two.example.net has 2 SPF records; exactly one is allowed (example.org)",
                "v=spf1 include:bad.example.net -all | false | syntax error in the record of bad.example.net:",
                "v=spf1 a:away.example.net -all | true | no DNS response for A of away.example.net",
                "v=spf1 a:a.example.org bad: -all | false | syntax error in the record of example.org:",
            })
    void explainsUnusableRecord(String record, boolean temporary, String reason) {
        assertThat(flatten(record)).isInstanceOfSatisfying(AuthorizedNetworks.Unusable.class, unusable -> {
            assertThat(unusable.reason()).startsWith(reason);
            assertThat(unusable.temporary()).isEqualTo(temporary);
        });
        assertThat(SpfFlattener.of(ZONE).networks("example.org", record))
                .isInstanceOf(AuthorizedNetworks.Unusable.class);
    }

    @Test
    void rejectsMoreRecordsThanLookupsAllow() {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int host = 1; host < 250; host += 2) {
            record.append(" ip4:192.0.2.").append(host);
        }
        FlattenOutcome outcome = SpfFlattener.of(ZONE).withMaxBytes(110).flatten("example.org", record + " -all");
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        AuthorizedNetworks.Unusable.class,
                        unusable -> assertThat(unusable.reason()).contains("raise --max-octets"));
    }

    @Test
    void listsNetworksByTerm() {
        AuthorizedNetworks.Outcome outcome = SpfFlattener.of(ZONE)
                .networks(
                        "example.org",
                        "v=spf1 mx:mail.example.org include:deep.example.net exists:%{i}.example.org -all");
        assertThat(outcome).isInstanceOfSatisfying(AuthorizedNetworks.Found.class, found -> {
            AuthorizedNetworks networks = found.networks();
            assertThat(networks.terms())
                    .extracting(entry -> String.join(">", entry.path()) + " " + entry.term())
                    .containsExactly(
                            "example.org mx:mail.example.org",
                            "example.org>deep.example.net>net.example.net ip4:198.51.100.0/25",
                            "example.org>deep.example.net>net.example.net ip4:198.51.100.128/25",
                            "example.org>deep.example.net>soft.example.net ip4:198.51.100.0/24");
            assertThat(networks.dynamic())
                    .extracting(AuthorizedNetworks.Entry::term)
                    .containsExactly("exists:%{i}.example.org");
            assertThat(networks.authorized().networks().stream().map(Object::toString))
                    .containsExactly("192.0.2.0/31", "198.51.100.0/24", "2001:db8::1/128");
            assertThat(networks.end()).isEqualTo("fail");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 exists:a.example.org -all | 4294967296 | ''",
                "v=spf1 exists:%{d1}.gone.example.org ip4:192.0.2.1 -all | 1 | ''",
                "v=spf1 -exists:a.%{d} ip4:192.0.2.1 -all | 0 | ''",
                "v=spf1 -ip4:192.0.2.0/24 exists:a.example.org -all | 4294967040 | ''",
                "v=spf1 include:mixed.example.net -all | 256 | include:mixed.example.net",
                "v=spf1 exists:%{i}.example.org ip4:192.0.2.1 -all | 1 | exists:%{i}.example.org",
                "v=spf1 include:shut.example.net ip4:192.0.2.8 -all | 1 | ''",
            })
    void countsTermsThatMatchEveryClient(String record, String addresses, String dynamic) {
        assertThat(SpfFlattener.of(ZONE).networks("example.org", record))
                .isInstanceOfSatisfying(AuthorizedNetworks.Found.class, found -> {
                    AuthorizedNetworks networks = found.networks();
                    assertThat(networks.authorized().size(true)).isEqualTo(addresses);
                    assertThat(networks.dynamic())
                            .extracting(AuthorizedNetworks.Entry::term)
                            .containsExactlyElementsOf(dynamic.isEmpty() ? List.of() : List.of(dynamic));
                });
    }

    @Test
    void rejectsImpossibleLength() {
        for (int length : new int[] {99, 8_193}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpfFlattener.of(ZONE).withMaxBytes(length))
                    .withMessageContaining("maxBytes must be between 100 and 8192, was " + length);
        }
    }

    // 2^25 records, each by a query that was already answered.
    @Test
    void endsWhenRecordsIncludeEachOtherTwice() {
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder();
        for (int level = 0; level < 25; level++) {
            String next = "include:l" + (level + 1) + ".example.net";
            zone.text("l" + level + ".example.net. 60 TXT \"v=spf1 " + next + " " + next + " -all\"");
        }
        zone.text("l25.example.net. 60 TXT \"v=spf1 ip4:192.0.2.1 -all\"");
        assertThat(SpfFlattener.of(zone.build()).flatten("l0.example.net", null))
                .isInstanceOfSatisfying(
                        AuthorizedNetworks.Unusable.class,
                        unusable -> assertThat(unusable.reason())
                                .startsWith(
                                        "the record needs more than 100 DNS lookups (limit 10) (l0.example.net > "));
    }

    @Test
    void endsWhenRecordHasTooManyNetworks() {
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder();
        StringBuilder record = new StringBuilder("v=spf1");
        for (int host = 0; host < 21; host++) {
            record.append(" a:h").append(host).append(".example.net");
            for (int address = 0; address < 500; address++) {
                zone.text("h" + host + ".example.net. 60 A 10." + host + "." + address / 120 + "." + address % 120 * 2);
            }
        }
        assertThat(SpfFlattener.of(zone.build()).flatten("example.org", record + " -all"))
                .isInstanceOfSatisfying(
                        AuthorizedNetworks.Unusable.class,
                        unusable -> assertThat(unusable.reason())
                                .isEqualTo("the record has more than 10000 networks (example.org)"));
    }
}
