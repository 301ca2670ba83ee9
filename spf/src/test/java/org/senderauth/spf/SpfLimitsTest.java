package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;
import org.senderauth.testkit.SteppingClock;

/** What a check may spend (RFC 7208 section 4.6.4), and what it asks. */
class SpfLimitsTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    private static final DnsClient ZONE = zone();

    private static DnsClient zone() {
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder().text("""
                        host.test.      60 IN A   203.0.113.1
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
                        ptr.test.       60 IN TXT "v=spf1 ptr -all"
                        plain.test.     60 IN TXT "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/24 include:loop.test -all"
                        """);
        StringBuilder many = new StringBuilder();
        for (int i = 1; i <= 11; i++) {
            many.append(i <= 10 ? "mx10.test. 60 IN MX " + i + " host.test.\n" : "");
            many.append("mx11.test. 60 IN MX " + i + " host.test.\n");
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
        "mxvoids.test, permerror, 1, 3",
        "expvoid.test, fail, 2, 2",
        "mx10.test, fail, 1, 0",
        "mx11.test, permerror, 1, 0",
        // The client's eleventh name is ignored, and its dead names are not the domain's void lookups.
        "ptr.test, fail, 1, 0",
        "plain.test, pass, 0, 0"
    })
    void theRfcsLimitsEndACheck(String domain, String verdict, int lookups, int voids) {
        SpfResult result = check(SpfVerifier.builder().dns(ZONE), domain);
        assertThat(result.verdict().text()).isEqualTo(verdict);
        assertThat(result.lookups()).isEqualTo(lookups);
        assertThat(result.voidLookups()).isEqualTo(voids);
        assertThat(result.problem() != null).isEqualTo(verdict.equals("permerror"));
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
    void everyLimitCanBeSet(String domain, int lookups, int voids, int mx, int ptr, String verdict) {
        SpfLimits limits = new SpfLimits(lookups, voids, mx, ptr, Duration.ofSeconds(20));
        assertThat(check(SpfVerifier.builder().dns(ZONE).limits(limits), domain)
                        .verdict()
                        .text())
                .isEqualTo(verdict);
    }

    @Test
    void limitsHaveARange() {
        SpfLimits rfc = SpfLimits.RFC_7208;
        assertThatThrownBy(() -> rfc.withLookups(-1)).hasMessageContaining("from 0 to 100");
        assertThatThrownBy(() -> rfc.withVoidLookups(101)).hasMessageContaining("from 0 to 100");
        assertThatThrownBy(() -> rfc.withMxNames(101)).hasMessageContaining("from 0 to 100");
        assertThatThrownBy(() -> rfc.withPtrNames(-1)).hasMessageContaining("from 0 to 100");
        assertThatThrownBy(() -> rfc.withTime(Duration.ZERO)).hasMessageContaining("positive");
        assertThatThrownBy(() -> rfc.withTime(Duration.ofDays(2))).hasMessageContaining("at most a day");
    }

    @Test
    void theDeepestLoopThatCanBeAllowedEnds() {
        SpfLimits most = SpfLimits.RFC_7208.withLookups(SpfLimits.MAX_NUMBER);
        assertThat(check(SpfVerifier.builder().dns(ZONE).limits(most), "loop.test")
                        .lookups())
                .isEqualTo(100);
    }

    @Test
    void onlyWhatTheVerdictNeedsIsAskedWhenAnswersAreAtHand() {
        CountingDnsClient dns = CountingDnsClient.over(ZONE);
        check(SpfVerifier.builder().dns(dns), "plain.test");
        assertThat(dns.questions()).containsExactly("plain.test. TXT");
        dns.clear();
        check(SpfVerifier.builder().dns(dns), "ten.test");
        assertThat(dns.questions()).containsExactly("ten.test. TXT", "host.test. A");
        dns.clear();
        check(SpfVerifier.builder().dns(dns), "mx11.test");
        assertThat(dns.questions()).containsExactly("mx11.test. TXT", "mx11.test. MX");
    }

    @Test
    void aCheckThatTakesTooLongIsATemperror() {
        SteppingClock clock = SteppingClock.at(Instant.EPOCH);
        DnsClient slow = (name, type) -> {
            clock.advance(Duration.ofSeconds(3));
            return ZONE.query(name, type);
        };
        SpfResult result = check(SpfVerifier.builder().dns(slow).clock(clock), "loop.test");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.PERMERROR);
        SpfVerifier.Builder hurried = SpfVerifier.builder()
                .dns(slow)
                .clock(clock)
                .limits(SpfLimits.RFC_7208.withTime(Duration.ofMillis(2_999)));
        result = check(hurried, "ten.test");
        assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(Objects.requireNonNull(result.problem()).message()).contains("2999 ms");
    }

    @Test
    void aDnsThatNeverAnswersEndsACheckAtItsTime() throws Exception {
        SpfVerifier spf = SpfVerifier.builder()
                .dns((name, type) -> new CompletableFuture<>())
                .limits(SpfLimits.RFC_7208.withTime(Duration.ofMillis(20)))
                .build();
        SpfQuery query = SpfQuery.mailFrom(CLIENT, "a@ten.test", "h.test");
        assertThat(spf.verify(query).verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(spf.verifyAsync(query).get().verdict()).isEqualTo(SpfVerdict.TEMPERROR);
    }

    private static SpfResult check(SpfVerifier.Builder spf, String domain) {
        return spf.build().verify(SpfQuery.mailFrom(CLIENT, "alice@" + domain, "mail.example.org"));
    }
}
