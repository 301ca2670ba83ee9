package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.spf.lint.LintZone.codes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The queries of one run of the linter. */
class LintQueriesTest {

    private final LintZone zone = new LintZone();

    @ParameterizedTest
    @CsvSource({
        "v=spf1 exp=text.test -all, false",
        "v=spf1 exp=gone.test -all, true",
        "v=spf1 exp=both.test -all, true",
        "v=spf1 exp=twice.test -all, true",
        "v=spf1 exp=percent.test -all, true",
        "v=spf1 exp=away.test -all, false",
        "v=spf1 exp=%{i}.gone.test -all, false",
        "v=spf1 redirect=below.example.org, true",
        // an explanation of an included record is never used; of another operator, only errors are reported
        "v=spf1 include:below.example.org -all, false",
        "v=spf1 redirect=below.test, false",
    })
    void checksExplanationOfDecidingRecord(String record, boolean dead) {
        zone.txt("text.test", "Not from here.");
        zone.txt("percent.test", "%(x)");
        zone.txt("below.example.org", "v=spf1 ip4:192.0.2.1 exp=gone.test -all");
        zone.txt("below.test", "v=spf1 ip4:192.0.2.1 exp=gone.test -all");
        assertThat(codes(zone.lint(record))).containsExactlyElementsOf(dead ? List.of("unresolvable-exp") : List.of());
    }

    @Test
    void sendsQueriesOfRecordTogetherAndOnce() {
        List<String> log = new ArrayList<>();
        zone.txt(
                "example.org",
                "v=spf1 ip4:192.0.2.1 a:both.test mx:mail.test exists:%{d}.test ptr:both.test a:both.test a:%{i}.test"
                        + " include:good.test exp=none.test redirect=nobody.test");
        DnsClient dns = zone.dns();
        // Not by of(...), whose guard would not pass on that an answer is waited for.
        new SpfLinter((name, type) -> asked(log, name, type, dns)).lint("example.org");
        assertThat(log)
                .containsExactly(
                        "ask example.org TXT",
                        "ask example.org SPF",
                        "wait for example.org TXT",
                        "wait for example.org SPF",
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
                        // and those of all its MX hosts
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

    /** An answer that records when it is waited for. */
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
    void sendsThousandQueriesAtMost() {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < 1010; i++) {
            record.append(" exists:h").append(i).append(".test");
        }
        List<String> asked = new ArrayList<>();
        DnsClient dns = zone.dns();
        LintReport report = SpfLinter.of((name, type) -> {
                    asked.add(name.toString());
                    return dns.query(name, type);
                })
                .lintDraft("example.org", record + " -all");
        // The draft is the answer to the first.
        assertThat(asked).hasSize(SpfLinter.MAX_QUESTIONS - 1);
        assertThat(report.complete()).isFalse();
        assertThat(report.findings().stream().filter(found -> found.rule() == LintRule.DNS_ERROR))
                .hasSize(12)
                .allMatch(found -> found.reason().contains("needs more than 1000 queries"));
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 254, 255, 256, 510, 511, 700})
    void readsDraftOfAnyLength(int length) {
        String start = "v=spf1 a:";
        String end = "both.test";
        String record =
                length == 11 ? "v=spf1 ?all" : start + "x.".repeat(length).substring(0, length - 18) + end;
        LintReport report = zone.linter().lintDraft("example.org", record);
        assertThat(report.records()).containsExactly(record);
    }

    @Test
    void measuresAllTxtRecordsTogether() {
        for (int i = 0; i < 5; i++) {
            zone.txt("example.org", i + "x".repeat(240));
        }
        LintReport report = zone.lint("v=spf1 -all");
        assertThat(codes(report)).containsExactly("answer-size");
        assertThat(report.findings().get(0).reason()).contains("the 6 TXT records");
    }

    @Test
    void checksEachOfSeveralRecords() {
        zone.txt("example.org", "v=spf1 ip4:192.0.2.1 -all");
        LintReport report = zone.lint("v=spf1 ipv4:192.0.2.2 -all");
        assertThat(codes(report)).containsExactly("multiple-records", "misspelled-term");
    }

    @Test
    void separatesMissingRecordFromMissingName() {
        SpfLinter linter = zone.linter();
        assertThat(linter.lint("none.test").findings().get(0).fix()).contains("v=spf1 -all");
        assertThat(linter.lint("gone.test").findings().get(0).fix()).isEqualTo("check the spelling");
        assertThat(SpfLinter.lintText("example.org", "no record"))
                .extracting(LintFinding::rule)
                .containsExactly(LintRule.NO_RECORD);
    }

    @Test
    void keepsPercentSignInName() {
        List<String> asked = new ArrayList<>();
        SpfLinter.of((name, type) -> {
                    asked.add(name.toString());
                    return zone.dns().query(name, type);
                })
                .lintDraft("example.org", "v=spf1 exists:x%%y%-z.test -all");
        assertThat(asked).containsExactly("example.org.", "x%y%20z.test.");
    }
}
