package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.ZoneDnsClient;

/** Suggestions for invalid terms: rare mistakes, and terms too unlike any other. */
class TermLintTest {

    private static LintFinding only(String record) {
        List<LintFinding> found = SpfLinter.lintText("example.org", record);
        assertThat(found).as(record).hasSize(1);
        return found.get(0);
    }

    private static String placeOf(LintFinding finding) {
        return finding.span().orElseThrow().of(finding.record());
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "include:include:%{ir}._spf.example.org | doubled-prefix | include:%{ir}._spf.example.org"
                        + " | write \"include:%{ir}._spf.example.org\"",
                "exists:%{i}.a.example.org,%{i}.b.example.org | bad-name"
                        + " | %{i}.a.example.org,%{i}.b.example.org"
                        + " | write \"exists:%{i}.a.example.org exists:%{i}.b.example.org\"",
                "a:mail.example.org:25/24 | bad-name | :25/24 | write \"a:mail.example.org/24\"",
                "ip4:192.0.2.1-192.0.2.4 | bad-address | 192.0.2.1-192.0.2.4"
                        + " | write \"ip4:192.0.2.1 ip4:192.0.2.2/31 ip4:192.0.2.4\"",
                "~ip4:192.0.2.0-255 | bad-address | 192.0.2.0-255 | write \"~ip4:192.0.2.0/24\"",
                "ip6:2001:db8::-2001:db8::1 | bad-address | 2001:db8::-2001:db8::1" + " | write \"ip6:2001:db8::/127\"",
                "ip4:192.0.2.9-192.0.2.1 | bad-address | 192.0.2.9-192.0.2.1" + " | write the networks of this range",
                "ip4:0.0.0.0-255.255.255.255 | bad-address | 0.0.0.0-255.255.255.255"
                        + " | write the networks of this range",
                "ip4:192.0.2.* | bad-address | 192.0.2.* | write \"ip4:192.0.2.0/24\"",
                "ip4: | bad-address | ip4: | write it after the colon, or remove the term",
                "ip4::192.0.2.1 | doubled-prefix | :192.0.2.1 | write \"ip4:192.0.2.1\"",
                "-ip4:ip6:2001:db8::1 | doubled-prefix | ip6:2001:db8::1 | write \"-ip6:2001:db8::1\"",
                "ip4:192.0.2.256 | bad-address | 192.0.2.256 | write the whole address, as in \"ip4:192.0.2.0/24\"",
                "-ip6:2001:db8::/129 | bad-address | 2001:db8::/129"
                        + " | write the whole address, as in \"-ip6:2001:db8::/32\"",
                "ip4:192.0.2.1,x | bad-address | 192.0.2.1,x | write one term for each network",
                "ip4:192.0.2.1;-ip4:192.0.2.2 | bad-address | 192.0.2.1;-ip4:192.0.2.2"
                        + " | write \"ip4:192.0.2.1 -ip4:192.0.2.2\"",
                "ip4:192.0.2.0/255.255.256.0 | bad-address | 192.0.2.0/255.255.256.0"
                        + " | write the whole address, as in \"ip4:192.0.2.0/24\"",
                "ip4:192.0.2.0/255.0.255.0 | bad-address | 192.0.2.0/255.0.255.0"
                        + " | write the whole address, as in \"ip4:192.0.2.0/24\"",
                "ip4:192.000.002.010/24 | bad-address | 192.000.002.010/24 | write \"ip4:192.0.2.10/24\"",
                "ip4:mail.example.org | bad-address | mail.example.org | write \"a:mail.example.org\"",
                "~ip4:mail.example.org | bad-address | mail.example.org | write \"~a:mail.example.org\"",
                "include: | bad-name | include: | write it after the \"include:\", or remove the term",
                "redirect= | bad-name | redirect= | write it after the \"redirect=\", or remove the term",
                "redirect=mail | single-label | mail | write the full name, as in \"redirect=mail.example.org\"",
                "a:alice@example.org | bad-name | alice@example.org | write the domain that sends the mail",
                "a::mail.example.org | doubled-prefix | :mail.example.org | write \"a:mail.example.org\"",
                "include:/a.example.org | doubled-prefix | /a.example.org | write \"include:a.example.org\"",
                "a:mail:example.org | doubled-prefix | mail:example.org | write \"a:mail.example.org\"",
                "mail.example.org | bare-value | mail.example.org | write \"include:mail.example.org\" for the senders"
                        + " of its SPF record, or \"a:mail.example.org\" for its own addresses",
                "google-site-verification:abc | unrelated-token | google-site-verification:abc"
                        + " | move it to its own TXT record",
                ", | stray-punctuation | , | remove it",
                "ip5:192.0.2.1 | misspelled-term | ip5 | write \"ip4:192.0.2.1\"",
                "inculd:a.example.org | misspelled-term | inculd | write \"include:a.example.org\"",
                "exist:%{i}.example.org | misspelled-term | exist | write \"exists:%{i}.example.org\"",
                "rdirect:a.example.org | misspelled-term | rdirect | write \"redirect=a.example.org\"",
                "mxx | misspelled-term | mxx | write \"mx\"",
                "?pt | misspelled-term | pt | write \"?ptr\"",
            })
    void suggestsFixOfRareMistakes(String term, String code, String place, String fix) {
        LintFinding finding = only("v=spf1 " + term + (term.startsWith("redirect") ? "" : " -all"));
        assertThat(finding.rule().code()).isEqualTo(code);
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(placeOf(finding)).isEqualTo(place);
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // three slips in a long word, two in a short one
                "icnlu:a.example.org",
                "ipx9:192.0.2.1",
                "mxyz",
                "averyveryverylongwordofakind:a.example.org",
                "\"default=x\"",
                "mx/33",
            })
    void suggestsNothingForUnlikeTerms(String term) {
        assertThat(only("v=spf1 " + term + " -all").rule()).isEqualTo(LintRule.SYNTAX);
    }

    @Test
    void separatesTextAfterAll() {
        LintFinding finding = only("v=spf1 mx -allgoogle-site-verification=abc");
        assertThat(finding.rule()).isEqualTo(LintRule.MISSING_SPACE);
        assertThat(placeOf(finding)).isEqualTo("google-site-verification=abc");
        assertThat(finding.fix()).startsWith("end the record with \"-all\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 mx -all mx | term-after-all | remove it; only terms before \"-all\" count",
                "v=spf1 mx -all ~all | term-after-all | remove it; only terms before \"-all\" count",
                "v=spf1 redirect=a.example.org mx | modifier-order | move it to the end of the record",
                "v=spf1 a/0 -all | allows-everyone | remove the prefix length, or write that of the network that sends mail",
                "v=spf1 mx//0 -all | allows-everyone | remove the prefix length, or write that of the network that sends mail",
                "v=spf1 mx +MX -all | duplicate-term | remove it",
                "v=spf1 a:%{h} -all | allows-everyone | end the name with a domain of your own, as in \"exists:%{i}._spf.example.org\"",
                "v=spf1 exists:%{i}.%{h} -all | allows-everyone | end the name with a domain of your own, as in \"exists:%{i}._spf.example.org\"",
                "v=spf1 mx redirect=x.example.org -all | redirect-beside-all | remove it; \"-all\" decides",
                "v=spf1 exists:%{p}._spf.example.org -all | p-macro | use %{i}",
                "v=spf1 exp=a.example.org exp=b.example.org -all | syntax | keep one of them",
                "v=spf1 exists:%{x}.example.org -all | syntax | write \"%%\" for a percent sign, or correct the macro",
            })
    void suggestsFixForEachMistake(String record, String code, String fix) {
        LintFinding finding = only(record);
        assertThat(finding.rule().code()).isEqualTo(code);
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a:%{h}", "exists:%{h}._spf.example.org", "exists:%{i}.%{d}", "exp=%{h}"})
    void acceptsNameOfClientOutsidePassTerms(String term) {
        assertThat(SpfLinter.lintText("example.org", "v=spf1 " + term + " -all"))
                .extracting(LintFinding::rule)
                .doesNotContain(LintRule.ALLOWS_EVERYONE);
    }

    @ParameterizedTest
    @CsvSource({"v=spf1 mx mx -all, true", "v=spf1 exp=a.example.org mx mx -all, true"})
    void countsLookupsOfDuplicateTermTwice(String record, boolean costs) {
        assertThat(only(record).reason().contains("lookups are counted twice")).isEqualTo(costs);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "~all\u200b | U+200B (zero width space): | retype \"~all\"",
                "a:!x\u200b.example.org | U+200B (zero width space):"
                        + " | retype it in ASCII, with spaces between the terms",
                "mx\u0009-all | U+0009 (character tabulation): | retype \"mx -all\"",
                "mx\u0000-all | U+0000 (null): | retype \"mx -all\"",
                "mx\u0378 | U+0378: | write it in ASCII; an internationalized domain name as A-labels (xn--...)",
                "include:b\u00fccher.example | U+00FC (latin small letter u with diaeresis):"
                        + " | write it in ASCII; an internationalized domain name as A-labels (xn--...)",
                "mx\ud83d\udce7 | U+1F4E7 (e-mail symbol):"
                        + " | write it in ASCII; an internationalized domain name as A-labels (xn--...)",
                "\u200b | U+200B (zero width space): | remove it",
                "mx\u200b\u200c\u200d | U+200B (zero width space), U+200C (zero width non-joiner),"
                        + " U+200D (zero width joiner): | retype \"mx\"",
                "mx\u200b\u200c\u200d\u200e\u200b | U+200B (zero width space), U+200C (zero width non-joiner),"
                        + " U+200D (zero width joiner) and others: | retype \"mx\"",
            })
    void listsAndReplacesInvalidCharacters(String term, String names, String fix) {
        LintFinding finding = only("v=spf1 " + octets(term) + " -all");
        assertThat(finding.rule()).isEqualTo(LintRule.INVALID_CHARACTER);
        assertThat(finding.reason()).startsWith(names + " a record contains printable ASCII only");
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @Test
    void numbersBytesThatAreNotUtf8() {
        LintFinding finding = only("v=spf1 mx\u00ff\u00c3 -all");
        assertThat(finding.reason()).startsWith("byte 0xFF, byte 0xC3: ");
        assertThat(finding.fix()).isEqualTo("retype \"mx\"");
        assertThat(placeOf(finding)).isEqualTo("\u00ff");
    }

    @Test
    void reportsRecordWithOddSpaceAsIgnored() {
        assertThat(only(" v=spf1 -all").fix()).isEqualTo("remove the space");
        LintFinding finding = only(octets("v=spf1\u00a0mx -all"));
        assertThat(finding.rule()).isEqualTo(LintRule.IGNORED_RECORD);
        assertThat(finding.reason()).contains("U+00A0 (no-break space)");
        assertThat(placeOf(finding)).isEqualTo(octets("\u00a0"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"v=spf1 \" \"ip4:192.0.2.1ip4:192.0.2.2 -all\", missing space between two terms",
                "\"v=spf1 ip4:192.0.2.1ip4:192.0.2.2\" \" -all\", missing space between two terms",
                "\"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2 -all\", a new string of the TXT record starts here",
            })
    void reportsStringBorderWithinTermOnly(String strings, String reason) {
        ZoneDnsClient zone =
                ZoneDnsClient.builder().text("example.org. 60 TXT " + strings).build();
        assertThat(SpfLinter.of(zone).lint("example.org").findings())
                .singleElement()
                .satisfies(found -> assertThat(found.reason()).startsWith(reason));
    }

    @Test
    void countsFindingsBySeverity() {
        LintReport report = SpfLinter.of(ZoneDnsClient.builder().build())
                .lintDraft("example.org", "v=spf1 ipv4:192.0.2.1 ipv4:192.0.2.2 ip4:10.0.0.1 ?all");
        assertThat(report.count(Severity.ERROR)).isEqualTo(2);
        assertThat(report.count(Severity.WARNING)).isEqualTo(1);
        assertThat(report.count(Severity.NOTE)).isEqualTo(1);
    }
}
