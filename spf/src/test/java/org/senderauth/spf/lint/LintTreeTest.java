package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** What the walk through a tree of records costs, term by term, and what it finds on the way. */
class LintTreeTest {

    /** The names that the records of these tests speak of. */
    private static final String HOSTS = """
            $TTL 60
            both.test.     A 192.0.2.1
            both.test.     AAAA 2001:db8::1
            four.test.     A 192.0.2.4
            six.test.      AAAA 2001:db8::6
            mail.test.     MX 10 both.test.
            mail.test.     MX 20 four.test.
            null.test.     MX 0 .
            lost.test.     MX 10 gone.test.
            half.test.     MX 10 both.test.
            half.test.     MX 20 away.test.
            three.test.    MX 10 four.test.
            three.test.    MX 20 six.test.
            three.test.    MX 30 four.test.
            five.test.     MX 10 four.test.
            five.test.     MX 20 six.test.
            five.test.     MX 30 gone.test.
            five.test.     MX 40 four.test.
            five.test.     MX 50 none.test.
            none.test.     TXT "no record"
            nobody.test.   TXT "v=spf1 -all"
            good.test.     TXT "v=spf1 ip4:192.0.2.0/24 -all"
            like.test.     TXT "v=spf1; -all"
            twice.test.    TXT "v=spf1 ip4:192.0.2.1 -all"
            twice.test.    TXT "v=spf1 ip4:192.0.2.2 -all"
            """;

    private final ZoneDnsClient.Builder zone =
            ZoneDnsClient.builder().text(HOSTS).trouble(DomainNames.of("away.test"), Cause.TIMEOUT);

    private void txt(String name, String text) {
        zone.text(name + ". 60 TXT \"" + text + "\"");
    }

    private LintReport lint(String record) {
        txt("example.org", record);
        return SpfLinter.over(zone.build()).lint("example.org");
    }

    private static List<LintNode> children(LintReport report) {
        return Objects.requireNonNull(report.tree()).children();
    }

    /** A node and all below it: the term, its lookups and empty answers, and what came back. */
    private static String print(LintNode node) {
        return Stream.concat(
                        Stream.of((node.term() + " " + node.lookups() + " " + node.voidsIp4() + " " + node.voidsIp6()
                                        + " " + node.remark())
                                .strip()),
                        node.children().stream().map(child -> "(" + print(child) + ")"))
                .reduce((left, right) -> left + " " + right)
                .orElseThrow();
    }

    private static List<String> codes(LintReport report) {
        return report.findings().stream().map(found -> found.rule().code()).toList();
    }

    // term | lookups, empty answers of an IPv4 client and of an IPv6 client, what came back | findings
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a:both.test             | 1 0 0                                     | ``
            a:four.test             | 1 0 1 no AAAA                             | ``
            a:six.test              | 1 1 0 no A                                | ``
            a:none.test             | 1 1 1 no address                          | dead-name
            a:gone.test             | 1 1 1 no such name                        | dead-name
            a:away.test             | 1 0 0 no answer                           | no-answer
            mx:both.test            | 1 1 1 no MX                               | dead-name
            mx:gone.test            | 1 1 1 no such name                        | dead-name
            mx:mail.test            | 1 0 1 four.test no AAAA                   | ``
            mx:null.test            | 1 0 0 null MX                             | dead-name
            mx:lost.test            | 1 1 1 gone.test no such name              | dead-name
            mx:half.test            | 1 0 0 no answer                           | no-answer
            mx:three.test           | 1 1 2 four.test no AAAA; six.test no A; four.test no AAAA | ``
            mx:away.test            | 1 0 0 no answer                           | no-answer
            exists:both.test        | 1 0 0 matches everybody                   | passes-everybody
            -exists:both.test       | 1 0 0 matches everybody                   | ``
            exists:six.test         | 1 1 1 no A                                | dead-name
            exists:gone.test        | 1 1 1 no such name                        | dead-name
            exists:away.test        | 1 0 0 no answer                           | no-answer
            exists:%{i}.both.test   | 1 1 1 depends on the client or sender     | ``
            exists:%{d1}.test       | 1 1 1 depends on the client or sender     | ``
            exists:%{D}.test        | 1 1 1 no such name                        | dead-name
            exists:%%.%{h}.test     | 1 1 1 depends on the client or sender     | ``
            a:%{h}                  | 1 1 1 depends on the client or sender     | ``
            ptr                     | 1 1 1 the client's own name decides       | ptr
            include:good.test       | 1 0 0                                     | ``
            include:nobody.test     | 1 0 0 matches nobody                      | empty-include
            -include:nobody.test    | 1 0 0                                     | ``
            include:none.test       | 1 0 0 no SPF record                       | dead-include
            include:like.test       | 1 0 0 no SPF record                       | dead-include
            include:gone.test       | 1 0 0 no such name                        | dead-include
            include:away.test       | 1 0 0 no answer                           | no-answer
            include:twice.test      | 1 0 0 2 SPF records                       | several-records
            include:%{i}.good.test  | 1 0 0 depends on the client or sender: not followed | unknown-target
            include:example.org     | 1 0 0 loop                                | loop
            """)
    void eachTermTellsWhatItCostsAndWhatCameBack(String term, String cost, String code) {
        LintReport report = lint("v=spf1 " + term + " -all");
        assertThat(children(report)).extracting(LintTreeTest::print).containsExactly(term + " " + cost);
        assertThat(codes(report)).containsExactlyElementsOf(code.isEmpty() ? List.of() : List.of(code));
        assertThat(report.complete()).isEqualTo(!code.equals("no-answer"));
    }

    @Test
    void lookupsOfAForeignRecordAreBlamedOnTheTermThatLeadsToIt() {
        txt("own.example.org", "v=spf1 a:both.test -all");
        txt("foreign.test", "v=spf1 include:own.example.org" + " a:both.test".repeat(9) + " -all");
        LintFinding finding = lint("v=spf1 include:foreign.test -all").findings().stream()
                .filter(found -> found.rule() == LintRule.TOO_MANY_LOOKUPS)
                .findFirst()
                .orElseThrow();
        assertThat(place(finding)).isEqualTo("include:foreign.test");
        assertThat(finding.domain()).isEqualTo("example.org");
    }

    @Test
    void threeMailExchangersAreQuotedAndTheRestCounted() {
        LintReport report = lint("v=spf1 mx:five.test -all");
        assertThat(children(report).get(0).remark())
                .isEqualTo("four.test no AAAA; six.test no A; gone.test no such name; and 2 more");
        assertThat(codes(report)).containsExactly("dead-name", "dead-name", "too-many-voids", "too-many-voids");
        assertThat(report.findings().subList(2, 4))
                .extracting(found -> found.reason().replaceAll("[^(]*\\(|:.*", ""))
                .containsExactly(
                        "A of six.test, A of gone.test, A of none.test)",
                        "AAAA of four.test, AAAA of gone.test, AAAA of four.test ...)");
    }

    @ParameterizedTest
    @CsvSource({
        "include:gone.test, '\"gone.test\" does not exist: receivers answer permerror'",
        "include:none.test, '\"none.test\" has no SPF record: receivers answer permerror'",
        "include:like.test, '\"like.test\" has a TXT record that only looks like SPF: receivers answer permerror'",
        "redirect=gone.test, '\"gone.test\" does not exist: receivers answer permerror'",
        "a:gone.test, '\"gone.test\" does not exist: the term matches nobody'",
        "a:none.test, '\"none.test\" has no address: the term matches nobody'",
        "mx:gone.test, '\"gone.test\" does not exist: the term matches nobody'",
        "mx:none.test, '\"none.test\" has no MX record: the term matches nobody'",
        "mx:lost.test, 'its MX host \"gone.test\" does not exist: the term matches nobody'",
        "exists:none.test, '\"none.test\" has no A record: the term matches nobody'",
        "exp=gone.test, '\"gone.test\" has no TXT record; receivers give their own explanation'",
        "exp=twice.test, '\"twice.test\" has 2 TXT records; receivers give their own explanation'",
    })
    void deadEndSaysWhatIsThere(String term, String reason) {
        LintReport report = lint("v=spf1 " + term + (term.startsWith("redirect") ? "" : " -all"));
        assertThat(report.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.reason()).startsWith(reason));
    }

    @Test
    void percentSignIsPartOfTheName() {
        List<String> asked = new ArrayList<>();
        SpfLinter.over((name, type) -> {
                    asked.add(name.toString());
                    return zone.build().query(name, type);
                })
                .lintDraft("example.org", "v=spf1 exists:x%%y%-z.test -all");
        assertThat(asked).containsExactly("x%y%20z.test.");
    }

    @Test
    void nameThatNoDomainHasIsNotAskedFor() {
        String name = "x".repeat(64) + ".test";
        LintReport report = lint("v=spf1 a:" + name + " include:" + name + " exp=" + name + " -all");
        assertThat(children(report))
                .extracting(node -> print(node).replaceAll("x{64}", "x"))
                .containsExactly(
                        "a:x.test 1 0 0 no domain name: matches nobody", "include:x.test 1 0 0 no domain name");
        assertThat(codes(report)).containsExactly("dead-include");
    }

    @ParameterizedTest
    @CsvSource({"10, false", "11, true"})
    void tenMailExchangersAreAskedAbout(int hosts, boolean tooMany) {
        for (int i = 0; i < hosts; i++) {
            zone.text("many.test. 60 MX " + i + " h" + i + ".many.test.\nh" + i + ".many.test. 60 A 192.0.2.1");
        }
        LintReport report = lint("v=spf1 mx:many.test -all");
        assertThat(print(children(report).get(0))).startsWith("mx:many.test 1 0 10 ");
        assertThat(codes(report).contains("too-many-mx")).isEqualTo(tooMany);
    }

    @Test
    void mostCostlyTermsAreNamedWhereTheLookupsAreTooMany() {
        txt("five.lookups.test", "v=spf1 a:both.test a:both.test a:both.test a:both.test a:both.test -all");
        txt("three.lookups.test", "v=spf1 a:both.test a:both.test a:both.test -all");
        LintReport nine = lint("v=spf1 include:three.lookups.test mx:mail.test include:three.lookups.test -all");
        assertThat(nine.findings().stream().filter(found -> found.rule() == LintRule.LOOKUPS_NEAR_LIMIT))
                .extracting(LintFinding::fix)
                .containsExactly(
                        "make room; most costly: include:three.lookups.test (4), include:three.lookups.test (4)");
        LintReport eleven = SpfLinter.over(zone.build())
                .lintDraft(
                        "draft.test", "v=spf1 a:both.test include:three.lookups.test include:five.lookups.test -all");
        assertThat(eleven.findings()).extracting(LintFinding::rule).containsExactly(LintRule.TOO_MANY_LOOKUPS);
        assertThat(eleven.findings().get(0).fix())
                .contains("most costly: include:five.lookups.test (6), include:three.lookups.test (4). Or");
    }

    @Test
    void whatStandsBelowAnIncludeCountsForItAndForEachOnTheWay() {
        txt("one.test", "v=spf1 a:four.test include:two.test -all");
        txt("two.test", "v=spf1 a:six.test mx:mail.test ip6:2001:db8::/48 redirect=good.test");
        LintReport report = lint("v=spf1 a:both.test include:one.test -all");
        assertThat(print(Objects.requireNonNull(report.tree())))
                .isEqualTo("example.org 7 1 2 (a:both.test 1 0 0) (include:one.test 6 1 2 (a:four.test 1 0 1 no AAAA)"
                        + " (include:two.test 4 1 1 (a:six.test 1 1 0 no A) (mx:mail.test 1 0 1 four.test no AAAA)"
                        + " (redirect=good.test 1 0 0)))");
        assertThat(report.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 ip4:192.0.2.1 -all redirect=good.test, redirect-beside-all",
        "v=spf1 redirect=good.test ip4:192.0.2.1 ?all, redirect-beside-all neutral-all",
        "v=spf1 ip4:192.0.2.1 -all a:gone.test, term-after-all",
    })
    void nothingBehindAllIsAskedNorTheRedirectBesideIt(String record, String codes) {
        LintReport report = lint(record);
        assertThat(children(report)).isEmpty();
        assertThat(codes(report)).containsExactly(codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 +all, passes-everybody",
        "v=spf1 ~all, empty-include",
        "v=spf1 ip4:192.0.2.1 ?all, ''",
        "v=spf1 ip6:2001:db8::1, ''",
        "v=spf1 a:both.test, ''",
        "v=spf1 -a:both.test, empty-include",
        "v=spf1 -a:both.test ip4:192.0.2.1, ''",
        "v=spf1 exists:%{i}.both.test, ''",
        "v=spf1 ?exists:%{i}.both.test, empty-include",
        "v=spf1 exists:gone.test, empty-include",
        "v=spf1 exists:both.test, passes-everybody",
        "v=spf1 ptr, ''",
        "v=spf1 a:away.test, ''",
        "v=spf1 include:good.test, ''",
        "v=spf1 ~include:good.test, empty-include",
        "v=spf1 include:%{i}.good.test, unknown-target",
        "v=spf1 redirect=good.test, ''",
        "v=spf1 redirect=nobody.test, empty-include",
    })
    void includeIsEmptyIfNoTermBelowItPasses(String record, String code) {
        txt("below.test", record);
        List<String> found = new ArrayList<>(codes(lint("v=spf1 include:below.test -all")));
        found.removeAll(List.of("no-answer", "dead-name"));
        // Of foreign records errors are told only.
        found.remove("unknown-target");
        assertThat(found)
                .containsExactlyElementsOf(code.isEmpty() || code.equals("unknown-target") ? List.of() : List.of(code));
    }

    @Test
    void redirectToNobodyIsNoMistake() {
        assertThat(codes(lint("v=spf1 redirect=nobody.test"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // a client of the family that the limit breaks for is authorised behind it, or none is
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test ip6:2001:db8::/48 -all, ERROR",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test ip4:192.0.2.9 -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test ip6:2001:db8::/48 a:c.four.test -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test -ip6:2001:db8::/48 -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test a:both.test -all, ERROR",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test -a:both.test -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test include:%{i}.good.test -all, ERROR",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test -include:%{i}.good.test -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test include:good.test -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test ?include:six.record.test -all, WARNING",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test include:six.record.test -all, ERROR",
        "v=spf1 a:a.four.test a:b.four.test a:c.four.test redirect=six.record.test, ERROR",
    })
    void brokenVoidLimitIsAnErrorForTheClientsBehindIt(String record, Severity severity) {
        for (String host : List.of("a", "b", "c")) {
            zone.text(host + ".four.test. 60 A 192.0.2.4");
        }
        txt("six.record.test", "v=spf1 ip6:2001:db8::/48 -all");
        LintFinding finding = lint(record).findings().stream()
                .filter(found -> found.rule() == LintRule.TOO_MANY_VOIDS)
                .findFirst()
                .orElseThrow();
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.reason())
                .contains("an IPv6 client that "
                        + (severity == Severity.ERROR ? "nothing before matches" : "the record does not"))
                .doesNotContain("IPv4", "...");
    }

    @Test
    void recordThatIsIncludedAgainIsToldOnceAndNotJudgedAgain() {
        txt("own.example.org", "v=spf1 ip4:192.0.2.1/24 ?all");
        txt("one.test", "v=spf1 include:own.example.org -all");
        LintReport again = SpfLinter.over(zone.build())
                .lintDraft("example.org", "v=spf1 include:own.example.org include:one.test ?include:one.test -all");
        assertThat(again.findings())
                .extracting(found -> found.rule().code() + " " + found.domain() + " " + place(found))
                .containsExactly(
                        "host-bits own.example.org ip4:192.0.2.1/24",
                        "included-twice example.org include:one.test",
                        "included-twice example.org ?include:one.test",
                        "neutral-all own.example.org ?all");
    }

    private static String place(LintFinding finding) {
        return Objects.requireNonNull(finding.span()).of(finding.record());
    }

    @Test
    void severalRecordsBelowAreToldOnce() {
        txt("one.test", "v=spf1 include:twice.test -all");
        assertThat(codes(lint("v=spf1 include:twice.test include:one.test -all")))
                .containsExactly("several-records", "included-twice");
    }

    @Test
    void explanationIsLookedAtWhereItsRecordDecides() {
        txt("text.test", "Not from here.");
        txt("percent.test", "%(x)");
        txt("below.test", "v=spf1 ip4:192.0.2.1 exp=gone.test -all");
        assertThat(codes(lint("v=spf1 include:below.test exp=text.test -all"))).isEmpty();
        for (String record : new String[] {
            "v=spf1 exp=gone.test -all",
            "v=spf1 exp=both.test -all",
            "v=spf1 exp=twice.test -all",
            "v=spf1 exp=percent.test -all",
            "v=spf1 redirect=below.test",
        }) {
            LintReport report = SpfLinter.over(zone.build()).lintDraft("draft.test", record);
            boolean foreign = record.contains("redirect");
            // A warning about a foreign record is its operator's business.
            assertThat(codes(report))
                    .as(record)
                    .containsExactlyElementsOf(foreign ? List.of() : List.of("dead-explanation"));
        }
        for (String record : new String[] {"v=spf1 exp=away.test -all", "v=spf1 exp=%{i}.gone.test -all"}) {
            assertThat(codes(SpfLinter.over(zone.build()).lintDraft("draft.test", record)))
                    .as(record)
                    .isEmpty();
        }
    }

    @Test
    void questionsOfARecordAreSentTogetherAndEachOnce() {
        List<String> log = new ArrayList<>();
        txt(
                "example.org",
                "v=spf1 ip4:192.0.2.1 a:both.test mx:mail.test exists:%{d}.test ptr:both.test a:both.test a:%{i}.test"
                        + " include:good.test exp=none.test redirect=nobody.test");
        DnsClient dns = zone.build();
        SpfLinter.over((name, type) -> asked(log, name, type, dns)).lint("example.org");
        assertThat(log)
                .containsExactly(
                        "ask example.org TXT",
                        "wait for example.org TXT",
                        "ask both.test A",
                        "ask both.test AAAA",
                        "ask mail.test MX",
                        "ask example.org.test A",
                        "ask good.test TXT",
                        "ask none.test TXT",
                        "ask nobody.test TXT",
                        "wait for both.test A",
                        "wait for both.test AAAA",
                        "wait for mail.test MX",
                        // and those of all its mail exchangers
                        "ask four.test A",
                        "ask four.test AAAA",
                        "wait for both.test A",
                        "wait for both.test AAAA",
                        "wait for four.test A",
                        "wait for four.test AAAA",
                        "wait for example.org.test A",
                        "wait for both.test A",
                        "wait for both.test AAAA",
                        "wait for good.test TXT",
                        "wait for nobody.test TXT",
                        "wait for none.test TXT");
    }

    /** An answer that notes when it is waited for. */
    private static CompletableFuture<DnsAnswer> asked(List<String> log, Name name, int type, DnsClient dns) {
        String question = DomainNames.text(name) + " " + Type.string(type);
        log.add("ask " + question);
        DnsAnswer known = dns.query(name, type).toCompletableFuture().join();
        return new CompletableFuture<>() {
            @Override
            public DnsAnswer join() {
                log.add("wait for " + question);
                return known;
            }
        };
    }

    @Test
    void runAsksAThousandQuestionsAtMost() {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < 1010; i++) {
            record.append(" exists:h").append(i).append(".test");
        }
        List<String> asked = new ArrayList<>();
        DnsClient dns = zone.build();
        LintReport report = SpfLinter.over((name, type) -> {
                    asked.add(name.toString());
                    return dns.query(name, type);
                })
                .lintDraft("example.org", record + " -all");
        // The draft is the answer to the first.
        assertThat(asked).hasSize(SpfLinter.MAX_QUESTIONS - 1);
        assertThat(report.complete()).isFalse();
        assertThat(report.findings().stream().filter(found -> found.rule() == LintRule.NO_ANSWER))
                .hasSize(11)
                .allMatch(found -> found.reason().contains("needs more than 1000 questions"));
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 254, 255, 256, 510, 511, 700})
    void draftOfAnyLengthIsReadWhole(int length) {
        String start = "v=spf1 a:";
        String end = "both.test";
        String record =
                length == 11 ? "v=spf1 ?all" : start + "x.".repeat(length).substring(0, length - 18) + end;
        LintReport report = SpfLinter.over(zone.build()).lintDraft("example.org", record);
        assertThat(report.records()).containsExactly(record);
    }

    @Test
    void allTxtRecordsOfTheNameAreMeasuredTogether() {
        for (int i = 0; i < 5; i++) {
            txt("example.org", i + "x".repeat(240));
        }
        LintReport report = lint("v=spf1 -all");
        assertThat(codes(report)).containsExactly("answer-size");
        assertThat(report.findings().get(0).reason()).contains("all 6 TXT records");
    }

    @Test
    void eachOfSeveralRecordsIsJudged() {
        txt("example.org", "v=spf1 ip4:192.0.2.1 -all");
        LintReport report = lint("v=spf1 ipv4:192.0.2.2 -all");
        assertThat(codes(report)).containsExactly("several-records", "misspelt-term");
    }

    @Test
    void nameWithoutRecordIsToldFromANameThatDoesNotExist() {
        SpfLinter linter = SpfLinter.over(zone.build());
        assertThat(linter.lint("none.test").findings().get(0).fix()).contains("v=spf1 -all");
        assertThat(linter.lint("gone.test").findings().get(0).fix()).isEqualTo("check the spelling");
        assertThat(SpfLinter.lintText("example.org", "no record"))
                .extracting(LintFinding::rule)
                .containsExactly(LintRule.NO_RECORD);
    }

    @Test
    void treeIsNotFollowedBehindItsFiftiethLookup() {
        for (int i = 0; i < 60; i++) {
            txt("i" + i + ".test", "v=spf1 include:i" + (i + 1) + ".test -all");
        }
        LintNode node = Objects.requireNonNull(
                SpfLinter.over(zone.build()).lint("i0.test").tree());
        assertThat(node.lookups()).isEqualTo(51);
        int depth = 0;
        for (; !node.children().isEmpty(); node = node.children().get(0)) {
            depth++;
        }
        assertThat(depth).isEqualTo(51);
        assertThat(node.term()).isEqualTo("include:i51.test");
        assertThat(node.remark()).isEqualTo("not followed any more");
    }
}
