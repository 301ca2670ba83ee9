package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fix may advise: never more clients than the record authorizes, and never two opposite things. */
class AdviceTest {

    private static final String FINAL_ALL = "end the record with \"-all\" or \"~all\"";

    private final LintZone zone = new LintZone();

    private static List<LintFinding> lint(String record) {
        return SpfLinter.lintText("example.org", record);
    }

    private static List<String> codes(List<LintFinding> findings) {
        return findings.stream().map(found -> found.rule().code()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all-", "al", "all;", "all.", "\"all\"", "+all;", "all", "+al"})
    void neverAdvisesPlusAll(String mangled) {
        assertThat(lint("v=spf1 mx " + mangled))
                .singleElement()
                .satisfies(found -> assertThat(found.fix()).isEqualTo(FINAL_ALL));
    }

    @Test
    void keepsOtherTermsBeforeMangledAll() {
        assertThat(lint("v=spf1 ip4:192.0.2.1all").get(0).fix()).isEqualTo("write \"ip4:192.0.2.1\" and " + FINAL_ALL);
        assertThat(lint("v=spf1 ip4:192.0.2.1-all").get(0).fix()).isEqualTo("write \"ip4:192.0.2.1 -all\"");
        assertThat(lint("v=spf1 mx +allgoogle-site-verification=x").get(0).fix())
                .startsWith(FINAL_ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4:0.0.0.0/0", "0.0.0.0/0", "ip4=0.0.0.0/0", "ipv6:::/0", "a=example.org/0"})
    void neverAdvisesPrefixLengthZero(String term) {
        assertThat(lint("v=spf1 " + term + " -all"))
                .isNotEmpty()
                .noneMatch(found -> found.fix().contains("/0"));
    }

    // One character of a sound record is changed, dropped or doubled.
    @Property(tries = 2_000)
    void neverWidensRecordWithTypo(
            @ForAll @IntRange(min = 7, max = 44) int at, @ForAll @IntRange(max = 2) int change, @ForAll char typo) {
        String record = "v=spf1 a mx include:a.example ip4:8.8.8.0/24 all";
        String rest = record.substring(at + (change == 0 ? 1 : 0));
        String broken = record.substring(0, at) + (change == 2 ? record.charAt(at) : change == 0 ? typo : "") + rest;
        assertThat(lint(broken)).noneMatch(found -> found.fix().matches(".*[\" ]\\+?all\".*|.*/0\".*"));
    }

    @Test
    void mergesRecordsWithStrictestEnd() {
        zone.txt("two.example", "v=spf1 ip4:192.0.2.1 +all");
        zone.txt("two.example", "v=spf1 ip4:192.0.2.2 ~all");
        assertThat(zone.linter().lint("two.example").findings())
                .filteredOn(found -> found.rule() == LintRule.MULTIPLE_RECORDS)
                .extracting(LintFinding::fix)
                .containsExactly("merge them into one: \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ~all\"");
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 mx all-, stray-punctuation",
        "v=spf1 a:both.test - all, stray-space",
        "v=spf1 a:both.test all=deny, wrong-separator",
        "v=spf1 mx:null.test -all, unresolvable-name",
    })
    void reportsOneCauseOnce(String record, String codes) {
        String found = String.join(" ", LintZone.codes(zone.lint(record)));
        assertThat(found.replace("misspelled-term", "stray-punctuation").replace("unresolvable-name stray", "stray"))
                .contains(codes.split(" ")[0])
                .doesNotContain("allows-everyone", "empty-include", "unknown-modifier")
                .matches(all -> codes.contains("no-all") || !all.contains("no-all"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 include:good.test,both.test -all | bad-name",
                "v=spf1 a:both.test:25 -all              | bad-name",
                "v=spf1 a:gone.test include:a.test,b.test -all | bad-name unresolvable-name",
                "v=spf1 a:both.test all=deny             | wrong-separator",
                "v=spf1 a:both.test ip4=192.0.2.1        | wrong-separator no-all"
            })
    void advisesOneCurePerPlace(String record, String codes) {
        assertThat(LintZone.codes(zone.lint(record))).containsExactlyInAnyOrder(codes.split(" "));
    }

    @Test
    void reportsNullMxWithoutVoidLookup() {
        assertThat(zone.lint("v=spf1 mx:null.test -all").findings().get(0).reason())
                .isEqualTo("\"null.test\" has a null MX (RFC 7505); mx matches no client");
    }

    @Test
    void reportsLoopWithoutEmptyInclude() {
        zone.txt("loop.test", "v=spf1 include:example.org -all");
        assertThat(LintZone.codes(zone.lint("v=spf1 include:loop.test -all"))).containsExactly("include-loop");
    }

    @ParameterizedTest
    @CsvSource({"v=spf1 ip4:8.8.8.8 ?all, neutral-all", "v=spf1 ip4:8.8.8.8, no-all", "v=spf1 ip4:8.8.8.8 ~all, ''"})
    void reportsEndOfRedirectTarget(String target, String code) {
        zone.txt("target.test", target);
        assertThat(LintZone.codes(zone.lint("v=spf1 redirect=target.test")))
                .containsExactlyElementsOf(code.isEmpty() ? List.of() : List.of(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spf1 mx -all", "v=sfp1 mx -all", "v-spf1 mx -all", "v=psf1 -all"})
    void reportsRecordThatReceiversIgnore(String record) {
        assertThat(codes(lint(record))).containsExactly("ignored-record");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            include:a.example,b.example | bad-name | write "include:a.example include:b.example"
            a:host.example:25           | bad-name | write "a:host.example"
            """)
    void explainsListsAndPorts(String term, String code, String fix) {
        LintFinding found = lint("v=spf1 " + term + " -all").get(0);
        assertThat(found.rule().code()).isEqualTo(code);
        assertThat(found.fix()).isEqualTo(fix);
    }

    @Test
    void namesMacrosOfExplanations() {
        zone.txt("why.test", "%{x}");
        assertThat(zone.lint("v=spf1 exp=why.test -all").findings().get(0).reason())
                .contains("known: s, l, o, d, i, p, v, h, c, r, t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            include:"a.example"    | stray-punctuation | write "include:a.example"
            include:<a.example>    | stray-punctuation | write "include:a.example"
            a:(a.example)/24       | stray-punctuation | write "a:a.example/24"
            ip6:[2001:db8::1]/64   | stray-punctuation | write "ip6:2001:db8::1/64"
            include:a\\.example    | stray-punctuation | write "include:a.example"
            "mx"                   | stray-punctuation | write "mx"
            a:a.example/33         | syntax            | correct or remove the term
            ip4:8.8.8.O            | bad-address       | write "ip4:8.8.8.0"
            ip4:8.8.8.l/31         | bad-address       | write "ip4:8.8.8.1/31"
            a:x..a.example         | bad-name          | write "a:x.a.example"
            a:.a.example           | bad-name          | write "a:a.example"
            include:x..%{d}        | bad-name          | write "include:x.%{d}"
            exp=why..a.example     | bad-name          | write "exp=why.a.example"
            exp=mailto:a@a.example | bad-name          | publish the explanation as a TXT record and write the name of that record
            """)
    void suggestsTermWithUsableName(String term, String code, String fix) {
        LintFinding found = lint("v=spf1 " + term + " -all").get(0);
        assertThat(found.rule().code()).isEqualTo(code);
        assertThat(found.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u223call", "\uff5eall", "\u02dcall", "\u301call"})
    void readsLookAlikeOfTilde(String all) {
        byte[] octets = ("v=spf1 mx " + all).getBytes(StandardCharsets.UTF_8);
        assertThat(lint(new String(octets, StandardCharsets.ISO_8859_1)).get(0).fix())
                .isEqualTo("retype \"~all\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip4:8.8.8.8\uff0f0", "ip4:0.0.0.0/\uff10", "\uff0ball"})
    void neverWidensByLookAlikes(String term) {
        byte[] octets = ("v=spf1 mx " + term).getBytes(StandardCharsets.UTF_8);
        assertThat(lint(new String(octets, StandardCharsets.ISO_8859_1)).get(0).fix())
                .doesNotContain("/0", "\"all\"", "+all");
    }

    @ParameterizedTest
    @CsvSource({
        "@ IN TXT \"v=spf1 mx -all\"",
        "example.org. 3600 IN TXT ( \"v=spf1 mx -all\" )",
        "spf: v=spf1 mx -all",
        "SPF = v=spf1 -all",
    })
    void reportsRecordWithTextBeforeIt(String text) {
        assertThat(lint(text)).singleElement().satisfies(found -> {
            assertThat(found.rule()).isEqualTo(LintRule.IGNORED_RECORD);
            assertThat(found.fix()).startsWith("publish only the text that starts with \"v=spf1\"");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:example.org a           | same as \"a:example.org\"; its DNS lookups are counted twice",
                "mx mx:EXAMPLE.org.        | same as \"mx\"; its DNS lookups are counted twice",
                "a:%{d} +a                 | same as \"a:%{d}\"; its DNS lookups are counted twice",
                "a A/32//128               | same as \"a\"; its DNS lookups are counted twice",
                "exists:%{i}.a exists:%{i}.a | duplicate term; its DNS lookups are counted twice",
            })
    void comparesTermsByMeaning(String terms, String reason) {
        assertThat(lint("v=spf1 " + terms.replace(".a ", ".a.example ").replaceAll("\\.a$", ".a.example") + " -all"))
                .singleElement()
                .satisfies(found -> assertThat(found.reason()).isEqualTo(reason));
    }

    @Test
    void keepsTermsThatDiffer() {
        assertThat(lint("v=spf1 a a/24 -a:b.example ~a:b.example mx//64 mx/24//64 exists:%{i}.b.example -all"))
                .isEmpty();
    }

    @Test
    void reportsWhatAuthorizesEveryClientWhereItDoes() {
        zone.txt("open.test", "v=spf1 +all");
        zone.txt("wide.test", "v=spf1 ip4:8.0.0.0/7 -all");
        assertThat(LintZone.codes(zone.lint("v=spf1 -include:open.test ?include:wide.test -ip4:8.0.0.0/8 -all")))
                .isEmpty();
    }

    @Test
    void reportsItBelowLaterIncludeThatAuthorizes() {
        zone.txt("open.test", "v=spf1 +all");
        assertThat(LintZone.codes(zone.lint("v=spf1 ?include:open.test include:open.test -all")))
                .containsExactly("allows-everyone", "duplicate-include");
    }

    @Test
    void reportsFaultOfRepeatedIncludeOnce() {
        zone.txt("bad.test", "v=spf1 ipv4:192.0.2.1 -all");
        assertThat(LintZone.codes(zone.lint("v=spf1 include:bad.test include:bad.test -all")))
                .containsExactly("misspelled-term", "duplicate-term");
        assertThat(LintZone.codes(new LintZone().lint("v=spf1 include:both.testip4:192.0.2.1 -all")))
                .containsExactly("missing-space");
    }

    @Test
    void countsTermsThatAllReceiversCallVoid() {
        assertThat(zone.lint("v=spf1 a:x.test a:y.test a:z.test -all").findings())
                .filteredOn(found -> found.rule() == LintRule.TOO_MANY_VOID_LOOKUPS)
                .allSatisfy(found -> assertThat(found.reason()).doesNotContain("at receivers that"));
        assertThat(new LintZone().lint("v=spf1 mx:five.test -all").findings())
                .filteredOn(found -> found.rule() == LintRule.TOO_MANY_VOID_LOOKUPS)
                .isNotEmpty()
                .allSatisfy(found -> assertThat(found.reason()).contains("at receivers that count each query"));
    }

    @Test
    void reportsRecordThatIsTooLong() {
        assertThat(lint("v=spf1" + " ip4:8.8.8.8".repeat(700) + " -all")).anySatisfy(found -> {
            assertThat(found.rule()).isEqualTo(LintRule.RECORD_SIZE);
            assertThat(found.severity()).isEqualTo(Severity.ERROR);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip4:8.8.8.1/24 -all              | write \"ip4:8.8.8.0/24\" for the network",
                "ip4:8.8.8.0/24 -ip4:8.8.8.1 -all | remove it",
                "ip4:10.0.0.0/8 ip4:8.8.8.8 -all  | remove it",
            })
    void neverNarrowsWhatAnIncludeRejects(String terms, String fix) {
        zone.txt("sub.example.org", "v=spf1 " + terms);
        assertThat(zone.lint("v=spf1 -include:sub.example.org ip4:8.8.0.0/16 -all")
                        .findings())
                .extracting(LintFinding::fix)
                .containsExactly(fix);
    }

    @ParameterizedTest
    @CsvSource({
        "?include:good.test redirect=good.test, include it once",
        "include:good.test -include:good.test -all, include it once",
        "include:good.test include:a.test -all, remove one of the two terms",
    })
    void removesRepeatedIncludeOnlyIfBothAuthorize(String terms, String fix) {
        zone.txt("a.test", "v=spf1 include:good.test -all");
        assertThat(zone.lint("v=spf1 " + terms).findings())
                .filteredOn(found -> found.rule() == LintRule.DUPLICATE_INCLUDE)
                .singleElement()
                .satisfies(found -> assertThat(found.fix()).startsWith(fix));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exists:mail..a.example",
                "<a:%{h}>",
                "a:\"%{h}\"",
                "exists:\"mail.a.example\"",
                "ip4:192.0.2.3OO",
                "ip4:192.0.2.2S6",
            })
    void suggestsNoTermThatMayMatchEveryClientOrNone(String term) {
        assertThat(lint("v=spf1 " + term + " -all"))
                .isNotEmpty()
                .noneMatch(found -> found.fix().matches("(?:re)?(?:write|type) \".*"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mx\u223call | retype it in ASCII, with spaces between the terms",
                "mx\uff0c-all | retype it in ASCII, with spaces between the terms",
                "-\u00a0all | retype \"-all\"",
            })
    void suggestsTermsThatAreValid(String terms, String fix) {
        byte[] octets = ("v=spf1 " + terms).getBytes(StandardCharsets.UTF_8);
        assertThat(lint(new String(octets, StandardCharsets.ISO_8859_1)).get(0).fix())
                .isEqualTo(fix);
    }

    @Test
    void joinsStringsOfZoneFile() {
        assertThat(lint("v=spf1 include:_spf.exam\" \"ple.net -all"))
                .singleElement()
                .satisfies(found -> assertThat(found.fix()).isEqualTo("write \"include:_spf.example.net\""));
    }

    @Test
    void countsNoNetworkThatNeverMatches() {
        assertThat(codes(lint("v=spf1 ip4:0.0.0.0/1 -ip4:128.0.0.0/1 ip4:128.0.0.0/1 -all")))
                .contains("shadowed-network")
                .doesNotContain("allows-everyone");
    }

    @Test
    void warnsOfExplanationThatCannotExist() {
        assertThat(lint("v=spf1 mx -all exp=a..a.example").get(0).severity()).isEqualTo(Severity.WARNING);
    }

    // Each in seconds or minutes, if runs of one character were read again from each of their characters.
    @ParameterizedTest
    @ValueSource(strings = {"TXT ", "TXT(", "spf ", "spf:"})
    void readsLongRunsOnce(String start) {
        String last = start.substring(start.length() - 1);
        assertThat(lint(start + last.repeat(200_000))).isNotEmpty();
        assertThat(lint("v=spf1 a:x" + ";".repeat(200_000) + "x mx" + ")".repeat(200_000) + "x -all"))
                .isNotEmpty();
    }

    // A repeated group needs the stack for each of its repetitions, unless it gives none back.
    @ParameterizedTest
    @ValueSource(strings = {"", "a:", "include:", "ip4:", "exists:%{i}.", "x=", "redirect=", "-"})
    void readsLongTermsWithoutDeepStack(String start) {
        for (String part : List.of("a.", "-a", "1.", ":", "a:", "0/", "%{i}")) {
            assertThat(lint("v=spf1 " + start + part.repeat(20_000) + " -all")).isNotEmpty();
        }
    }
}
