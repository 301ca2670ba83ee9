package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.Type;

/** The limits of a check (RFC 7208 section 4.6.4), and which queries it sends. */
class SpfLimitsTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    private static final DnsClient ZONE = zone();

    private static DnsClient zone() {
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder().text("""
                        host.test.      60 IN A   203.0.113.1
                        client.test.    60 IN A   192.0.2.1
                        ten.test.       60 IN TXT "v=spf1 a:host.test a:host.test a:host.test a:host.test a:host.test a:host.test a:host.test a:host.test a:host.test a:host.test -all"
                        eleven.test.    60 IN TXT "v=spf1 include:ten.test a:host.test -all"
                        loop.test.      60 IN TXT "v=spf1 include:loop.test -all"
                        rloop.test.     60 IN TXT "v=spf1 redirect=rloop.test"
                        voids2.test.    60 IN TXT "v=spf1 a:no1.test exists:no2.test -all"
                        voids3.test.    60 IN TXT "v=spf1 a:no1.test mx:no2.test exists:no3.test -all"
                        mxvoids.test.   60 IN TXT "v=spf1 mx -all"
                        mxvoids.test.   60 IN MX  1 no1.test.
                        mxvoids.test.   60 IN MX  2 no2.test.
                        mxvoids.test.   60 IN MX  3 no3.test.
                        expvoid.test.   60 IN TXT "v=spf1 a:no1.test a:no2.test exp=no3.test -all"
                        mx10.test.      60 IN TXT "v=spf1 mx -all"
                        mx11.test.      60 IN TXT "v=spf1 mx -all"
                        mxfirst.test.   60 IN TXT "v=spf1 mx -all"
                        mxlast.test.    60 IN TXT "v=spf1 mx -all"
                        mxfirst.test.   60 IN MX  0 client.test.
                        mxlast.test.    60 IN MX  99 client.test.
                        ptr.test.       60 IN TXT "v=spf1 ptr -all"
                        ptrs.test.      60 IN TXT "v=spf1 ptr ptr:other.test ptr:third.test ptr:fourth.test -all"
                        plain.test.     60 IN TXT "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/24 include:loop.test -all"
                        """);
        StringBuilder many = new StringBuilder();
        for (int i = 1; i <= 11; i++) {
            many.append(i <= 10 ? "mx10.test. 60 IN MX " + i + " host.test.\n" : "");
            many.append("mx11.test. 60 IN MX " + i + " host.test.\n");
            many.append("mxfirst.test. 60 IN MX " + i + " host.test.\n");
            many.append("mxlast.test. 60 IN MX " + i + " host.test.\n");
            many.append(
                    "1.2.0.192.in-addr.arpa. 60 IN PTR " + (i <= 10 ? "no" + i + ".ptr.test.\n" : "yes.ptr.test.\n"));
        }
        return zone.text(many + "yes.ptr.test. 60 IN A 192.0.2.1\n").build();
    }

    @ParameterizedTest
    @CsvSource({
        "ten.test, fail, 10, 0",
        "eleven.test, permerror, 10, 0",
        "loop.test, permerror, 10, 0",
        "rloop.test, permerror, 10, 0",
        "voids2.test, fail, 2, 2",
        "voids3.test, permerror, 3, 3",
        "mxvoids.test, fail, 1, 1",
        "expvoid.test, fail, 2, 2",
        "mx10.test, fail, 1, 0",
        "mx11.test, permerror, 1, 0",
        "mxfirst.test, pass, 1, 0",
        "mxlast.test, permerror, 1, 0",
        // The client's eleventh name is ignored, and its unresolvable names are not void lookups of the domain.
        "ptr.test, fail, 1, 0",
        "plain.test, pass, 0, 0"
    })
    void endsCheckAtLimits(String domain, String verdict, int lookups, int voids) {
        SpfResult result = check(SpfVerifier.builder().dns(ZONE), domain);
        assertThat(result.verdict().text()).isEqualTo(verdict);
        assertThat(result.lookups()).isEqualTo(lookups);
        assertThat(result.voidLookups()).isEqualTo(voids);
        assertThat(result.problem().isPresent()).isEqualTo(verdict.equals("permerror"));
    }

    @ParameterizedTest
    @CsvSource({
        "eleven.test, 12, 2, 10, 10, fail",
        "ten.test, 9, 2, 10, 10, permerror",
        "voids3.test, 10, 3, 10, 10, fail",
        "voids2.test, 10, 1, 10, 10, permerror",
        "mx11.test, 10, 2, 11, 10, fail",
        "mx10.test, 10, 2, 9, 10, permerror",
        "ptr.test, 10, 2, 10, 11, pass",
        "plain.test, 0, 0, 0, 0, pass"
    })
    void acceptsOtherLimits(String domain, int lookups, int voids, int mx, int ptr, String verdict) {
        SpfLimits limits = SpfLimits.builder()
                .lookups(lookups)
                .voidLookups(voids)
                .mxNames(mx)
                .ptrNames(ptr)
                .build();
        assertThat(check(SpfVerifier.builder().dns(ZONE).limits(limits), domain)
                        .verdict()
                        .text())
                .isEqualTo(verdict);
    }

    @Test
    void rejectsLimitsOutOfRange() {
        SpfLimits.Builder limits = SpfLimits.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.lookups(-1))
                .withMessage("lookups must be between 0 and 100, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.voidLookups(101))
                .withMessage("voidLookups must be between 0 and 100, was 101");
        assertThatIllegalArgumentException().isThrownBy(() -> limits.mxNames(101));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.ptrNames(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.queries(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.transactionQueries(10_001));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.time(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.queryTime(Duration.ofDays(2)))
                .withMessage("queryTime must be positive and at most 24 hours, was PT48H");
    }

    @Test
    void copiesLimits() {
        SpfLimits limits = SpfLimits.builder()
                .lookups(1)
                .voidLookups(2)
                .voidLookupCounting(VoidLookupCounting.QUERIES)
                .mxNames(3)
                .ptrNames(4)
                .queries(5)
                .transactionQueries(6)
                .time(Duration.ofSeconds(7))
                .queryTime(Duration.ofSeconds(8))
                .build();
        assertThat(limits.toBuilder().build()).isEqualTo(limits).hasSameHashCodeAs(limits);
        assertThat(limits).isNotEqualTo(SpfLimits.RFC_7208);
        assertThat(limits)
                .hasToString("SpfLimits[lookups=1, voidLookups=2, voidLookupCounting=queries, mxNames=3,"
                        + " ptrNames=4, queries=5, transactionQueries=6, time=PT7S, queryTime=PT8S]");
    }

    @Test
    void endsDeepestLoop() {
        SpfLimits most = SpfLimits.builder().lookups(SpfLimits.MAX_NUMBER).build();
        assertThat(check(SpfVerifier.builder().dns(ZONE).limits(most), "loop.test")
                        .lookups())
                .isEqualTo(100);
    }

    @Test
    void sendsOnlyNeededQueriesWhenAnswersAreCached() {
        CountingDnsClient dns = CountingDnsClient.of(ZONE);
        check(SpfVerifier.builder().dns(dns), "plain.test");
        assertThat(dns.questions()).containsExactly("plain.test. TXT");
        dns.clear();
        SpfResult ten = check(SpfVerifier.builder().dns(dns), "ten.test");
        assertThat(dns.questions()).containsExactly("ten.test. TXT", "host.test. A");
        assertThat(ten.queries()).isEqualTo(2);
        dns.clear();
        check(SpfVerifier.builder().dns(dns), "mx11.test");
        assertThat(dns.questions()).containsExactly("mx11.test. TXT", "mx11.test. MX", "host.test. A");
    }

    @Test
    void neverCountsMissingPtrOfClientAsVoid() {
        SpfResult result = SpfVerifier.builder()
                .dns(ZONE)
                .build()
                .verify(SpfQuery.mailFrom(
                        IpAddresses.parse("2001:db8::1").orElseThrow(), "alice@ptrs.test", "mail.example.org"));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(result.voidLookups()).isZero();
    }

    // Each MX host is a chain of CNAMEs: the term needs 1 + 10 * 5 queries, four of them more than 200.
    private static DnsClient cnames() {
        StringBuilder zone = new StringBuilder("$TTL 60\nchains.test. TXT \"v=spf1 mx:m0.test mx:m1.test mx:m2.test"
                + " mx:m3.test mx:m4.test mx:m5.test -all\"\nend.test. A 203.0.113.1\n");
        for (int m = 0; m < 6; m++) {
            for (int h = 0; h < 10; h++) {
                String host = "h" + h + ".m" + m + ".test.";
                zone.append("m")
                        .append(m)
                        .append(".test. MX ")
                        .append(h)
                        .append(" c0.")
                        .append(host)
                        .append('\n');
                for (int c = 0; c < 4; c++) {
                    String next = c == 3 ? "end.test." : "c" + (c + 1) + "." + host;
                    zone.append("c")
                            .append(c)
                            .append('.')
                            .append(host)
                            .append(" CNAME ")
                            .append(next)
                            .append('\n');
                }
            }
        }
        return ZoneDnsClient.builder().text(zone.toString()).build();
    }

    @Test
    void returnsPermerrorWhenQueryLimitExceeded() {
        SpfResult result = check(SpfVerifier.builder().dns(cnames()), "chains.test");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.PERMERROR);
        assertThat(result.problem()).get().hasToString("chains.test: DNS query limit exceeded (250)");
        assertThat(result.queries()).isBetween(251, 260);
        SpfLimits wide = SpfLimits.builder().queries(310).build();
        assertThat(check(SpfVerifier.builder().dns(cnames()).limits(wide), "chains.test")
                        .verdict())
                .isEqualTo(SpfVerdict.FAIL);
    }

    @Test
    void limitsQueriesOfBothChecksTogether() {
        SpfVerifier spf = SpfVerifier.builder()
                .dns(cnames())
                .limits(SpfLimits.builder().queries(310).build())
                .mailFromAfterHeloFail(true)
                .build();
        SpfQuery query = SpfQuery.mailFrom(CLIENT, "alice@chains.test", "chains.test");
        SpfIdentityResults both = spf.verifyBoth(query);
        assertThat(both.helo().verdict()).isEqualTo(SpfVerdict.FAIL);
        int left = 400 - both.helo().queries();
        assertThat(both.mailFrom().orElseThrow().problem())
                .get()
                .hasToString("chains.test: DNS query limit exceeded (" + left + ")");
        assertThat(spf.verifyBothAsync(query).join()).isEqualTo(both);
    }

    @Test
    void returnsTemperrorWhenTimeIsOver() {
        ManualClock clock = ManualClock.at(Instant.EPOCH);
        DnsClient slow = (name, type) -> {
            clock.advance(Duration.ofSeconds(3));
            return ZONE.query(name, type);
        };
        SpfResult result = check(SpfVerifier.builder().dns(slow).nanoTime(clock::nanoTime), "loop.test");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.PERMERROR);
        SpfVerifier.Builder hurried = SpfVerifier.builder()
                .dns(slow)
                .nanoTime(clock::nanoTime)
                .limits(SpfLimits.builder().time(Duration.ofMillis(2_999)).build());
        result = check(hurried, "ten.test");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(result.problem()).get().hasToString("ten.test: timed out after 2999 ms");
        hurried.limits(SpfLimits.builder().time(Duration.ofSeconds(2)).build());
        assertThat(check(hurried, "ten.test").problem()).get().hasToString("ten.test: timed out after 2 s");
    }

    @Test
    void endsCheckInTimeWhenDnsNeverResponds() throws Exception {
        SpfVerifier spf = SpfVerifier.builder()
                .dns((name, type) -> new CompletableFuture<>())
                .limits(SpfLimits.builder().time(Duration.ofMillis(20)).build())
                .build();
        SpfQuery query = SpfQuery.mailFrom(CLIENT, "a@ten.test", "h.test");
        assertThat(spf.verify(query).verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(spf.verifyAsync(query).get().verdict()).isEqualTo(SpfVerdict.TEMPERROR);
    }

    @Test
    void continuesWithoutPtrThatTakesTooLong() throws Exception {
        SpfVerifier spf = SpfVerifier.builder()
                .dns((name, type) -> type == Type.PTR ? new CompletableFuture<>() : ZONE.query(name, type))
                .limits(SpfLimits.builder().queryTime(Duration.ofMillis(20)).build())
                .build();
        SpfQuery query = SpfQuery.mailFrom(CLIENT, "a@ptr.test", "h.test");
        assertThat(spf.verify(query).verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(spf.verifyAsync(query).get().verdict()).isEqualTo(SpfVerdict.FAIL);
    }

    @Test
    void namesQueryThatTakesTooLong() {
        SpfVerifier.Builder spf = SpfVerifier.builder()
                .dns((name, type) -> new CompletableFuture<>())
                .limits(SpfLimits.builder().queryTime(Duration.ofMillis(20)).build());
        assertThat(check(spf, "ten.test").problem())
                .get()
                .hasToString("ten.test: no response for TXT of ten.test: no response within 20 ms");
    }

    private static SpfResult check(SpfVerifier.Builder spf, String domain) {
        return spf.build().verify(SpfQuery.mailFrom(CLIENT, "alice@" + domain, "mail.example.org"));
    }

    @Test
    void countsAliasesWhateverTheyEndIn() {
        DnsClient dns = ZoneDnsClient.builder().text("""
                        $TTL 60
                        records.test. TXT "v=spf1 a:a1.test -all"
                        nodata.test.  TXT "v=spf1 a:b1.test -all"
                        absent.test.  TXT "v=spf1 a:c1.test -all"
                        a1.test. CNAME a2.test.
                        a2.test. CNAME end.test.
                        end.test. A 203.0.113.1
                        b1.test. CNAME b2.test.
                        b2.test. CNAME text.test.
                        text.test. TXT "no address"
                        c1.test. CNAME c2.test.
                        c2.test. CNAME none.test.
                        """).build();
        for (String domain : new String[] {"records.test", "nodata.test", "absent.test"}) {
            assertThat(check(SpfVerifier.builder().dns(dns), domain).queries())
                    .as(domain)
                    .isEqualTo(4);
        }
    }
}
