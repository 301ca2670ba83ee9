package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What checks hold is bounded in bytes, and what is over a bound is not known: a temperror, never a fail. */
class SpfBytesTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    /** One answer of 400 addresses for every host, without that of the client. */
    private static final List<Record> FAT = fat();

    private static List<Record> fat() {
        Name owner = DomainNames.of("host.fat.test");
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            records.add(new ARecord(owner, DClass.IN, 86_400, new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
        }
        return records;
    }

    private static final ZoneDnsClient ZONE = zone();

    private static ZoneDnsClient zone() {
        StringBuilder zone = new StringBuilder("fat.test. 60 IN TXT \"v=spf1");
        for (int mx = 0; mx < 10; mx++) {
            zone.append(" mx:m").append(mx).append(".fat.test");
        }
        zone.append(" -all\"\n");
        for (int mx = 0; mx < 10; mx++) {
            for (int host = 0; host < 10; host++) {
                zone.append("m" + mx + ".fat.test. 60 IN MX 10 h" + mx + host + ".fat.test.\n");
            }
        }
        zone.append(
                "early.test. 60 IN TXT \"v=spf1 a:honest.test mx:m0.fat.test mx:m1.fat.test mx:m2.fat.test -all\"\n");
        zone.append("honest.test. 60 IN A 192.0.2.1\n");
        zone.append("plain.test. 60 IN TXT \"v=spf1 a:other.test -all\"\nother.test. 60 IN A 192.0.2.2\n");
        zone.append("ptr.test. 60 IN TXT \"v=spf1 ptr -all\"\n");
        zone.append("name.test. 60 IN TXT \"v=spf1 exists:%{p}.name.test -all\"\n");
        zone.append("long.test. 60 IN TXT \"v=spf1");
        for (int part = 0; part < 40; part++) {
            zone.append("\" \"").append(" ip4:192.0.2.99".repeat(15));
        }
        zone.append(" -all\"\n");
        return ZoneDnsClient.builder().text(zone.toString()).build();
    }

    private static CompletionStage<DnsAnswer> fatHosts(Name name, int type) {
        if (type == Type.A && name.toString().startsWith("h") && name.toString().endsWith(".fat.test.")) {
            return CompletableFuture.completedFuture(new Records(FAT, 86_400, List.of(), List.of()));
        }
        return ZONE.query(name, type);
    }

    /** The same answers, each a moment later and in another thread, so that questions are asked ahead. */
    private static CompletionStage<DnsAnswer> later(Name name, int type) {
        return CompletableFuture.supplyAsync(() -> null).thenCompose(nothing -> fatHosts(name, type));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void returnsTemperrorWhenByteLimitExceeded(boolean ahead) {
        for (DnsClient dns : List.<DnsClient>of(SpfBytesTest::fatHosts, SpfBytesTest::later)) {
            SpfVerifier spf = SpfVerifier.builder().dns(dns).prefetch(ahead).build();
            for (SpfResult result : List.of(
                    spf.verify(from("fat.test")),
                    spf.verifyAsync(from("fat.test")).join())) {
                assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
                assertThat(result.problem().orElseThrow().message()).contains("bytes");
            }
        }
    }

    @Test
    void ignoresLargePrefetchedAnswers() {
        SpfVerifier spf = SpfVerifier.builder().dns(SpfBytesTest::later).build();
        assertThat(spf.verify(from("early.test")).verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(spf.verifyAsync(from("early.test")).join().verdict()).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void limitsPrefetchInNumberAndBytes() {
        List<String> asked = new ArrayList<>();
        CheckDnsCache silent = new CheckDnsCache(
                (name, type) -> {
                    asked.add(name.toString());
                    return new CompletableFuture<>();
                },
                SpfLimits.RFC_7208.queryTime());
        for (int i = 0; i < 100; i++) {
            silent.ahead(DomainNames.of("h" + i + ".fat.test"), Type.A);
        }
        assertThat(asked).hasSize(CheckDnsCache.MAX_AHEAD);

        CountingDnsClient dns = CountingDnsClient.of(SpfBytesTest::fatHosts);
        CheckDnsCache answers = new CheckDnsCache(dns, SpfLimits.RFC_7208.queryTime());
        for (int i = 0; i < 100; i++) {
            answers.ahead(DomainNames.of("h0" + i + ".fat.test"), Type.A);
        }
        dns.clear();
        for (int i = 0; i < 100; i++) {
            answers.ahead(DomainNames.of("h0" + i + ".fat.test"), Type.A);
        }
        // One answer has 29 KB: one is held, all others were dropped and would be asked again.
        assertThat(dns.questions()).hasSize(99);
        dns.clear();
        assertThat(CheckDnsCache.of(
                        answers.to(DomainNames.of("h07.fat.test"), Type.A).answer()))
                .isInstanceOf(Records.class);
        assertThat(CheckDnsCache.of(
                        answers.to(DomainNames.of("h07.fat.test"), Type.A).answer()))
                .isInstanceOf(Records.class);
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void limitsAndReturnsSharedBytes() {
        SharedBytes bytes = new SharedBytes(100_000);
        CheckContext first = check(bytes);
        CheckContext second = check(bytes);
        assertThat(first.hold(CheckContext.FREE_BYTES)).isTrue();
        assertThat(bytes.left()).isEqualTo(100_000);
        assertThat(first.hold(CheckContext.FREE_BYTES + 60_000)).isTrue();
        // An evaluation that begins again counts from the start.
        assertThat(first.hold(CheckContext.FREE_BYTES + 1)).isTrue();
        assertThat(bytes.left()).isEqualTo(40_000);
        assertThat(second.hold(CheckContext.FREE_BYTES + 40_001)).isFalse();
        assertThat(second.hold(CheckContext.FREE_BYTES)).isTrue();
        first.close();
        assertThat(second.hold(CheckContext.FREE_BYTES + 100_000)).isTrue();
        second.close();
        second.close();
        assertThat(bytes.left()).isEqualTo(100_000);
        assertThat(second.hold(CheckContext.FREE_BYTES + 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOO_LARGE", "OVERLOADED"})
    void returnsTemperrorWhenPtrNotRead(Cause cause) {
        DnsClient dns = (name, type) -> type == Type.PTR
                ? CompletableFuture.completedFuture(new Unavailable(cause, "scripted"))
                : ZONE.query(name, type);
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        assertThat(spf.verify(from("ptr.test")).verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        assertThat(spf.verify(from("name.test")).verdict()).isEqualTo(SpfVerdict.TEMPERROR);
    }

    @Test
    void returnsPermerrorWhenRecordTooLong() {
        SpfResult result = SpfVerifier.builder().dns(ZONE).build().verify(from("long.test"));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.PERMERROR);
        assertThat(result.problem().orElseThrow().message()).contains("8192 bytes");
    }

    private static CheckContext check(SharedBytes bytes) {
        CheckSettings settings = new CheckSettings(
                ZONE,
                SpfLimits.RFC_7208,
                java.time.InstantSource.system(),
                System::nanoTime,
                "unknown",
                true,
                false,
                false);
        return new CheckContext(
                CheckHostArguments.of(from("plain.test"), "unknown"), new RecordCache(), bytes, settings, 250, true);
    }

    private static SpfQuery from(String domain) {
        return SpfQuery.mailFrom(CLIENT, "alice@" + domain, "mail.example.org");
    }
}
