package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    /** Answers only when told to, as a network does. */
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

        /** Answers all that was asked so far; gives what it was. */
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
    void whatIndependentTermsNeedIsAskedAtOnce() {
        SlowDns dns = new SlowDns();
        CompletableFuture<SpfResult> result =
                SpfVerifier.builder().dns(dns).build().verifyAsync(from("tree.test"));
        assertThat(dns.answerAll()).containsExactly("tree.test. TXT");
        assertThat(dns.answerAll()).containsExactlyInAnyOrder("one.test. TXT", "two.test. TXT", "three.test. MX");
        assertThat(dns.answerAll())
                .containsExactlyInAnyOrder("host.test. A", "deep.test. TXT", "192.0.2.1.two.test. A", "mail.test. A");
        assertThat(result).isCompleted();
        assertThat(result.join().verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(result.join().mechanism()).isEqualTo("mx:three.test");
    }

    /** What is asked in each round of a check of {@code alice@ahead.test}. */
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
    void redirectIsAskedAheadWithTheTermsBeforeIt() {
        assertThat(rounds(CLIENT, """
                        ahead.test. 60 IN TXT "v=spf1 a:host.test redirect=away.test"
                        away.test.  60 IN TXT "v=spf1 a:last.test -all"
                        """))
                .containsExactly(
                        List.of("ahead.test. TXT"), List.of("away.test. TXT", "host.test. A"), List.of("last.test. A"));
    }

    @Test
    void namesOfTheClientAreAskedAheadWithTheirAddresses() {
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
    void nothingIsAskedAheadBehindTheClientsOwnNetwork() {
        assertThat(rounds(IpAddresses.parse("2001:db8::1").orElseThrow(), """
                        ahead.test. 60 IN TXT "v=spf1 a:host.test ip4:192.0.2.1 exists:yes.test ip6:2001:db8::/32 a:no.test"
                        """))
                .containsExactly(List.of("ahead.test. TXT"), List.of("host.test. AAAA", "yes.test. A"));
    }

    @Test
    void noMoreTermsAreAskedAheadThanTheCheckMayHave() {
        StringBuilder record = new StringBuilder("ahead.test. 60 IN TXT \"v=spf1");
        for (char c = 'a'; c <= 'l'; c++) {
            record.append(" a:").append(c).append(".test");
        }
        List<List<String>> rounds = rounds(CLIENT, record + " redirect=away.test\"\n");
        assertThat(rounds).hasSize(2);
        assertThat(rounds.get(1)).hasSize(SpfLimits.RFC_7208.lookups()).endsWith("j.test. A");
    }

    @Test
    void redirectIsOneOfTheTermsThatAreAskedAhead() {
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
            // With it the check has all the terms that it may have: the one behind is not asked, even in vain.
            if (terms == 9) {
                assertThat(result.join().verdict()).isEqualTo(SpfVerdict.PERMERROR);
                assertThat(dns.answerAll()).isEmpty();
            }
        }
    }

    @Test
    void addressesOfTheClientsNamesAreAskedAheadWhileAnIncludeIsWaitedFor() {
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
    @CsvSource({"10, 11", "11, 1"})
    void addressesOfMailExchangersAreAskedAheadUnlessThereAreTooMany(int exchangers, int asked) {
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
    void askingAheadCanBeTurnedOff() {
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
    void nothingIsAskedAheadBehindATermThatIsSureToMatch() {
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
    void waitingOrNotGivesTheSameResult(String domain) {
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
    void aDnsClientThatBreaksItsPromiseMeansTemperror() {
        DnsClient broken = (name, type) -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
        SpfResult result = SpfVerifier.builder().dns(broken).build().verify(from("tree.test"));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.TEMPERROR);
    }

    @Test
    void theTraceIsTheTreeOfWhatWasDone() {
        SpfTrace trace = Objects.requireNonNull(SpfVerifier.builder()
                .dns(ZONE)
                .trace(true)
                .build()
                .verify(from("tree.test"))
                .trace());
        assertThat(trace.domain()).isEqualTo("tree.test");
        assertThat(trace.verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(trace.steps())
                .extracting(SpfTrace.Step::outcome)
                .containsExactly(Outcome.NO_MATCH, Outcome.NO_MATCH, Outcome.MATCH);
        assertThat(trace.steps()).extracting(SpfTrace.Step::lookups).containsExactly(3, 5, 6);
        assertThat(trace.steps()).extracting(SpfTrace.Step::voidLookups).containsExactly(0, 1, 1);
        assertThat(trace.steps())
                .extracting(SpfTrace.Step::target)
                .containsExactly("one.test", "two.test", "three.test");
        assertThat(Objects.requireNonNull(trace.record()).text()).startsWith("v=spf1 include:one.test ");
        SpfTrace two = Objects.requireNonNull(trace.steps().get(1).nested());
        assertThat(two.verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(two.steps().get(0).target()).isEqualTo("192.0.2.1.two.test");
        assertThat(two.steps().get(0).questions().get(0).answer().isVoid()).isTrue();
        assertThat(trace.steps().get(2).questions()).hasSize(3);
    }

    @Test
    void theTraceFollowsRedirectsExplanationsAndErrors() {
        SpfVerifier spf = SpfVerifier.builder().dns(ZONE).trace(true).build();
        SpfTrace moved = Objects.requireNonNull(spf.verify(from("moved.test")).trace());
        assertThat(moved.steps().get(0).outcome()).isEqualTo(Outcome.REDIRECTED);
        SpfTrace away = Objects.requireNonNull(moved.steps().get(0).nested());
        assertThat(away.domain()).isEqualTo("away.test");
        assertThat(moved.verdict()).isEqualTo(SpfVerdict.SOFTFAIL).isEqualTo(away.verdict());
        SpfTrace no = Objects.requireNonNull(spf.verify(from("no.test")).trace());
        assertThat(no.steps()).extracting(SpfTrace.Step::outcome).containsExactly(Outcome.MATCH, Outcome.EXPLAINED);
        SpfResult bad = spf.verify(from("bad.test"));
        assertThat(Objects.requireNonNull(bad.problem()))
                .hasToString(
                        "worse.test, octet 13: not an IPv4 address: four numbers from 0 to 255 without leading zeros");
        SpfTrace trace = Objects.requireNonNull(bad.trace());
        assertThat(trace.steps().get(0).outcome()).isEqualTo(Outcome.ERROR);
        assertThat(Objects.requireNonNull(trace.steps().get(0).nested()).verdict())
                .isEqualTo(SpfVerdict.PERMERROR);
    }

    @Test
    void ofAnExcessiveExpansionTheEndCounts() {
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
    void explanationMayTellTheTime() {
        ZoneDnsClient zone = ZoneDnsClient.builder()
                .text("t.test. 60 IN TXT \"v=spf1 -all exp=why.t.test\"\nwhy.t.test. 60 IN TXT \"at %{t}\"\n")
                .build();
        SpfVerifier spf = SpfVerifier.builder()
                .dns(zone)
                .clock(() -> Instant.ofEpochSecond(1_000_000_000))
                .build();
        assertThat(spf.verify(from("t.test")).explanation()).isEqualTo("at 1000000000");
    }

    @Test
    void bothIdentitiesAreCheckedInOneCallHeloFirst() {
        CountingDnsClient dns = CountingDnsClient.over(ZONE);
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        SpfResults both = spf.verifyBoth(from("away.test"));
        assertThat(both.helo().verdict()).isEqualTo(SpfVerdict.PASS);
        assertThat(both.decisive().identity()).isEqualTo(SpfIdentity.MAIL_FROM);
        assertThat(both.decisive().verdict()).isEqualTo(SpfVerdict.SOFTFAIL);
        assertThat(spf.verifyBothAsync(from("away.test")).join()).isEqualTo(both);
        dns.clear();
        SpfResults refused = spf.verifyBoth(SpfQuery.mailFrom(CLIENT, "alice@good.test", "no.test"));
        assertThat(refused.mailFrom()).isNull();
        assertThat(refused.decisive().explanation()).isEqualTo("because");
        assertThat(dns.questions()).containsExactly("no.test. TXT", "why.test. TXT");
        assertThat(spf.verifyBothAsync(SpfQuery.mailFrom(CLIENT, "alice@good.test", "no.test"))
                        .join())
                .isEqualTo(refused);
    }

    @Test
    void aNullReversePathIsPostmasterAtTheHeloNameAndCheckedOnce() {
        CountingDnsClient dns = CountingDnsClient.over(ZONE);
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        SpfResults bounce = spf.verifyBoth(SpfQuery.mailFrom(CLIENT, "", "away.test"));
        assertThat(dns.questions()).hasSize(1);
        assertThat(bounce.decisive().identity()).isEqualTo(SpfIdentity.MAIL_FROM);
        assertThat(bounce.decisive()).isEqualTo(spf.verify(SpfQuery.mailFrom(CLIENT, "", "away.test")));
        assertThat(spf.verifyBothAsync(SpfQuery.mailFrom(CLIENT, "", "away.test"))
                        .join())
                .isEqualTo(bounce);
    }

    @Test
    void aQuestionWithoutAClientIsMisuseAtOnce() {
        assertThatNullPointerException().isThrownBy(() -> SpfQuery.mailFrom(null, "a@example.org", "mail.example.org"));
        assertThatNullPointerException().isThrownBy(() -> SpfQuery.helo(null, "mail.example.org"));
    }

    @Test
    void anUnavailableRecordIsATemperrorWithItsCause() {
        DnsClient down = (name, type) -> CompletableFuture.completedFuture(
                new Unavailable(Unavailable.Cause.REFUSED, "the server answered REFUSED"));
        SpfResult result = SpfVerifier.builder().dns(down).build().verify(from("tree.test"));
        assertThat(Objects.requireNonNull(result.problem()))
                .hasToString("tree.test: no answer for TXT of tree.test: the server answered REFUSED");
    }
}
