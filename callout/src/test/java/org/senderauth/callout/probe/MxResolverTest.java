package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.MxTargets.Found;
import org.senderauth.callout.probe.MxTargets.None;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.CountingDnsClient;

class MxResolverTest {

    private static final String ZONE = """
            $TTL 300
            @ IN SOA ns.test. root.test. 1 2 3 4 60
            plain.test. MX 10 a.mx.test.
            order.test. MX 20 b.mx.test.
            order.test. MX 10 a.mx.test.
            order.test. MX 30 c.mx.test.
            same.test. MX 10 a.mx.test.
            same.test. MX 10 b.mx.test.
            same.test. MX 10 c.mx.test.
            same.test. MX 10 d.mx.test.
            nullmx.test. MX 0 .
            mixednull.test. MX 0 .
            mixednull.test. MX 10 a.mx.test.
            implicit.test. A 1.1.1.1
            nothing.test. TXT "no mail"
            nohost.test. MX 10 gone.test.
            nohost.test. MX 20 nothing.test.
            skip.test. MX 10 gone.test.
            skip.test. MX 20 b.mx.test.
            alias.test. CNAME plain.test.
            mxalias.test. MX 10 www.mx.test.
            private.test. MX 10 private.mx.test.
            rebound.test. MX 10 loop.mx.test.
            rebound.test. MX 20 a.mx.test.
            own.test. MX 10 own.mx.test.
            backup.test. MX 10 a.mx.test.
            backup.test. MX 20 own.mx.test.
            backup.test. MX 30 b.mx.test.
            six.test. MX 10 six.mx.test.
            broken.test. MX 10 broken.mx.test.
            halfbroken.test. MX 10 broken.mx.test.
            halfbroken.test. MX 20 b.mx.test.
            many.test. MX 10 many.mx.test.
            many.test. MX 20 b.mx.test.
            a.mx.test. A 1.1.1.1
            b.mx.test. A 1.1.1.2
            c.mx.test. A 1.1.1.3
            d.mx.test. A 1.1.1.4
            www.mx.test. CNAME a.mx.test.
            private.mx.test. A 10.0.0.1
            private.mx.test. AAAA fd00::1
            loop.mx.test. A 127.0.0.1
            loop.mx.test. AAAA ::ffff:127.0.0.1
            own.mx.test. A 9.9.9.9
            six.mx.test. AAAA 2a00::1
            many.mx.test. A 1.1.2.1
            many.mx.test. A 1.1.2.2
            many.mx.test. A 1.1.2.3
            many.mx.test. AAAA 2a00::2
            """;

    private static final DnsClient DNS = ZoneDnsClient.builder()
            .text(ZONE)
            .trouble(DomainNames.of("down.test"), Cause.SERVER_FAILURE)
            .trouble(DomainNames.of("broken.mx.test"), Cause.TIMEOUT)
            .build();

    private static MxTargets find(DnsClient dns, String domain, long seed) {
        return new MxResolver(
                        dns,
                        AddressFilter.publicOnly(),
                        Set.of(IpAddresses.parse("9.9.9.9").orElseThrow()),
                        25,
                        new Random(seed))
                .find(domain, Deadline.in(Await.LIMIT));
    }

    private static List<String> targets(String domain, long seed) {
        return ((Found) find(DNS, domain, seed))
                .targets().stream()
                        .map(target -> target.host() + " "
                                + target.address().getAddress().getHostAddress() + (target.backup() ? " backup" : ""))
                        .toList();
    }

    private static List<String> targets(String domain) {
        return targets(domain, 1);
    }

    @Test
    void hostsComeInTheOrderOfTheirPreference() {
        assertThat(targets("order.test"))
                .containsExactly("a.mx.test 1.1.1.1", "b.mx.test 1.1.1.2 backup", "c.mx.test 1.1.1.3 backup");
        assertThat(((Found) find(DNS, "plain.test", 1))
                        .targets()
                        .get(0)
                        .address()
                        .getPort())
                .isEqualTo(25);
    }

    @Test
    void shufflesEqualHostsAndKeepsThree() {
        Set<String> first = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            List<String> targets = targets("same.test", seed * 7_919_000_017L);
            assertThat(targets).hasSize(3).doesNotHaveDuplicates().noneMatch(target -> target.endsWith("backup"));
            first.add(targets.get(0));
        }
        assertThat(first).hasSize(4);
    }

    @Test
    void limitsAddressesOfOneHost() {
        assertThat(targets("many.test")).hasSize(3).last().isEqualTo("b.mx.test 1.1.1.2 backup");
    }

    @Test
    void usesDomainItselfWithoutMx() {
        assertThat(targets("implicit.test")).containsExactly("implicit.test 1.1.1.1");
    }

    @Test
    void aliasesAreFollowed() {
        assertThat(targets("alias.test")).containsExactly("a.mx.test 1.1.1.1");
        assertThat(targets("mxalias.test")).containsExactly("www.mx.test 1.1.1.1");
    }

    @Test
    void skipsHostsWithoutAddresses() {
        assertThat(targets("skip.test")).containsExactly("b.mx.test 1.1.1.2 backup");
        assertThat(targets("halfbroken.test")).containsExactly("b.mx.test 1.1.1.2 backup");
        assertThat(targets("mixednull.test")).containsExactly("a.mx.test 1.1.1.1");
    }

    @Test
    void usesIpv6WithoutIpv4Address() {
        assertThat(targets("six.test")).containsExactly("six.mx.test 2a00:0:0:0:0:0:0:1");
    }

    @Test
    void skipsPrivateAddressOfPublicName() {
        assertThat(targets("rebound.test")).containsExactly("a.mx.test 1.1.1.1 backup");
    }

    @Test
    void dropsHostsNotPreferredOverThisOne() {
        assertThat(targets("backup.test")).containsExactly("a.mx.test 1.1.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "absent.test, NO_SUCH_DOMAIN, 60",
        "nullmx.test, NULL_MX, 300",
        "nothing.test, NO_MAIL_HOST, 60",
        "nohost.test, NO_MAIL_HOST, 300",
        "private.test, MX_NOT_PUBLIC, 300",
        "own.test, SELF_MX, ",
        "down.test, DNS_TEMPFAIL, ",
        "broken.test, DNS_TEMPFAIL, ",
        "a..test, NO_SUCH_DOMAIN, ",
    })
    void reportsDnsReasonWithoutHosts(String domain, CalloutReason reason, Long ttl) {
        None none = (None) find(DNS, domain, 1);
        assertThat(none.reason()).isEqualTo(reason);
        assertThat(none.detail()).isNotBlank();
        assertThat(none.ttl()).isEqualTo(ttl == null ? null : Duration.ofSeconds(ttl));
    }

    @Test
    void limitsQueriesForLongMxList() {
        StringBuilder zone = new StringBuilder("$TTL 300\n");
        for (int i = 0; i < 200; i++) {
            zone.append("flood.test. MX 10 h").append(i).append(".flood.test.\n");
        }
        CountingDnsClient dns = CountingDnsClient.of(
                ZoneDnsClient.builder().text(zone.toString()).build());
        assertThat(find(dns, "flood.test", 1)).isInstanceOf(None.class);
        assertThat(dns.questions()).hasSize(1 + 2 * MxResolver.MAX_HOSTS_LOOKED_UP);
    }

    @Test
    void reportsMissingDnsResponseAsFailure() {
        DnsClient silent = (name, type) -> new java.util.concurrent.CompletableFuture<>();
        MxTargets hosts = new MxResolver(silent, AddressFilter.publicOnly(), Set.of(), 25, new Random(1))
                .find("example.org", Deadline.in(Duration.ofMillis(50)));
        assertThat(((None) hosts).reason()).isEqualTo(CalloutReason.DNS_TEMPFAIL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.1.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.9",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "::8.8.8.8",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "3fff::1",
                "3fff:fff::1",
                "4000::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void rejectsAddressThatIsNotPublic(String address) {
        assertThat(AddressFilter.publicOnly().allows(IpAddresses.parse(address).orElseThrow()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.1.1",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2001:200::1",
                "2001:db7::1",
                "2002:808:808::1",
                "2a00::1",
                "3ffe::1",
                "3fff:1000::1"
            })
    void allowsPublicAddress(String address) {
        assertThat(AddressFilter.publicOnly().allows(IpAddresses.parse(address).orElseThrow()))
                .isTrue();
    }
}
