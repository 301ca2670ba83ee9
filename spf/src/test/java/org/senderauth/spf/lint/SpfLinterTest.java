package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.syntax.Span;

/** What is found with the help of the DNS: the whole tree, its worst case, and dead ends. */
class SpfLinterTest {

    private final ZoneDnsClient.Builder zone = ZoneDnsClient.builder();

    @Test
    void findsNothingInValidTree() {
        host("mail.example.org");
        txt("example.org", "v=spf1 a:mail.example.org include:spf.example.net -all");
        txt("spf.example.net", "v=spf1 ip4:192.0.2.0/24 -all");
        LintReport report = lint();
        assertThat(report.findings()).isEmpty();
        assertThat(report.complete()).isTrue();
        LookupCost tree = report.tree().orElseThrow();
        assertThat(tree.lookups()).isEqualTo(2);
        assertThat(tree.voidsIp4()).isZero();
        assertThat(tree.voidsIp6()).isZero();
        assertThat(tree.children())
                .extracting(LookupCost::term)
                .containsExactly("a:mail.example.org", "include:spf.example.net");
    }

    @Test
    void reportsMissingRecordAndDomain() {
        zone.text("example.org. 60 A 192.0.2.1");
        assertThat(codes()).containsExactly("no-record");
        assertThat(SpfLinter.of(zone.build())
                        .lint("absent.example")
                        .findings()
                        .get(0)
                        .reason())
                .isEqualTo("domain not found");
    }

    @Test
    void reportsIgnoredRecordByWhetherAlone() {
        txt("example.org", "v=spf1; -all");
        assertThat(lint().findings()).extracting(LintFinding::severity).containsExactly(Severity.ERROR);
        txt("example.org", "v=spf1 -all");
        assertThat(lint().findings()).extracting(LintFinding::severity).containsExactly(Severity.WARNING);
    }

    @Test
    void mergesRecordsInFix() {
        txt("example.org", "v=spf1 ip4:192.0.2.1 -all");
        txt("example.org", "v=spf1 ip4:192.0.2.2 ip4:192.0.2.1 ~all");
        LintFinding finding = only("multiple-records");
        assertThat(finding.fix()).contains("\"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all\"");
    }

    @Test
    void marksEleventhLookup() {
        StringBuilder terms = new StringBuilder("v=spf1");
        for (int i = 0; i < 12; i++) {
            host("h" + i + ".example.org");
            terms.append(" a:h").append(i).append(".example.org");
        }
        txt("example.org", terms + " -all");
        LintFinding finding = only("too-many-lookups");
        assertThat(place(finding)).isEqualTo("a:h10.example.org");
        assertThat(finding.reason()).contains("the 11th DNS lookup happens here (12 in total, limit 10)");
    }

    @Test
    void attributesIncludedLookupsToOwnTerm() {
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
    void reportsNineLookupsAsNearLimit() {
        StringBuilder terms = new StringBuilder("v=spf1");
        for (int i = 0; i < 9; i++) {
            host("h" + i + ".example.org");
            terms.append(" a:h").append(i).append(".example.org");
        }
        txt("example.org", terms + " -all");
        assertThat(codes()).containsExactly("lookups-near-limit");
    }

    @Test
    void countsVoidLookupsPerFamily() {
        for (String host : List.of("a", "b", "c")) {
            zone.text(host + ".example.org. 60 A 192.0.2.1");
        }
        txt("example.org", "v=spf1 a:a.example.org a:b.example.org a:c.example.org -all");
        LintFinding other = only("too-many-void-lookups");
        assertThat(other.severity()).isEqualTo(Severity.WARNING);
        assertThat(other.reason()).contains("IPv6");
        assertThat(place(other)).isEqualTo("a:c.example.org");
        LookupCost tree = lint().tree().orElseThrow();
        assertThat(tree.voidsIp4()).isZero();
        assertThat(tree.voidsIp6()).isEqualTo(3);
    }

    @Test
    void voidLimitIsErrorIfAuthorizedClientsFollow() {
        zone.text("example.org. 60 MX 10 a.example.org.\nexample.org. 60 MX 20 b.example.org.");
        for (String host : List.of("a", "b", "c")) {
            zone.text(host + ".example.org. 60 A 192.0.2.1");
        }
        txt("example.org", "v=spf1 mx a:c.example.org ip6:2001:db8::/48 -all");
        LintFinding finding = only("too-many-void-lookups");
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.reason()).contains("AAAA of a.example.org, AAAA of b.example.org, AAAA of c.example.org");
    }

    @Test
    void reportsUnresolvableNamesAndIncludes() {
        txt("example.org", "v=spf1 a:gone.example.org mx:gone.example.org include:gone.example.net -all");
        assertThat(codes()).containsExactly("unresolvable-include", "unresolvable-name", "unresolvable-name");
    }

    @Test
    void suggestsSpaceBeforeAll() {
        txt("example.org", "v=spf1 include:spf.example.net-all -all");
        assertThat(only("unresolvable-include").fix()).isEqualTo("insert a space before \"-all\"");
    }

    @Test
    void reportsLoopsOnce() {
        txt("example.org", "v=spf1 include:spf.example.net -all");
        txt("spf.example.net", "v=spf1 ip4:192.0.2.1 include:example.org -all");
        LintFinding finding = only("include-loop");
        assertThat(finding.path()).containsExactly("example.org", "spf.example.net");
        txt("self.example", "v=spf1 redirect=self.example");
        assertThat(SpfLinter.of(zone.build()).lint("self.example").findings())
                .extracting(found -> found.rule().code())
                .containsExactly("include-loop");
    }

    @Test
    void followsEndlessTreeUpToBound() {
        for (int i = 0; i < 200; i++) {
            txt("i" + i + ".example.org", "v=spf1 include:i" + (i + 1) + ".example.org -all");
        }
        LintReport report = SpfLinter.of(zone.build()).lint("i0.example.org");
        assertThat(report.tree().orElseThrow().lookups()).isEqualTo(IncludeTreeWalker.FOLLOWED_LOOKUPS + 1);
    }

    @Test
    void reportsOnlyErrorsOfOtherDomains() {
        txt("example.org", "v=spf1 include:spf.example.net -all");
        txt("spf.example.net", "v=spf1 ip4:192.0.2.1/24 ip4=192.0.2.7 ptr ?all");
        LintFinding finding = only("wrong-separator");
        assertThat(finding.domain()).isEqualTo("spf.example.net");
    }

    @Test
    void reportsEmptyAndDuplicateIncludes() {
        txt("example.org", "v=spf1 include:a.example.net include:b.example.net include:none.example.net -all");
        txt("a.example.net", "v=spf1 include:c.example.net -all");
        txt("b.example.net", "v=spf1 include:c.example.net -all");
        txt("c.example.net", "v=spf1 ip4:192.0.2.1 -all");
        txt("none.example.net", "v=spf1 -all");
        List<LintFinding> findings = lint().findings();
        assertThat(findings)
                .extracting(found -> found.rule().code())
                .containsExactly("duplicate-include", "empty-include");
        assertThat(place(findings.get(0))).isEqualTo("include:b.example.net");
        assertThat(place(findings.get(1))).isEqualTo("include:none.example.net");
    }

    @Test
    void followsDomainMacroAndNotesOthers() {
        txt("example.org", "v=spf1 include:%{d}.spf.example.net include:%{ir}.example.net -all");
        txt("example.org.spf.example.net", "v=spf1 ip4:192.0.2.1 -all");
        assertThat(place(only("dynamic-include"))).isEqualTo("include:%{ir}.example.net");
    }

    @Test
    void findsMissingAllThroughRedirect() {
        txt("example.org", "v=spf1 redirect=spf.example.org");
        txt("spf.example.org", "v=spf1 ip4:192.0.2.1");
        assertThat(only("no-all").domain()).isEqualTo("spf.example.org");
    }

    @Test
    void rejectsMoreThanTenMxHosts() {
        for (int i = 0; i < 11; i++) {
            zone.text("example.org. 60 MX 10 h" + i + ".example.org.");
            host("h" + i + ".example.org");
        }
        txt("example.org", "v=spf1 mx -all");
        assertThat(codes()).containsExactly("too-many-mx");
    }

    @Test
    void reportsUnusableExplanation() {
        txt("example.org", "v=spf1 exp=why.example.org -all");
        assertThat(codes()).containsExactly("unresolvable-exp");
        txt("why.example.org", "%{x} is no macro");
        assertThat(only("unresolvable-exp").reason()).contains("is unusable");
    }

    @Test
    void reportsDnsFailureAsIncomplete() {
        zone.trouble(DomainNames.of("example.org"), Cause.SERVER_FAILURE);
        LintReport report = lint();
        assertThat(report.complete()).isFalse();
        assertThat(report.findings()).extracting(found -> found.rule().code()).containsExactly("dns-error");
        txt("other.example", "v=spf1 include:example.org a:example.org -all");
        LintReport below = SpfLinter.of(zone.build()).lint("other.example");
        assertThat(below.complete()).isFalse();
        assertThat(below.findings()).extracting(found -> found.rule().code()).containsExactly("dns-error", "dns-error");
    }

    @Test
    void reportsMissingSpaceAtStringBorder() {
        zone.text("example.org. 60 TXT \"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2 -all\"");
        LintFinding finding = only("missing-space");
        assertThat(finding.reason()).contains("a new string of the TXT record starts here");
        assertThat(finding.span()).hasValue(new Span(20, 21));
    }

    @Test
    void lintsDraftInsteadOfPublishedRecord() {
        txt("example.org", "v=spf1 +all");
        LintReport report = SpfLinter.of(zone.build()).lintDraft("example.org", "v=spf1 -all");
        assertThat(report.findings()).isEmpty();
        assertThat(report.records()).containsExactly("v=spf1 -all");
    }

    @Test
    void throwsOnInvalidDomainName() {
        SpfLinter linter = SpfLinter.of(zone.build());
        assertThatIllegalArgumentException().isThrownBy(() -> linter.lint("a..b"));
    }

    @Test
    void documentsEveryRule() throws IOException {
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
        return SpfLinter.of(zone.build()).lint("example.org");
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
        Span span = finding.span().orElseThrow();
        return span.of(finding.record());
    }

    @Test
    void nullDomainNamesTheParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> new LintZone().linter().lint(null))
                .withMessage("domain");
    }
}
