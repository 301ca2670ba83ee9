package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.spf.syntax.Span;

/** What is found in a record's text alone. */
class RecordLintTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ipv4:192.0.2.1 | misspelled-term | ipv4 | write \"ip4:192.0.2.1\"",
                "-ip:192.0.2.1 | misspelled-term | ip | write \"-ip4:192.0.2.1\"",
                "ip:2001:db8::1 | misspelled-term | ip | write \"ip6:2001:db8::1\"",
                "inlcude:a.example.org | misspelled-term | inlcude | write \"include:a.example.org\"",
                "nclude:a.example.org | misspelled-term | nclude | write \"include:a.example.org\"",
                "prt | misspelled-term | prt | write \"ptr\"",
                "~al | misspelled-term | al | write \"~all\"",
                "ip4=192.0.2.1 | wrong-separator | = | write \"ip4:192.0.2.1\"",
                "include=a.example.org | wrong-separator | = | write \"include:a.example.org\"",
                "include.a.example.org | wrong-separator | . | write \"include:a.example.org\"",
                "redirect:a.example.org | wrong-separator | : | write \"redirect=a.example.org\"",
                "192.0.2.0/24 | bare-value | 192.0.2.0/24 | write \"ip4:192.0.2.0/24\"",
                "2001:db8::1 | bare-value | 2001:db8::1 | write \"ip6:2001:db8::1\"",
                "ip4:192.0.2.1~all | missing-space | ~ | write \"ip4:192.0.2.1 ~all\"",
                "mxinclude:a.example.org | missing-space | i | write \"mx include:a.example.org\"",
                "ip4:192.0.2.1ip4:192.0.2.2 | missing-space | i | write \"ip4:192.0.2.1 ip4:192.0.2.2\"",
                "include: a.example.org | stray-space | include: a.example.org | write \"include:a.example.org\"",
                "include:a.example.org, | stray-punctuation | , | write \"include:a.example.org\"",
                "a:192.0.2.1 | ip-as-domain | 192.0.2.1 | write \"ip4:192.0.2.1\"",
                "include:192.0.2.1 | ip-as-domain | 192.0.2.1 | write \"ip4:192.0.2.1\"",
                "a:mail | single-label | mail | write the full name, as in \"a:mail.example.org\"",
                "include:https://a.example.org/ | bad-name | https://a.example.org/ | write \"include:a.example.org\"",
                "include:a.example.org/32 | bad-name | /32 | write \"include:a.example.org\"",
                "ip4:192.0.2/24 | bad-address | 192.0.2/24 | write \"ip4:192.0.2.0/24\"",
                "ip4:192.0.2.0/255.255.255.0 | bad-address | 255.255.255.0 | write \"ip4:192.0.2.0/24\"",
                "ip4:192.0.2.1,192.0.2.2 | bad-address | 192.0.2.1,192.0.2.2 | write \"ip4:192.0.2.1 ip4:192.0.2.2\"",
                "ip4:2001:db8::1 | bad-address | 2001:db8::1 | write \"ip6:2001:db8::1\"",
                "ip4:ip4:192.0.2.1 | doubled-prefix | ip4:192.0.2.1 | write \"ip4:192.0.2.1\"",
                "include:mx:a.example.org | doubled-prefix | mx:a.example.org | write \"mx:a.example.org\"",
                "report | syntax | report | correct or remove the term",
            })
    void marksAndFixesMistakes(String terms, String code, String place, String fix) {
        LintFinding finding = only("v=spf1 " + terms + " -all");
        assertThat(finding.rule().code()).isEqualTo(code);
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(placeOf(finding)).isEqualTo(place);
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 +all | allows-everyone | ERROR | +all",
                "v=spf1 ip4:0.0.0.0/0 -all | allows-everyone | ERROR | ip4:0.0.0.0/0",
                "v=spf1 ?all | neutral-all | NOTE | ?all",
                "v=spf1 -all mx | term-after-all | ERROR | mx",
                "v=spf1 redirect=a.example.org -all | redirect-beside-all | ERROR | redirect=a.example.org",
                "v=spf1 mx v=spf1 -all | second-version | ERROR | v=spf1",
                "v=spf1 ptr -all | ptr | WARNING | ptr",
                "v=spf1 mx mx -all | duplicate-term | WARNING | mx",
                "v=spf1 ip4:192.0.2.1 ip4:192.0.2.1/32 -all | duplicate-term | NOTE | ip4:192.0.2.1/32",
                "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.1 -all | overlapping-network | NOTE | ip4:192.0.2.1",
                "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 -all | overlapping-network | NOTE | ip4:192.0.2.1",
                "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.1 -all | shadowed-network | ERROR | -ip4:192.0.2.1",
                "v=spf1 ip4:192.0.2.1/24 -all | host-bits | WARNING | ip4:192.0.2.1/24",
                "v=spf1 ip4:10.0.0.1 -all | special-network | WARNING | ip4:10.0.0.1",
                "v=spf1 ip6:::ffff:192.0.2.1 -all | special-network | WARNING | ip6:::ffff:192.0.2.1",
                "v=spf1 ip4:8.0.0.0/8 -all | wide-network | WARNING | ip4:8.0.0.0/8",
                "v=spf1 a:*.example.org -all | wildcard-name | WARNING | *.example.org",
                "v=spf1 exists:%{p}.example.org -all | p-macro | WARNING | %{p}",
                "v=spf1 MS=ms1234 -all | unrelated-token | WARNING | MS=ms1234",
                "v=spf1 default=deny -all | unknown-modifier | NOTE | default=deny",
            })
    void checksTerms(String record, String code, Severity severity, String place) {
        LintFinding finding = only(record);
        assertThat(finding.rule().code()).isEqualTo(code);
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(placeOf(finding)).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 -all",
        "V=SPF1 a mx ~all",
        "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 -all",
        "v=spf1 ra=postmaster -all",
        "v=spf1 redirect=a.example.org"
    })
    void findsNothingInValidRecords(String record) {
        assertThat(SpfLinter.lintText("example.org", record)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "U+00A0 | v=spf1 mx\u00a0-all | retype \"mx -all\"",
                "U+2013 | v=spf1 mx \u2013all | retype \"-all\"",
                "U+200B | v=spf1 \u200bmx -all | retype \"mx\"",
            })
    void namesInvalidCharacters(String name, String record, String fix) {
        LintFinding finding = only(octets(record));
        assertThat(finding.rule()).isEqualTo(LintRule.INVALID_CHARACTER);
        assertThat(finding.reason()).contains(name);
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"v=spf1 -all\" | \"",
                "v=spf1; -all | ;",
                "v=spf1include:a.example.org -all | i",
                "` v=spf1 -all` | ` `",
                "v=spf2 -all | v=spf2",
            })
    void reportsRecordsThatReceiversIgnore(String record, String place) {
        LintFinding finding = only(record);
        assertThat(finding.rule()).isEqualTo(LintRule.IGNORED_RECORD);
        assertThat(placeOf(finding)).isEqualTo(place);
    }

    @Test
    void reportsLongRecords() {
        assertThat(SpfLinter.lintText("example.org", padded(255))).isEmpty();
        assertThat(only(padded(256)).severity()).isEqualTo(Severity.NOTE);
        assertThat(only(padded(450)).severity()).isEqualTo(Severity.NOTE);
        assertThat(only(padded(451)).reason()).contains("over 450");
        assertThat(only(padded(512)).reason()).contains("over 450");
        assertThat(only(padded(513)).reason()).contains("over 512");
    }

    @Property(tries = 2000)
    void findingsLieWithinAnyRecord(@ForAll @Size(max = 200) byte[] tail) {
        String record = "v=spf1 " + new String(tail, StandardCharsets.ISO_8859_1);
        for (LintFinding finding : SpfLinter.lintText("example.org", record)) {
            Span span = finding.span().orElse(null);
            if (span != null) {
                assertThat(span.start()).isBetween(0, record.length());
                assertThat(span.end()).isBetween(span.start(), record.length());
            }
        }
    }

    private static String padded(int size) {
        String start = "v=spf1 a:";
        String end = ".example.org -all";
        StringBuilder labels = new StringBuilder();
        while (start.length() + labels.length() + end.length() < size) {
            labels.append(labels.length() % 50 == 49 ? '.' : 'x');
        }
        return start + labels + end;
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static LintFinding only(String record) {
        List<LintFinding> findings = SpfLinter.lintText("example.org", record);
        assertThat(findings).as(record).hasSize(1);
        return findings.get(0);
    }

    private static String placeOf(LintFinding finding) {
        Span span = finding.span().orElse(null);
        assertThat(span).isNotNull();
        return span.of(finding.record());
    }
}
