package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.spf.lint.LintZone.codes;
import static org.senderauth.spf.lint.LintZone.place;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cost of a tree of records, term by term, and the findings in it. */
class LintTreeTest {

    private final LintZone zone = new LintZone();

    private static List<LookupCost> children(LintReport report) {
        return report.tree().orElseThrow().children();
    }

    /** A node and all below it: the term, its lookups and void lookups, and what came back. */
    private static String print(LookupCost node) {
        return Stream.concat(
                        Stream.of((node.term() + " " + node.lookups() + " " + node.voidsIp4() + " " + node.voidsIp6()
                                        + " " + node.remark())
                                .strip()),
                        node.children().stream().map(child -> "(" + print(child) + ")"))
                .reduce((left, right) -> left + " " + right)
                .orElseThrow();
    }

    // term | lookups, void lookups of an IPv4 client and of an IPv6 client, what came back | findings
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a:both.test             | 1 0 0                                     | ``
            a:four.test             | 1 0 1 no AAAA                             | ``
            a:six.test              | 1 1 0 no A                                | ``
            a:none.test             | 1 1 1 no address                          | unresolvable-name
            a:gone.test             | 1 1 1 NXDOMAIN                        | unresolvable-name
            a:away.test             | 1 0 0 no response                           | dns-error
            mx:both.test            | 1 1 1 no MX                               | unresolvable-name
            mx:gone.test            | 1 1 1 NXDOMAIN                        | unresolvable-name
            mx:mail.test            | 1 0 1 four.test no AAAA                   | ``
            mx:null.test            | 1 0 0 null MX                             | unresolvable-name
            mx:lost.test            | 1 1 1 gone.test NXDOMAIN              | unresolvable-name
            mx:half.test            | 1 0 0 no response                           | dns-error
            mx:three.test           | 1 1 2 four.test no AAAA; six.test no A; four.test no AAAA | ``
            mx:away.test            | 1 0 0 no response                           | dns-error
            exists:both.test        | 1 0 0 matches every client                   | allows-everyone
            -exists:both.test       | 1 0 0 matches every client                   | ``
            exists:six.test         | 1 1 1 no A                                | unresolvable-name
            exists:gone.test        | 1 1 1 NXDOMAIN                        | unresolvable-name
            exists:away.test        | 1 0 0 no response                           | dns-error
            exists:%{i}.both.test   | 1 1 1 depends on the client or sender     | ``
            exists:%{o}.test        | 1 1 1 NXDOMAIN                            | unresolvable-name
            exists:%{l}.%{o}.test   | 1 1 1 depends on the client or sender     | ``
            include:%{o}            | 1 0 0 loop                                | include-loop
            exists:%{d1}.test       | 1 1 1 NXDOMAIN                            | unresolvable-name
            a:four.%{d1r}.test      | 1 1 1 NXDOMAIN                            | unresolvable-name
            exists:%{D}.test        | 1 1 1 NXDOMAIN                        | unresolvable-name
            exists:%%.%{h}.test     | 1 1 1 depends on the client or sender     | ``
            a:%{h}                  | 1 1 1 depends on the client or sender     | allows-everyone
            ptr                     | 1 0 0 depends on the client's PTR records       | ptr
            include:good.test       | 1 0 0                                     | ``
            include:nobody.test     | 1 0 0 matches no client                      | empty-include
            -include:nobody.test    | 1 0 0                                     | ``
            include:none.test       | 1 0 0 no SPF record                       | unresolvable-include
            include:like.test       | 1 0 0 no SPF record                       | unresolvable-include
            include:gone.test       | 1 0 0 NXDOMAIN                        | unresolvable-include
            include:away.test       | 1 0 0 no response                           | dns-error
            include:twice.test      | 1 0 0 2 SPF records                       | multiple-records
            include:%{i}.good.test  | 1 0 0 depends on the client or sender: not followed | dynamic-include
            include:example.org     | 1 0 0 loop                                | include-loop
            """)
    void reportsCostOfEachTerm(String term, String cost, String code) {
        LintReport report = zone.lint("v=spf1 " + term + " -all");
        assertThat(children(report)).extracting(LintTreeTest::print).containsExactly(term + " " + cost);
        assertThat(codes(report)).containsExactlyElementsOf(code.isEmpty() ? List.of() : List.of(code));
        assertThat(report.complete()).isEqualTo(!code.equals("dns-error"));
    }

    @Test
    void findsTermThatMatchesCheckedDomainItself() {
        zone.text("example.org. 60 A 192.0.2.1");
        assertThat(codes(zone.lint("v=spf1 exists:%{o} -all"))).containsExactly("allows-everyone");
    }

    @Test
    void includedRecordMayReferToCheckedDomain() {
        zone.text("example.org.provider.test. 60 A 192.0.2.1");
        zone.txt("provider.test", "v=spf1 exists:%{o}.%{d} -all");
        LintReport report = zone.lint("v=spf1 include:provider.test -all");
        assertThat(codes(report)).containsExactly("allows-everyone");
    }

    @Test
    void recordsThatReceiversDoNotUseAreNotCalledEmpty() {
        zone.txt("both-empty.test", "v=spf1 -all");
        zone.txt("both-empty.test", "v=spf1 ?all");
        zone.txt("broken.test", "v=spf1 ip4:192.0.2.300 -all");
        assertThat(codes(zone.lint("v=spf1 include:both-empty.test -all"))).containsExactly("multiple-records");
        assertThat(codes(zone.lint("v=spf1 include:broken.test -all"))).doesNotContain("empty-include");
    }

    @Test
    void attributesLookupsToIncludingTerm() {
        zone.txt("own.example.org", "v=spf1 a:both.test -all");
        zone.txt("foreign.test", "v=spf1 include:own.example.org" + " a:both.test".repeat(9) + " -all");
        LintFinding finding = zone.lint("v=spf1 include:foreign.test -all").findings().stream()
                .filter(found -> found.rule() == LintRule.TOO_MANY_LOOKUPS)
                .findFirst()
                .orElseThrow();
        assertThat(place(finding)).isEqualTo("include:foreign.test");
        assertThat(finding.domain()).isEqualTo("example.org");
    }

    @Test
    void quotesThreeMxHostsAndCountsRest() {
        LintReport report = zone.lint("v=spf1 mx:five.test -all");
        assertThat(children(report).get(0).remark())
                .isEqualTo("four.test no AAAA; six.test no A; gone.test NXDOMAIN; and 2 more");
        assertThat(codes(report))
                .containsExactly(
                        "unresolvable-name", "unresolvable-name", "too-many-void-lookups", "too-many-void-lookups");
        assertThat(report.findings().subList(2, 4))
                .extracting(found -> found.reason().replaceAll(".*limit 2: |\\);.*", ""))
                .containsExactly(
                        "A of six.test, A of gone.test, A of none.test",
                        "AAAA of four.test, AAAA of gone.test, AAAA of four.test ...");
    }

    @ParameterizedTest
    @CsvSource({
        "include:gone.test, '\"gone.test\" does not exist; receivers return permerror'",
        "include:none.test, '\"none.test\" has no SPF record; receivers return permerror'",
        "include:like.test, '\"like.test\" has a TXT record that only resembles SPF; receivers return permerror'",
        "redirect=gone.test, '\"gone.test\" does not exist; receivers return permerror'",
        "a:gone.test, '\"gone.test\" does not exist; the term matches no client'",
        "a:none.test, '\"none.test\" has no address; the term matches no client'",
        "mx:gone.test, '\"gone.test\" does not exist; the term matches no client'",
        "mx:none.test, '\"none.test\" has no MX record; the term matches no client'",
        "mx:literal.test, 'an MX record points to the address 192.0.2.1; it must name a host'",
        "mx:lost.test, 'its MX host \"gone.test\" does not exist; the term matches no client'",
        "exists:none.test, '\"none.test\" has no A record; the term matches no client'",
        "exp=gone.test, '\"gone.test\" has no TXT record; receivers use their own explanation'",
        "exp=twice.test, '\"twice.test\" has 2 TXT records; receivers use their own explanation'",
    })
    void explainsUnresolvableTargets(String term, String reason) {
        LintReport report = zone.lint("v=spf1 " + term + (term.startsWith("redirect") ? "" : " -all"));
        assertThat(report.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.reason()).startsWith(reason));
    }

    @Test
    void neverQueriesInvalidNames() {
        String name = "x".repeat(64) + ".test";
        LintReport report = zone.lint("v=spf1 a:" + name + " include:" + name + " exp=" + name + " -all");
        assertThat(children(report))
                .extracting(node -> print(node).replaceAll("x{64}", "x"))
                .containsExactly(
                        "a:x.test 1 0 0 not a valid domain name: matches no client",
                        "include:x.test 1 0 0 not a valid domain name");
        assertThat(codes(report)).containsExactly("bad-name", "bad-name", "bad-name");
    }

    @ParameterizedTest
    @CsvSource({"10, false", "11, true"})
    void queriesTenMxHosts(int hosts, boolean tooMany) {
        for (int i = 0; i < hosts; i++) {
            zone.text("many.test. 60 MX " + i + " h" + i + ".many.test.\nh" + i + ".many.test. 60 A 192.0.2.1");
        }
        LintReport report = zone.lint("v=spf1 mx:many.test -all");
        assertThat(print(children(report).get(0))).startsWith("mx:many.test 1 0 10 ");
        assertThat(codes(report).contains("too-many-mx")).isEqualTo(tooMany);
    }

    @Test
    void namesTermsWithMostLookups() {
        zone.txt("five.lookups.test", "v=spf1 a:both.test a:both.test a:both.test a:both.test a:both.test -all");
        zone.txt("three.lookups.test", "v=spf1 a:both.test a:both.test a:both.test -all");
        LintReport nine = zone.lint("v=spf1 include:three.lookups.test mx:mail.test include:three.lookups.test -all");
        assertThat(nine.findings().stream().filter(found -> found.rule() == LintRule.LOOKUPS_NEAR_LIMIT))
                .extracting(LintFinding::fix)
                .containsExactly(
                        "reduce them; most lookups: include:three.lookups.test (4), include:three.lookups.test (4)");
        LintReport eleven = zone.linter()
                .lintDraft(
                        "draft.test", "v=spf1 a:both.test include:three.lookups.test include:five.lookups.test -all");
        assertThat(eleven.findings()).extracting(LintFinding::rule).containsExactly(LintRule.TOO_MANY_LOOKUPS);
        assertThat(eleven.findings().get(0).fix())
                .contains("most lookups: include:five.lookups.test (6), include:three.lookups.test (4). Or");
    }

    @Test
    void sumsCostsUpIncludePath() {
        zone.txt("one.test", "v=spf1 a:four.test include:two.test -all");
        zone.txt("two.test", "v=spf1 a:six.test mx:mail.test ip6:2001:db8::/48 redirect=good.test");
        LintReport report = zone.lint("v=spf1 a:both.test include:one.test -all");
        assertThat(print(report.tree().orElseThrow()))
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
    void queriesNothingAfterAll(String record, String codes) {
        LintReport report = zone.lint(record);
        assertThat(children(report)).isEmpty();
        assertThat(codes(report)).containsExactly(codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 +all, false",
        "v=spf1 ~all, true",
        "v=spf1 ip4:192.0.2.1 ?all, false",
        "v=spf1 ip6:2001:db8::1, false",
        "v=spf1 a:both.test, false",
        "v=spf1 -a:both.test, true",
        "v=spf1 -a:both.test ip4:192.0.2.1, false",
        "v=spf1 exists:%{i}.both.test, false",
        "v=spf1 ?exists:%{i}.both.test, true",
        "v=spf1 exists:gone.test, true",
        "v=spf1 exists:both.test, false",
        "v=spf1 ptr, false",
        "v=spf1 a:away.test, false",
        "v=spf1 include:good.test, false",
        "v=spf1 ~include:good.test, true",
        "v=spf1 include:%{i}.good.test, false",
        "v=spf1 redirect=good.test, false",
        "v=spf1 redirect=nobody.test, true",
    })
    void reportsIncludeWithoutPassAsEmpty(String record, boolean empty) {
        zone.txt("below.test", record);
        assertThat(codes(zone.lint("v=spf1 include:below.test -all")).contains("empty-include"))
                .isEqualTo(empty);
    }

    @Test
    void acceptsRedirectToRejectingRecord() {
        assertThat(codes(zone.lint("v=spf1 redirect=nobody.test"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // an authorized client of that family follows after the limit, or none does
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
    void rejectsVoidLimitBeforeAuthorizedClients(String record, Severity severity) {
        for (String host : List.of("a", "b", "c")) {
            zone.text(host + ".four.test. 60 A 192.0.2.4");
        }
        zone.txt("six.record.test", "v=spf1 ip6:2001:db8::/48 -all");
        LintFinding finding = zone.lint(record).findings().stream()
                .filter(found -> found.rule() == LintRule.TOO_MANY_VOID_LOOKUPS)
                .findFirst()
                .orElseThrow();
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.reason())
                .contains(
                        severity == Severity.ERROR
                                ? "IPv6 clients that match no earlier term get permerror, including authorized ones"
                                : "other IPv6 clients get permerror")
                .doesNotContain("IPv4", "...");
    }

    @Test
    void reportsDuplicateIncludeOnce() {
        zone.txt("own.example.org", "v=spf1 ip4:192.0.2.1/24 ?all");
        zone.txt("one.test", "v=spf1 include:own.example.org -all");
        LintReport again = zone.linter()
                .lintDraft("example.org", "v=spf1 include:own.example.org include:one.test ?include:one.test -all");
        assertThat(again.findings())
                .extracting(found -> found.rule().code() + " " + found.domain() + " " + place(found))
                .containsExactly(
                        "host-bits own.example.org ip4:192.0.2.1/24",
                        "duplicate-include example.org include:one.test",
                        "duplicate-include example.org ?include:one.test",
                        "neutral-all own.example.org ?all");
    }

    @Test
    void reportsIncludedMultipleRecordsOnce() {
        zone.txt("one.test", "v=spf1 include:twice.test -all");
        assertThat(codes(zone.lint("v=spf1 include:twice.test include:one.test -all")))
                .containsExactly("multiple-records", "duplicate-include");
    }

    @Test
    void stopsFollowingAfterFiftyLookups() {
        for (int i = 0; i < 60; i++) {
            zone.txt("i" + i + ".test", "v=spf1 include:i" + (i + 1) + ".test -all");
        }
        LookupCost node = zone.linter().lint("i0.test").tree().orElseThrow();
        assertThat(node.lookups()).isEqualTo(51);
        int depth = 0;
        for (; !node.children().isEmpty(); node = node.children().get(0)) {
            depth++;
        }
        assertThat(depth).isEqualTo(51);
        assertThat(node.term()).isEqualTo("include:i51.test");
        assertThat(node.remark()).isEqualTo("not followed");
    }
}
