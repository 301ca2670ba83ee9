package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.ZoneDnsClient;

/** What words that are no terms were meant to be: the rarer mistakes, and where the guessing ends. */
class WordLintTest {

    private static LintFinding only(String record) {
        List<LintFinding> found = SpfLinter.lintText("example.org", record);
        assertThat(found).as(record).hasSize(1);
        return found.get(0);
    }

    private static String placeOf(LintFinding finding) {
        return Objects.requireNonNull(finding.span()).of(finding.record());
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ip4: | bad-address | ip4: | write it behind the colon, or remove the term",
                "ip4::192.0.2.1 | doubled-prefix | :192.0.2.1 | write \"ip4:192.0.2.1\"",
                "-ip4:ip6:2001:db8::1 | doubled-prefix | ip6:2001:db8::1 | write \"-ip6:2001:db8::1\"",
                "ip4:192.0.2.256 | bad-address | 192.0.2.256 | write the whole address, as in \"ip4:192.0.2.0/24\"",
                "-ip6:2001:db8::/129 | bad-address | 2001:db8::/129"
                        + " | write the whole address, as in \"-ip6:2001:db8::/32\"",
                "ip4:192.0.2.1,x | bad-address | 192.0.2.1,x | write a term for each network",
                "ip4:192.0.2.1;-ip4:192.0.2.2 | bad-address | 192.0.2.1;-ip4:192.0.2.2"
                        + " | write \"ip4:192.0.2.1 -ip4:192.0.2.2\"",
                "ip4:192.0.2.0/255.255.256.0 | bad-address | 192.0.2.0/255.255.256.0"
                        + " | write the whole address, as in \"ip4:192.0.2.0/24\"",
                "ip4:192.0.2.0/255.0.255.0 | bad-address | 192.0.2.0/255.0.255.0"
                        + " | write the whole address, as in \"ip4:192.0.2.0/24\"",
                "ip4:192.000.002.010/24 | bad-address | 192.000.002.010/24 | write \"ip4:192.0.2.10/24\"",
                "ip4:mail.example.org | bad-address | mail.example.org | write \"a:mail.example.org\"",
                "~ip4:mail.example.org | bad-address | mail.example.org | write \"~a:mail.example.org\"",
                "include: | bad-name | include: | write it behind the \"include:\", or remove the term",
                "redirect= | bad-name | redirect= | write it behind the \"redirect=\", or remove the term",
                "redirect=mail | single-label | mail | write the full name, as in \"redirect=mail.example.org\"",
                "a:alice@example.org | bad-name | alice@example.org | write the domain that sends the mail",
                "a::mail.example.org | doubled-prefix | :mail.example.org | write \"a:mail.example.org\"",
                "include:/a.example.org | doubled-prefix | /a.example.org | write \"include:a.example.org\"",
                "a:mail:example.org | doubled-prefix | mail:example.org | write \"a:mail.example.org\"",
                "mail.example.org | bare-value | mail.example.org | write \"include:mail.example.org\" for the senders"
                        + " that it lists in its SPF record, or \"a:mail.example.org\" for its own addresses",
                "google-site-verification:abc | foreign-token | google-site-verification:abc"
                        + " | move it to a TXT record of its own",
                ", | stray-punctuation | , | remove it",
                "ip5:192.0.2.1 | misspelt-term | ip5 | write \"ip4:192.0.2.1\"",
                "inculd:a.example.org | misspelt-term | inculd | write \"include:a.example.org\"",
                "exist:%{i}.example.org | misspelt-term | exist | write \"exists:%{i}.example.org\"",
                "rdirect:a.example.org | misspelt-term | rdirect | write \"redirect=a.example.org\"",
                "mxx | misspelt-term | mxx | write \"mx\"",
                "?pt | misspelt-term | pt | write \"?ptr\"",
            })
    void rarerMistakesAreNamedPointedAtAndMended(String term, String code, String place, String fix) {
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
    void whatIsNearToNothingIsNotGuessed(String term) {
        assertThat(only("v=spf1 " + term + " -all").rule()).isEqualTo(LintRule.SYNTAX);
    }

    @Test
    void textThatRunsIntoAllIsToldFromIt() {
        LintFinding finding = only("v=spf1 mx -allgoogle-site-verification=abc");
        assertThat(finding.rule()).isEqualTo(LintRule.MISSING_BLANK);
        assertThat(placeOf(finding)).isEqualTo("google-site-verification=abc");
        assertThat(finding.fix()).startsWith("end the record with \"-all\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 mx -all mx | term-after-all | move it in front of \"-all\", or remove it",
                "v=spf1 mx -all ~all | term-after-all | remove one of the two",
                "v=spf1 mx +MX -all | duplicate-term | remove one of the two",
                "v=spf1 exp=a.example.org exp=b.example.org -all | syntax | keep one of them",
                "v=spf1 exists:%{x}.example.org -all | syntax | write \"%%\" for a percent sign, or mend the macro",
            })
    void fixSuitsTheMistake(String record, String code, String fix) {
        LintFinding finding = only(record);
        assertThat(finding.rule().code()).isEqualTo(code);
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @CsvSource({"v=spf1 mx mx -all, true", "v=spf1 exp=a.example.org mx mx -all, true"})
    void termThatAsksCostsTwiceWhereItStandsTwice(String record, boolean costs) {
        assertThat(only(record).reason().contains("costs its lookups twice")).isEqualTo(costs);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "~all\u200b | U+200B (zero width space): | retype \"~all\" on the keyboard",
                "a:!x\u200b.example.org | U+200B (zero width space): | retype \"a:!x.example.org\" on the keyboard",
                "mx\u0009-all | U+0009 (character tabulation): | retype \"mx -all\" on the keyboard",
                "mx\u0000-all | U+0000 (null): | retype \"mx -all\" on the keyboard",
                "mx\u0378 | U+0378: | write it in ASCII, an international domain name with its A-labels (xn--...)",
                "include:b\u00fccher.example | U+00FC (latin small letter u with diaeresis):"
                        + " | write it in ASCII, an international domain name with its A-labels (xn--...)",
                "mx\ud83d\udce7 | U+1F4E7 (e-mail symbol):"
                        + " | write it in ASCII, an international domain name with its A-labels (xn--...)",
                "\u200b | U+200B (zero width space): | remove it",
                "mx\u200b\u200c\u200d | U+200B (zero width space), U+200C (zero width non-joiner),"
                        + " U+200D (zero width joiner): | retype \"mx\" on the keyboard",
                "mx\u200b\u200c\u200d\u200e\u200b | U+200B (zero width space), U+200C (zero width non-joiner),"
                        + " U+200D (zero width joiner) and others: | retype \"mx\" on the keyboard",
            })
    void oddCharactersAreListedAndReplaced(String term, String names, String fix) {
        LintFinding finding = only("v=spf1 " + octets(term) + " -all");
        assertThat(finding.rule()).isEqualTo(LintRule.ODD_CHARACTER);
        assertThat(finding.reason()).startsWith(names + " a record is made of printable ASCII");
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @Test
    void octetsThatAreNoCharacterAreNumbered() {
        LintFinding finding = only("v=spf1 mx\u00ff\u00c3 -all");
        assertThat(finding.reason()).startsWith("octet 0xFF, octet 0xC3: ");
        assertThat(finding.fix()).isEqualTo("retype \"mx\" on the keyboard");
        assertThat(placeOf(finding)).isEqualTo("\u00ff");
    }

    @Test
    void textWithABlankInFrontOrAnOddOneBehindTheVersionOnlyLooksLikeARecord() {
        assertThat(only(" v=spf1 -all").fix()).isEqualTo("publish it without the blank");
        LintFinding finding = only(octets("v=spf1\u00a0mx -all"));
        assertThat(finding.rule()).isEqualTo(LintRule.LOOK_ALIKE_RECORD);
        assertThat(finding.reason()).contains("U+00A0 (no-break space)");
        assertThat(placeOf(finding)).isEqualTo(octets("\u00a0"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"v=spf1 \" \"ip4:192.0.2.1ip4:192.0.2.2 -all\", a blank is missing between two terms",
                "\"v=spf1 ip4:192.0.2.1ip4:192.0.2.2\" \" -all\", a blank is missing between two terms",
                "\"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2 -all\", a new string of the TXT record starts here",
            })
    void onlyStringsThatMeetWithinTheWordAreToBlame(String strings, String reason) {
        ZoneDnsClient zone =
                ZoneDnsClient.builder().text("example.org. 60 TXT " + strings).build();
        assertThat(SpfLinter.over(zone).lint("example.org").findings())
                .singleElement()
                .satisfies(found -> assertThat(found.reason()).startsWith(reason));
    }

    @Test
    void findingsAreCountedBySeverity() {
        LintReport report = SpfLinter.over(ZoneDnsClient.builder().build())
                .lintDraft("example.org", "v=spf1 ipv4:192.0.2.1 ipv4:192.0.2.2 ip4:10.0.0.1 ?all");
        assertThat(report.count(Severity.ERROR)).isEqualTo(2);
        assertThat(report.count(Severity.WARNING)).isEqualTo(1);
        assertThat(report.count(Severity.NOTE)).isEqualTo(1);
    }
}
