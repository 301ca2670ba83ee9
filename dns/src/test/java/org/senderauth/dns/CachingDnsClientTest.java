package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.dns.DnsAnswer.NoData;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class CachingDnsClientTest {

    private static final Name NAME = DomainNames.of("example.org");
    private static final Record RECORD =
            Record.newRecord(NAME, Type.A, DClass.IN, 60, new byte[] {(byte) 192, 0, 2, 1});

    private long now = Long.MAX_VALUE - 1_000;
    private final List<CompletableFuture<DnsAnswer>> asked = new ArrayList<>();
    private final DnsClient cache = CachingDnsClient.of(this::upstream, 100_000, () -> now);

    private CompletionStage<DnsAnswer> upstream(Name name, int type) {
        CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    }

    static List<DnsAnswer> answersOfOneMinute() {
        return List.of(
                new Records(List.of(RECORD), 60, List.of(), List.of()),
                new NoData(NAME, 60),
                new NoSuchDomain(NAME, 60));
    }

    @ParameterizedTest
    @MethodSource("answersOfOneMinute")
    void cachesAnswerForItsTtl(DnsAnswer answer) {
        CompletableFuture<DnsAnswer> first = ask();
        asked.get(0).complete(answer);
        assertThat(first).isCompletedWithValue(answer);
        pass(Duration.ofSeconds(59));
        assertThat(ask()).isCompletedWithValue(answer);
        assertThat(asked).hasSize(1);
        pass(Duration.ofSeconds(1));
        ask();
        assertThat(asked).hasSize(2);
    }

    @Test
    void coalescesIdenticalQueriesInFlight() {
        CompletableFuture<DnsAnswer> first = ask();
        CompletableFuture<DnsAnswer> second = ask();
        assertThat(asked).hasSize(1);
        asked.get(0).complete(new NoData(null, 0));
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void distinguishesTypesAndIgnoresCase() {
        ask();
        cache.query(NAME, Type.MX);
        assertThat(asked).hasSize(2);
        cache.query(DomainNames.of("EXAMPLE.ORG"), Type.MX);
        assertThat(asked).hasSize(2);
    }

    @Test
    void cachesNeitherFailuresNorZeroTtl() {
        ask();
        asked.get(0).complete(new Unavailable(Cause.TIMEOUT, "scripted"));
        ask();
        assertThat(asked).hasSize(2);
        asked.get(1).complete(new NoData(null, 0));
        ask();
        assertThat(asked).hasSize(3);
    }

    @Test
    void limitsTtl() {
        ask();
        asked.get(0).complete(new Records(List.of(RECORD), Integer.MAX_VALUE, List.of(), List.of()));
        pass(CachingDnsClient.MAX_TTL.minusSeconds(1));
        ask();
        assertThat(asked).hasSize(1);
        pass(Duration.ofSeconds(1));
        ask();
        assertThat(asked).hasSize(2);
        asked.get(1).complete(new NoSuchDomain(NAME, Integer.MAX_VALUE));
        pass(CachingDnsClient.MAX_NEGATIVE_TTL.minusNanos(1));
        ask();
        assertThat(asked).hasSize(2);
        pass(Duration.ofNanos(1));
        ask();
        assertThat(asked).hasSize(3);
    }

    @Test
    void cancelledCallerDoesNotAffectOthers() {
        CompletableFuture<DnsAnswer> first = ask();
        CompletableFuture<DnsAnswer> second = ask();
        first.cancel(true);
        first.obtrudeValue(new Unavailable(Cause.NETWORK, "spoilt"));
        asked.get(0).complete(new NoData(NAME, 60));
        assertThat(second).isCompletedWithValue(new NoData(NAME, 60));
    }

    @Test
    void isBoundedByBytesOfAnswers() {
        List<Record> many = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            many.add(Record.newRecord(NAME, Type.A, DClass.IN, 60, new byte[] {(byte) 192, 0, 2, (byte) i}));
        }
        Records fat = new Records(many, 60, List.of(), List.of());
        int fit = (int) (100_000 / fat.sizeInBytes());
        assertThat(fit).isBetween(3, 20);
        for (int i = 0; i < 20 * fit; i++) {
            cache.query(DomainNames.of("m" + i + ".example.org"), Type.A);
            asked.get(i).complete(fat);
        }
        asked.clear();
        for (int i = 0; i < 20 * fit; i++) {
            cache.query(DomainNames.of("m" + i + ".example.org"), Type.A);
        }
        assertThat(asked).hasSizeGreaterThanOrEqualTo(19 * fit);
    }

    @Test
    void returnsButDoesNotCacheTooLargeAnswer() {
        DnsClient small = CachingDnsClient.of(this::upstream, 300, () -> now);
        CompletableFuture<DnsAnswer> first = small.query(NAME, Type.A).toCompletableFuture();
        Records answer = new Records(List.of(RECORD), 60, List.of(), List.of());
        asked.get(0).complete(answer);
        assertThat(first).isCompletedWithValue(answer);
        small.query(NAME, Type.A);
        assertThat(asked).hasSize(2);
    }

    @Test
    void defaultSizeIsAtMostAnEighthOfHeap() {
        assertThat(CachingDnsClient.defaultBytes())
                .isPositive()
                .isLessThanOrEqualTo(CachingDnsClient.DEFAULT_BYTES)
                .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 8);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private CompletableFuture<DnsAnswer> ask() {
        return cache.query(NAME, Type.A).toCompletableFuture();
    }
}
