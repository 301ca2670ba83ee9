package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.testkit.CountingDnsClient;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

class SpfVerifierTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder().text("""
                    tree.test.      60 IN TXT "v=spf1 include:one.test include:two.test mx:three.test -all"
                    one.test.       60 IN TXT "v=spf1 a:host.test include:deep.test -all"
                    two.test.       60 IN TXT "v=spf1 exists:%{i}.two.test -all"
                    deep.test.      60 IN TXT "v=spf1 ip4:198.51.100.0/24 -all"
                    three.test.     60 IN MX  1 host.test.
                    three.test.     60 IN MX  2 mail.test.
                    host.test.      60 IN A   203.0.113.1
                    mail.test.      60 IN A   192.0.2.1
                    matched.test.   60 IN TXT "v=spf1 include:one.test ip4:192.0.2.1 include:two.test -all"
                    moved.test.     60 IN TXT "v=spf1 redirect=away.test"
                    away.test.      60 IN TXT "v=spf1 ~ip4:192.0.2.1 -all exp=why.test"
                    bad.test.       60 IN TXT "v=spf1 include:worse.test -all"
                    worse.test.     60 IN TXT "v=spf1 a ip4:1.2.3 -all"
                    why.test.       60 IN TXT "because"
                    good.test.      60 IN TXT "v=spf1 +all"
                    no.test.        60 IN TXT "v=spf1 -all exp=why.test"
                    """).build();

    /** Holds back all answers until {@link #answerAll}, as a network does. */
    private static final class SlowDns implements DnsClient {
        private final Map<CompletableFuture<DnsAnswer>, DnsAnswer> waiting = new HashMap<>();
        private final List<String> round = new ArrayList<>();
        private final DnsClient zone;

        SlowDns() {
            this(ZONE);
        }

        SlowDns(DnsClient zone) {
            this.zone = zone;
        }

        @Override
        public synchronized CompletionStage<DnsAnswer> query(Name name, int type) {
            CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
            waiting.put(answer, zone.query(name, type).toCompletableFuture().join());
            round.add(name + " " + Type.string(type));
            return answer;
        }

        /** Answers all queries so far and returns them. */
        synchronized List<String> answerAll() {
            List<String> asked = List.copyOf(round);
            round.clear();
            Map<CompletableFuture<DnsAnswer>, DnsAnswer> answered = new HashMap<>(waiting);
            waiting.clear();
            answered.forEach(CompletableFuture::complete);
            return asked;
        }
    }

    private static SpfQuery from(String domain) {
        return SpfQuery.mailFrom(CLIENT, "alice@" + domain, "good.test");
    }

    @Test
    void queriesIndependentTermsAtOnce() {
        SlowDns dns = new SlowDns();
        CompletableFuture<SpfResult> result =
                SpfVerifier.builder().dns(dns).build().verifyAsync(from("tree.test"));
        assertThat(dns.answerAll()).containsExactly("tree.test. TXT");
        assertThat(dns.answerAll()).containsExactlyInAnyOrder("one.test. TXT", "two.test. TXT", "three.test. MX");
        assertThat(dns.answerAll())
                .containsExactlyInAnyOrder("host.test. A", "deep.test. TXT", "192.0.2.1.two.test. A", "mail.test. A");
        assertThat(result).isCompleted();
        assertThat(result.join().verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(result.join().mechanism()).contains("mx:three.test");
    }

    /** Returns the queries of each round of a check of {@code alice@ahead.test}. */
    private static List<List<String>> rounds(InetAddress client, String zone) {
        SlowDns dns = new SlowDns(ZoneDnsClient.builder().text(zone).build());
        CompletableFuture<SpfResult> result =
                SpfVerifier.builder().dns(dns).build().verifyAsync(SpfQuery.mailFrom(client, "a@ahead.test", "h.test"));
        List<List<String>> rounds = new ArrayList<>();
        while (!result.isDone()) {
            rounds.add(dns.answerAll().stream().sorted().toList());
        }
        return rounds;
    }

    @Test
    void prefetchesRedirectWithTermsBefore() {
        assertThat(rounds(CLIENT, """
                        ahead.test. 60 IN TXT "v=spf1 a:host.test redirect=away.test"
                        away.test.  60 IN TXT "v=spf1 a:last.test -all"
                        """))
                .containsExactly(
                        List.of("ahead.test. TXT"), List.of("away.test. TXT", "host.test. A"), List.of("last.test. A"));
    }

    @Test
    void prefetchesClientNamesWithAddresses() {
        assertThat(rounds(CLIENT, """
                        ahead.test. 60 IN TXT "v=spf1 a:host.test ptr:names.test -all"
                        1.2.0.192.in-addr.arpa. 60 IN PTR mail.names.test.
                        1.2.0.192.in-addr.arpa. 60 IN PTR mail.elsewhere.test.
                        """))
                .containsExactly(
                        List.of("ahead.test. TXT"),
                        List.of("1.2.0.192.in-addr.arpa. PTR", "host.test. A"),
                        List.of("mail.names.test. A"));
    }

    @Test
    void prefetchesNothingAfterClientNetwork() {
        assertThat(rounds(IpAddresses.parse("2001:db8::1").orElseThrow(), """
                        ahead.test. 60 IN TXT "v=spf1 a:host.test ip4:192.0.2.1 exists:yes.test ip6:2001:db8::/32 a:no.test"
                        """))
                .containsExactly(List.of("ahead.test. TXT"), List.of("host.test. AAAA", "yes.test. A"));
    }

    @Test
    void prefetchesNoMoreTermsThanLimit() {
        StringBuilder record = new StringBuilder("ahead.test. 60 IN TXT \"v=spf1");
        for (char c = 'a'; c <= 'l'; c++) {
            record.append(" a:").append(c).append(".test");
        }
        List<List<String>> rounds = rounds(CLIENT, record + " redirect=away.test\"\n*.test. 60 IN A 203.0.113.1\n");
        assertThat(rounds).hasSize(2);
        assertThat(rounds.get(1)).hasSize(SpfLimits.RFC_7208.lookups()).endsWith("j.test. A");
    }

    @Test
    void countsRedirectWhenPrefetching() {
        for (int terms = 9; terms <= 10; terms++) {
            SlowDns dns = new SlowDns(ZoneDnsClient.builder()
                    .text("ahead.test. 60 TXT \"v=spf1" + " a:other.test".repeat(terms) + " redirect=away.test\"\n"
                            + "away.test. 60 TXT \"v=spf1 a:late.test -all\"\nother.test. 60 A 203.0.113.1\n")
                    .build());
            CompletableFuture<SpfResult> result = SpfVerifier.builder()
                    .dns(dns)
                    .build()
                    .verifyAsync(SpfQuery.mailFrom(CLIENT, "a@ahead.test", "h.test"));
            dns.answerAll();
            assertThat(dns.answerAll())
                    .containsExactlyInAnyOrderElementsOf(
                            terms == 9 ? List.of("other.test. A", "away.test. TXT") : List.of("other.test. A"));
            // The redirect is the tenth lookup: the term after it is not queried, not even in vain.
            if (terms == 9) {
                assertThat(result.join().verdict()).isEqualTo(SpfVerdict.PERMERROR);
                assertThat(dns.answerAll()).isEmpty();
            }
        }
    }

    @Test
    void prefetchesClientAddressesDuringInclude() {
        assertThat(rounds(CLIENT, """
                        ahead.test. 60 IN TXT "v=spf1 include:one.test ptr:names.test -all"
                        one.test.   60 IN TXT "v=spf1 include:two.test -all"
                        two.test.   60 IN TXT "v=spf1 -all"
                        1.2.0.192.in-addr.arpa. 60 IN PTR mail.names.test.
                        mail.names.test. 60 IN A 192.0.2.1
                        """))
                .containsExactly(
                        List.of("ahead.test. TXT"),
                        List.of("1.2.0.192.in-addr.arpa. PTR", "one.test. TXT"),
                        List.of("mail.names.test. A", "two.test. TXT"));
    }

    @ParameterizedTest
    @CsvSource({"10, 11", "11, 11"})
    void prefetchesAddressesOfMxHostsUpToLimit(int exchangers, int asked) {
        StringBuilder zone = new StringBuilder("""
                        ahead.test. 60 IN TXT "v=spf1 include:one.test mx:mail.test -all"
                        one.test.   60 IN TXT "v=spf1 include:two.test -all"
                        two.test.   60 IN TXT "v=spf1 -all"
                        """);
        for (int i = 0; i < exchangers; i++) {
            zone.append("mail.test. 60 IN MX ").append(i).append(" h").append(i).append(".test.\n");
        }
        assertThat(rounds(CLIENT, zone.toString()).get(2)).hasSize(asked).contains("two.test. TXT");
    }

    @Test
    void sendsOneQueryAtATimeWithoutPrefetch() {
        SlowDns dns = new SlowDns();
        CompletableFuture<SpfResult> result =
                SpfVerifier.builder().dns(dns).prefetch(false).build().verifyAsync(from("tree.test"));
        List<String> asked = new ArrayList<>();
        while (!result.isDone()) {
            List<String> round = dns.answerAll();
            assertThat(round).hasSize(1);
            asked.addAll(round);
        }
        assertThat(asked)
                .containsExactly(
                        "tree.test. TXT",
                        "one.test. TXT",
                        "host.test. A",
                        "deep.test. TXT",
                        "two.test. TXT",
                        "192.0.2.1.two.test. A",
                        "three.test. MX",
                        "mail.test. A");
        assertThat(result.join().verdict()).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void prefetchesNothingAfterCertainMatch() {
        SlowDns dns = new SlowDns();
        CompletableFuture<SpfResult> result =
                SpfVerifier.builder().dns(dns).build().verifyAsync(from("matched.test"));
        List<String> asked = new ArrayList<>();
        while (!result.isDone()) {
            asked.addAll(dns.answerAll());
        }
        assertThat(asked)
                .containsExactlyInAnyOrder("matched.test. TXT", "one.test. TXT", "host.test. A", "deep.test. TXT");
    }

    @ParameterizedTest
    @CsvSource({"tree.test", "matched.test", "moved.test", "bad.test", "no.test", "absent.test", "[192.0.2.1]"})
    void returnsSameResultAsync(String domain) {
        SpfResult waited = SpfVerifier.builder().dns(ZONE).trace(true).build().verify(from(domain));
        SlowDns dns = new SlowDns();
        CompletableFuture<SpfResult> result =
                SpfVerifier.builder().dns(dns).trace(true).build().verifyAsync(from(domain));
        while (!result.isDone()) {
            assertThat(dns.answerAll()).isNotEmpty();
        }
        assertThat(result.join()).isEqualTo(waited);
    }

    @Test
    void reportsFailingDnsClientAsUnavailable() {
        List<DnsClient> clients = List.of(
                (name, type) -> CompletableFuture.failedFuture(new IllegalStateException("broken")), (name, type) -> {
                    throw new IllegalStateException("broken");
                });
        for (DnsClient broken : clients) {
            SpfVerifier spf = SpfVerifier.builder().dns(broken).build();
            for (SpfResult result : List.of(
                    spf.verify(from("tree.test")),
                    spf.verifyAsync(from("tree.test")).join())) {
                assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
                assertThat(result.problem())
                        .get()
                        .hasToString("tree.test: no response for TXT of tree.test: the DNS client failed: broken");
            }
        }
    }

    @Test
    void evaluatesGivenRecordWithLiveDns() {
        CountingDnsClient dns = CountingDnsClient.of(ZONE);
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        SpfResult draft = spf.verifyRecord(from("no.test"), "v=spf1 mx:three.test ~all");
        assertThat(draft.verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(draft.mechanism()).contains("mx:three.test");
        assertThat(dns.questions()).doesNotContain("no.test. TXT").contains("three.test. MX");
        assertThat(spf.verifyRecord(from("no.test"), "no record").verdict()).isEqualTo(SpfVerdict.NONE);
        assertThat(spf.verifyRecord(from("no.test"), "v=spf1 " + "ip4:203.0.113.1 ".repeat(60) + "+all")
                        .verdict())
                .isEqualTo(SpfVerdict.PASS);
        assertThat(spf.verifyRecord(SpfQuery.mailFrom(CLIENT, "a@[x]", "h.test"), "v=spf1 +all")
                        .verdict())
                .isEqualTo(SpfVerdict.NONE);
        // The record that a draft includes itself is the draft.
        assertThat(spf.verifyRecord(from("no.test"), "v=spf1 include:no.test -all")
                        .verdict())
                .isEqualTo(SpfVerdict.PERMERROR);
    }

    @Test
    void verifiesMailFromAfterHeloFailWhenSet() {
        SpfVerifier spf =
                SpfVerifier.builder().dns(ZONE).mailFromAfterHeloFail(true).build();
        SpfQuery query = SpfQuery.mailFrom(CLIENT, "alice@good.test", "no.test");
        SpfIdentityResults both = spf.verifyBoth(query);
        assertThat(both.decisive()).isEqualTo(both.helo());
        assertThat(both.mailFrom()).map(SpfResult::verdict).contains(SpfVerdict.PASS);
        assertThat(spf.verifyBothAsync(query).join()).isEqualTo(both);
    }

    @Test
    void tracesEveryTermAsTree() {
        SpfTrace trace = SpfVerifier.builder()
                .dns(ZONE)
                .trace(true)
                .build()
                .verify(from("tree.test"))
                .trace()
                .orElseThrow();
        assertThat(trace.domain()).isEqualTo("tree.test");
        assertThat(trace.verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(trace.steps())
                .extracting(SpfTrace.Step::outcome)
                .containsExactly(Outcome.NO_MATCH, Outcome.NO_MATCH, Outcome.MATCH);
        assertThat(trace.steps()).extracting(SpfTrace.Step::lookups).containsExactly(3, 5, 6);
        assertThat(trace.steps()).extracting(SpfTrace.Step::voidLookups).containsExactly(0, 1, 1);
        assertThat(trace.steps())
                .extracting(step -> step.target().orElse(""))
                .containsExactly("one.test", "two.test", "three.test");
        assertThat(trace.record().orElseThrow().text()).startsWith("v=spf1 include:one.test ");
        SpfTrace two = trace.steps().get(1).nested().orElseThrow();
        assertThat(two.verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(two.steps().get(0).target()).hasValue("192.0.2.1.two.test");
        assertThat(two.steps().get(0).questions().get(0).answer().isVoid()).isTrue();
        assertThat(trace.steps().get(2).questions()).hasSize(3);
    }

    @Test
    void tracesRedirectsExplanationsAndErrors() {
        SpfVerifier spf = SpfVerifier.builder().dns(ZONE).trace(true).build();
        SpfTrace moved = spf.verify(from("moved.test")).trace().orElseThrow();
        assertThat(moved.steps().get(0).outcome()).isEqualTo(Outcome.REDIRECTED);
        SpfTrace away = moved.steps().get(0).nested().orElseThrow();
        assertThat(away.domain()).isEqualTo("away.test");
        assertThat(moved.verdict()).isEqualTo(SpfVerdict.SOFTFAIL).isEqualTo(away.verdict());
        SpfTrace no = spf.verify(from("no.test")).trace().orElseThrow();
        assertThat(no.steps()).extracting(SpfTrace.Step::outcome).containsExactly(Outcome.MATCH, Outcome.EXPLAINED);
        SpfResult bad = spf.verify(from("bad.test"));
        assertThat(bad.problem().orElseThrow())
                .hasToString(
                        "worse.test, octet 13: not an IPv4 address: four numbers from 0 to 255 without leading zeros");
        SpfTrace trace = bad.trace().orElseThrow();
        assertThat(trace.steps().get(0).outcome()).isEqualTo(Outcome.ERROR);
        assertThat(trace.steps().get(0).nested().orElseThrow().verdict()).isEqualTo(SpfVerdict.PERMERROR);
    }

    @Test
    void keepsEndOfExcessiveExpansion() {
        String label = "x".repeat(50) + ".";
        ZoneDnsClient zone = ZoneDnsClient.builder()
                .text("big.test. 60 IN TXT \"v=spf1 exists:" + "%{l}.".repeat(40) + "end.test -all\"\n"
                        + label.repeat(4) + "end.test. 60 IN A 127.0.0.2\n")
                .build();
        SpfQuery query = SpfQuery.mailFrom(CLIENT, label + "x".repeat(50) + "@big.test", "h.test");
        assertThat(SpfVerifier.builder().dns(zone).build().verify(query).verdict())
                .isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void expandsTimeInExplanation() {
        ZoneDnsClient zone = ZoneDnsClient.builder()
                .text("t.test. 60 IN TXT \"v=spf1 -all exp=why.t.test\"\nwhy.t.test. 60 IN TXT \"at %{t}\"\n")
                .build();
        SpfVerifier spf = SpfVerifier.builder()
                .dns(zone)
                .clock(() -> Instant.ofEpochSecond(1_000_000_000))
                .build();
        assertThat(spf.verify(from("t.test")).explanation()).contains("at 1000000000");
    }

    @Test
    void verifiesHeloBeforeMailFrom() {
        CountingDnsClient dns = CountingDnsClient.of(ZONE);
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        SpfIdentityResults both = spf.verifyBoth(from("away.test"));
        assertThat(both.helo().verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(both.decisive().identity()).isEqualTo(SpfIdentity.MAIL_FROM);
        assertThat(both.decisive().verdict()).isEqualTo(SpfVerdict.SOFTFAIL);
        assertThat(spf.verifyBothAsync(from("away.test")).join()).isEqualTo(both);
        dns.clear();
        SpfIdentityResults refused = spf.verifyBoth(SpfQuery.mailFrom(CLIENT, "alice@good.test", "no.test"));
        assertThat(refused.mailFrom()).isEmpty();
        assertThat(refused.decisive().explanation()).contains("because");
        assertThat(dns.questions()).containsExactly("no.test. TXT", "why.test. TXT");
        assertThat(spf.verifyBothAsync(SpfQuery.mailFrom(CLIENT, "alice@good.test", "no.test"))
                        .join())
                .isEqualTo(refused);
    }

    @Test
    void verifiesNullSenderOnceAsHelo() {
        CountingDnsClient dns = CountingDnsClient.of(ZONE);
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        SpfIdentityResults bounce = spf.verifyBoth(SpfQuery.mailFrom(CLIENT, "", "away.test"));
        assertThat(dns.questions()).hasSize(1);
        assertThat(bounce.decisive().identity()).isEqualTo(SpfIdentity.MAIL_FROM);
        assertThat(bounce.decisive()).isEqualTo(spf.verify(SpfQuery.mailFrom(CLIENT, "", "away.test")));
        assertThat(spf.verifyBothAsync(SpfQuery.mailFrom(CLIENT, "", "away.test"))
                        .join())
                .isEqualTo(bounce);
    }

    @Test
    void rejectsQueryWithoutClient() {
        assertThatNullPointerException().isThrownBy(() -> SpfQuery.mailFrom(null, "a@example.org", "mail.example.org"));
        assertThatNullPointerException().isThrownBy(() -> SpfQuery.helo(null, "mail.example.org"));
    }

    @Test
    void reportsCauseOfUnavailableRecord() {
        DnsClient down = (name, type) -> CompletableFuture.completedFuture(
                new Unavailable(Unavailable.Cause.REFUSED, "the server answered REFUSED"));
        SpfResult result = SpfVerifier.builder().dns(down).build().verify(from("tree.test"));
        assertThat(result.problem().orElseThrow())
                .hasToString("tree.test: no response for TXT of tree.test: the server answered REFUSED");
    }

    @Test
    void answerThatIsMissingIsTemporaryError() {
        List<DnsClient> clients =
                List.of((name, type) -> null, (name, type) -> CompletableFuture.completedFuture(null), (name, type) -> {
                    CompletableFuture<DnsAnswer> later = new CompletableFuture<>();
                    later.completeOnTimeout(null, 1, TimeUnit.MILLISECONDS);
                    return later;
                });
        SpfQuery query =
                SpfQuery.mailFrom(IpAddresses.parse("192.0.2.1").orElseThrow(), "alice@tree.test", "mail.example.org");
        for (DnsClient client : clients) {
            SpfVerifier verifier = SpfVerifier.builder().dns(client).build();
            assertThat(verifier.verify(query).verdict()).isEqualTo(SpfVerdict.TEMPERROR);
            assertThat(verifier.verifyAsync(query).join().verdict()).isEqualTo(SpfVerdict.TEMPERROR);
        }
        assertThatNullPointerException()
                .isThrownBy(() -> SpfVerifier.create().verifyRecord(query, null))
                .withMessage("record");
    }
}
