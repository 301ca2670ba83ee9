package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.syntax.Span;

/** What is found with the help of the DNS: the whole tree, its worst case, and dead ends. */
class SpfLinterTest {

    private final ZoneDnsClient.Builder zone = ZoneDnsClient.builder();

    @Test
    void aSoundTreeIsCleanAndCounted() {
        host("mail.example.org");
        txt("example.org", "v=spf1 a:mail.example.org include:spf.example.net -all");
        txt("spf.example.net", "v=spf1 ip4:192.0.2.0/24 -all");
        LintReport report = lint();
        assertThat(report.findings()).isEmpty();
        assertThat(report.complete()).isTrue();
        LintNode tree = Objects.requireNonNull(report.tree());
        assertThat(tree.lookups()).isEqualTo(2);
        assertThat(tree.voidsIp4()).isZero();
        assertThat(tree.voidsIp6()).isZero();
        assertThat(tree.children())
                .extracting(LintNode::term)
                .containsExactly("a:mail.example.org", "include:spf.example.net");
    }

    @Test
    void noRecordAndNoDomainAreErrors() {
        zone.text("example.org. 60 A 192.0.2.1");
        assertThat(codes()).containsExactly("no-record");
        assertThat(SpfLinter.over(zone.build())
                        .lint("absent.example")
                        .findings()
                        .get(0)
                        .reason())
                .isEqualTo("there is no such domain");
    }

    @Test
    void aLookAlikeIsAnErrorAloneAndAWarningBesideARecord() {
        txt("example.org", "v=spf1; -all");
        assertThat(lint().findings()).extracting(LintFinding::severity).containsExactly(Severity.ERROR);
        txt("example.org", "v=spf1 -all");
        assertThat(lint().findings()).extracting(LintFinding::severity).containsExactly(Severity.WARNING);
    }

    @Test
    void severalRecordsAreJoinedInTheFix() {
        txt("example.org", "v=spf1 ip4:192.0.2.1 -all");
        txt("example.org", "v=spf1 ip4:192.0.2.2 ip4:192.0.2.1 ~all");
        LintFinding finding = only("several-records");
        assertThat(finding.fix()).contains("\"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all\"");
    }

    @Test
    void theEleventhLookupIsPointedAt() {
        StringBuilder terms = new StringBuilder("v=spf1");
        for (int i = 0; i < 12; i++) {
            host("h" + i + ".example.org");
            terms.append(" a:h").append(i).append(".example.org");
        }
        txt("example.org", terms + " -all");
        LintFinding finding = only("too-many-lookups");
        assertThat(place(finding)).isEqualTo("a:h10.example.org");
        assertThat(finding.reason()).contains("all of them are 12");
    }

    @Test
    void lookupsBelowAnIncludeAreBlamedOnTheOwnersTerm() {
        StringBuilder terms = new StringBuilder("v=spf1");
        for (int i = 0; i < 10; i++) {
            host("h" + i + ".example.net");
            terms.append(" a:h").append(i).append(".example.net");
        }
        txt("example.org", "v=spf1 include:spf.example.net -all");
        txt("spf.example.net", terms + " -all");
        assertThat(place(only("too-many-lookups"))).isEqualTo("include:spf.example.net");
    }

    @Test
    void nineLookupsAreNearTheLimit() {
        StringBuilder terms = new StringBuilder("v=spf1");
        for (int i = 0; i < 9; i++) {
            host("h" + i + ".example.org");
            terms.append(" a:h").append(i).append(".example.org");
        }
        txt("example.org", terms + " -all");
        assertThat(codes()).containsExactly("lookups-near-limit");
    }

    @Test
    void hostsWithoutIp6BreakTheVoidLimitForIp6ClientsOnly() {
        for (String host : List.of("a", "b", "c")) {
            zone.text(host + ".example.org. 60 A 192.0.2.1");
        }
        txt("example.org", "v=spf1 a:a.example.org a:b.example.org a:c.example.org -all");
        LintFinding stranger = only("too-many-voids");
        assertThat(stranger.severity()).isEqualTo(Severity.WARNING);
        assertThat(stranger.reason()).contains("IPv6");
        assertThat(place(stranger)).isEqualTo("a:c.example.org");
        LintNode tree = Objects.requireNonNull(lint().tree());
        assertThat(tree.voidsIp4()).isZero();
        assertThat(tree.voidsIp6()).isEqualTo(3);
    }

    @Test
    void aBrokenVoidLimitIsAnErrorWhereAuthorisedClientsStandBehindIt() {
        zone.text("example.org. 60 MX 10 a.example.org.\nexample.org. 60 MX 20 b.example.org.");
        for (String host : List.of("a", "b", "c")) {
            zone.text(host + ".example.org. 60 A 192.0.2.1");
        }
        txt("example.org", "v=spf1 mx a:c.example.org ip6:2001:db8::/48 -all");
        LintFinding finding = only("too-many-voids");
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.reason()).contains("AAAA of a.example.org, AAAA of b.example.org, AAAA of c.example.org");
    }

    @Test
    void deadNamesAndIncludesAreFound() {
        txt("example.org", "v=spf1 a:gone.example.org mx:gone.example.org include:gone.example.net -all");
        assertThat(codes()).containsExactly("dead-include", "dead-name", "dead-name");
    }

    @Test
    void aBlankThatIsMissingInFrontOfAllIsGuessedFromTheName() {
        txt("example.org", "v=spf1 include:spf.example.net-all -all");
        assertThat(only("dead-include").fix()).isEqualTo("a blank is missing in front of \"-all\"");
    }

    @Test
    void loopsAreFoundAndEnd() {
        txt("example.org", "v=spf1 include:spf.example.net -all");
        txt("spf.example.net", "v=spf1 ip4:192.0.2.1 include:example.org -all");
        LintFinding finding = only("loop");
        assertThat(finding.path()).containsExactly("example.org", "spf.example.net");
        txt("self.example", "v=spf1 redirect=self.example");
        assertThat(SpfLinter.over(zone.build()).lint("self.example").findings())
                .extracting(found -> found.rule().code())
                .containsExactly("loop");
    }

    @Test
    void aTreeWithoutEndIsFollowedToABound() {
        for (int i = 0; i < 200; i++) {
            txt("i" + i + ".example.org", "v=spf1 include:i" + (i + 1) + ".example.org -all");
        }
        LintReport report = SpfLinter.over(zone.build()).lint("i0.example.org");
        assertThat(Objects.requireNonNull(report.tree()).lookups()).isEqualTo(TreeWalk.FOLLOWED_LOOKUPS + 1);
    }

    @Test
    void mistakesInForeignRecordsAreToldOnlyWhereTheyBreakMail() {
        txt("example.org", "v=spf1 include:spf.example.net -all");
        txt("spf.example.net", "v=spf1 ip4:192.0.2.1/24 ip4=192.0.2.7 ptr ?all");
        LintFinding finding = only("wrong-separator");
        assertThat(finding.domain()).isEqualTo("spf.example.net");
    }

    @Test
    void anIncludeOfNobodyAndOneThatComesTwiceAreFound() {
        txt("example.org", "v=spf1 include:a.example.net include:b.example.net include:none.example.net -all");
        txt("a.example.net", "v=spf1 include:c.example.net -all");
        txt("b.example.net", "v=spf1 include:c.example.net -all");
        txt("c.example.net", "v=spf1 ip4:192.0.2.1 -all");
        txt("none.example.net", "v=spf1 -all");
        List<LintFinding> findings = lint().findings();
        assertThat(findings)
                .extracting(found -> found.rule().code())
                .containsExactly("included-twice", "empty-include");
        assertThat(place(findings.get(0))).isEqualTo("include:b.example.net");
        assertThat(place(findings.get(1))).isEqualTo("include:none.example.net");
    }

    @Test
    void aTargetThatDependsOnTheClientIsNotedAndTheDomainsOwnNameFollowed() {
        txt("example.org", "v=spf1 include:%{d}.spf.example.net include:%{ir}.example.net -all");
        txt("example.org.spf.example.net", "v=spf1 ip4:192.0.2.1 -all");
        assertThat(place(only("unknown-target"))).isEqualTo("include:%{ir}.example.net");
    }

    @Test
    void anEndWithoutAllIsFoundThroughRedirects() {
        txt("example.org", "v=spf1 redirect=spf.example.org");
        txt("spf.example.org", "v=spf1 ip4:192.0.2.1");
        assertThat(only("no-all").domain()).isEqualTo("spf.example.org");
    }

    @Test
    void moreThanTenMailExchangersAreAnError() {
        for (int i = 0; i < 11; i++) {
            zone.text("example.org. 60 MX 10 h" + i + ".example.org.");
            host("h" + i + ".example.org");
        }
        txt("example.org", "v=spf1 mx -all");
        assertThat(codes()).containsExactly("too-many-mx");
    }

    @Test
    void anExplanationThatCannotBeUsedIsFound() {
        txt("example.org", "v=spf1 exp=why.example.org -all");
        assertThat(codes()).containsExactly("dead-explanation");
        txt("why.example.org", "%{x} is no macro");
        assertThat(only("dead-explanation").reason()).contains("cannot be used");
    }

    @Test
    void silenceOfTheDnsIsToldAndLeavesTheReportIncomplete() {
        zone.trouble(DomainNames.of("example.org"), Cause.SERVER_FAILURE);
        LintReport report = lint();
        assertThat(report.complete()).isFalse();
        assertThat(report.findings()).extracting(found -> found.rule().code()).containsExactly("no-answer");
        txt("other.example", "v=spf1 include:example.org a:example.org -all");
        LintReport below = SpfLinter.over(zone.build()).lint("other.example");
        assertThat(below.complete()).isFalse();
        assertThat(below.findings()).extracting(found -> found.rule().code()).containsExactly("no-answer", "no-answer");
    }

    @Test
    void stringsThatMeetWithoutABlankAreBlamed() {
        zone.text("example.org. 60 TXT \"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2 -all\"");
        LintFinding finding = only("missing-blank");
        assertThat(finding.reason()).contains("a new string of the TXT record starts here");
        assertThat(finding.span()).isEqualTo(new Span(20, 21));
    }

    @Test
    void aDraftTakesThePlaceOfThePublishedRecord() {
        txt("example.org", "v=spf1 +all");
        LintReport report = SpfLinter.over(zone.build()).lintDraft("example.org", "v=spf1 -all");
        assertThat(report.findings()).isEmpty();
        assertThat(report.records()).containsExactly("v=spf1 -all");
    }

    @Test
    void whatIsNoDomainNameIsTheCallersMistake() {
        SpfLinter linter = SpfLinter.over(zone.build());
        assertThatIllegalArgumentException().isThrownBy(() -> linter.lint("a..b"));
    }

    @Test
    void theGuideNamesEveryRule() throws IOException {
        String guide = Files.readString(Path.of("../docs/spf.md"));
        for (LintRule rule : LintRule.values()) {
            assertThat(guide).contains("`" + rule.code() + "`");
        }
    }

    private void host(String name) {
        zone.text(name + ". 60 A 192.0.2.1\n" + name + ". 60 AAAA 2001:db8::1");
    }

    private void txt(String name, String text) {
        zone.text(name + ". 60 TXT \"" + text.replace(";", "\\;") + "\"");
    }

    private LintReport lint() {
        return SpfLinter.over(zone.build()).lint("example.org");
    }

    private List<String> codes() {
        return lint().findings().stream().map(found -> found.rule().code()).toList();
    }

    private LintFinding only(String code) {
        List<LintFinding> findings = lint().findings();
        assertThat(findings).extracting(found -> found.rule().code()).containsExactly(code);
        return findings.get(0);
    }

    private static String place(LintFinding finding) {
        Span span = Objects.requireNonNull(finding.span());
        return span.of(finding.record());
    }
}
