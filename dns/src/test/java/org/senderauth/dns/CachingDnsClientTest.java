package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final List<CompletableFuture<DnsAnswer>> asked = new ArrayList<>();
    private final DnsClient cache = CachingDnsClient.over(this::upstream, 100, (InstantSource) () -> now);

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
    void anAnswerIsKeptAsLongAsItsTtl(DnsAnswer answer) {
        CompletableFuture<DnsAnswer> first = ask();
        asked.get(0).complete(answer);
        assertThat(first).isCompletedWithValue(answer);
        now = now.plusSeconds(59);
        assertThat(ask()).isCompletedWithValue(answer);
        assertThat(asked).hasSize(1);
        now = now.plusSeconds(1);
        ask();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aQuestionIsAskedOnceHoweverManyWaitForIt() {
        CompletableFuture<DnsAnswer> first = ask();
        CompletableFuture<DnsAnswer> second = ask();
        assertThat(asked).hasSize(1);
        asked.get(0).complete(new NoData(null, 0));
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void typesAreDifferentQuestionsAndCaseIsNot() {
        ask();
        cache.query(NAME, Type.MX);
        assertThat(asked).hasSize(2);
        cache.query(DomainNames.of("EXAMPLE.ORG"), Type.MX);
        assertThat(asked).hasSize(2);
    }

    @Test
    void troubleAndAnswersWithoutTtlAreNotKept() {
        ask();
        asked.get(0).complete(new Unavailable(Cause.TIMEOUT, "scripted"));
        ask();
        assertThat(asked).hasSize(2);
        asked.get(1).complete(new NoData(null, 0));
        ask();
        assertThat(asked).hasSize(3);
    }

    @Test
    void aTtlHasAnUpperLimit() {
        ask();
        asked.get(0).complete(new Records(List.of(RECORD), Integer.MAX_VALUE, List.of(), List.of()));
        now = now.plus(CachingDnsClient.MAX_TTL).minusSeconds(1);
        ask();
        assertThat(asked).hasSize(1);
        now = now.plusSeconds(1);
        ask();
        assertThat(asked).hasSize(2);
        asked.get(1).complete(new NoSuchDomain(NAME, Integer.MAX_VALUE));
        now = now.plus(CachingDnsClient.MAX_NEGATIVE_TTL).minus(Duration.ofNanos(1));
        ask();
        assertThat(asked).hasSize(2);
        now = now.plusNanos(1);
        ask();
        assertThat(asked).hasSize(3);
    }

    @Test
    void whatOneCallerDoesToItsStageDoesNotReachAnother() {
        CompletableFuture<DnsAnswer> first = ask();
        CompletableFuture<DnsAnswer> second = ask();
        first.cancel(true);
        first.obtrudeValue(new Unavailable(Cause.NETWORK, "spoilt"));
        asked.get(0).complete(new NoData(NAME, 60));
        assertThat(second).isCompletedWithValue(new NoData(NAME, 60));
    }

    private CompletableFuture<DnsAnswer> ask() {
        return cache.query(NAME, Type.A).toCompletableFuture();
    }
}
