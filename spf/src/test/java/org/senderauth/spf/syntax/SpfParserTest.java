package org.senderauth.spf.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.spf.syntax.MacroString.Escape;
import org.senderauth.spf.syntax.MacroString.Literal;
import org.senderauth.spf.syntax.MacroString.Macro;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

class SpfParserTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1",
                "v=spf1 ",
                "V=SpF1   -all  ",
                "v=spf1 +all -ALL ~aLL ?all",
                "v=spf1 a mx ptr a/0 mx//0 a/24//64 A:example.org/32 mx:example.org//128",
                "v=spf1 include:example.org exists:%{i}.example.org redirect=_spf.example.org. exp=e.example.org",
                "v=spf1 ip4:192.0.2.0 ip4:0.0.0.0/0 IP4:255.255.255.255/32",
                "v=spf1 ip6::: ip6:::1/128 ip6:2001:DB8::/32 ip6:1:2:3:4:5:6:7:8 ip6:1:2:3:4:5:6:192.0.2.1 ip6:::ffff:192.0.2.1/96",
                "v=spf1 ip4=192.0.2.1 a.b-c_d=%{d}/x unknown=",
                "v=spf1 a:foo:bar/baz.example.org/24 a:%%.example.org a:example.org%{d} a:.org a:a..org a:x.1a a:x.a-1",
                "v=spf1 exists:%{L3R-.+,/_=}.%{o}%_%-%%",
                "v=spf1 exists:%{d99999999999999999999}",
                "v=spf1 azAZ.09-_= exists:!~.az a:x.AZ mx:x.0z9 ip4:192.0.2.1 a/24"
            })
    void acceptsGrammar(String text) {
        assertThat(SpfParser.parse(text)).isInstanceOf(SpfRecord.class);
        assertThat(SpfParser.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=spf2 all               | VERSION          | 0  | 6
            v=spf1-all               | VERSION          | 0  | 10
            ''                       | VERSION          | 0  | 0
            ' v=spf1 -all'           | VERSION          | 0  | 0
            v=spf1 -all.             | UNKNOWN_TERM     | 7  | 12
            v=spf1 all:x.org         | UNEXPECTED_VALUE | 10 | 16
            v=spf1 all/8             | UNEXPECTED_VALUE | 10 | 12
            v=spf1 include           | MISSING_VALUE    | 7  | 14
            v=spf1 include:          | DOMAIN           | 14 | 15
            v=spf1 include/24        | UNEXPECTED_VALUE | 14 | 17
            v=spf1 include:x.org/24  | DOMAIN           | 20 | 21
            v=spf1 exists            | MISSING_VALUE    | 7  | 13
            v=spf1 ptr/24            | UNEXPECTED_VALUE | 10 | 13
            v=spf1 ptr:              | DOMAIN           | 10 | 11
            v=spf1 a:                | DOMAIN           | 8  | 9
            v=spf1 a/33              | PREFIX_LENGTH    | 8  | 11
            v=spf1 a//129            | PREFIX_LENGTH    | 9  | 13
            v=spf1 a/024             | PREFIX_LENGTH    | 8  | 12
            v=spf1 a/24/64           | PREFIX_LENGTH    | 11 | 14
            v=spf1 a/24/32           | PREFIX_LENGTH    | 8  | 14
            v=spf1 a/                | PREFIX_LENGTH    | 8  | 9
            v=spf1 a/99999999999999  | PREFIX_LENGTH    | 8  | 23
            v=spf1 a:museum          | DOMAIN           | 9  | 15
            v=spf1 a:museum.         | DOMAIN           | 9  | 16
            v=spf1 a:192.0.2.1       | DOMAIN           | 9  | 18
            v=spf1 a:x.-org          | DOMAIN           | 11 | 12
            v=spf1 a:x.org-          | DOMAIN           | 14 | 15
            v=spf1 a:x.org:25        | DOMAIN           | 14 | 15
            v=spf1 a:%{d}.           | DOMAIN           | 9  | 14
            v=spf1 a:%{d}.x_y        | DOMAIN           | 15 | 16
            v=spf1 a:x..             | DOMAIN           | 9  | 12
            v=spf1 ip4               | MISSING_VALUE    | 7  | 10
            v=spf1 ip4:              | MISSING_VALUE    | 7  | 11
            v=spf1 ip4/8             | MISSING_VALUE    | 7  | 12
            v=spf1 ip4:/8            | ADDRESS          | 11 | 12
            v=spf1 ip4:192.0.2       | ADDRESS          | 11 | 18
            v=spf1 ip4:192.0.2.256   | ADDRESS          | 11 | 22
            v=spf1 ip4:192.0.2.01    | ADDRESS          | 11 | 21
            v=spf1 ip4:192.0.2.1:25  | ADDRESS          | 11 | 23
            v=spf1 ip4:2001:db8::    | ADDRESS          | 11 | 21
            v=spf1 ip4:192.0.2.1//8  | PREFIX_LENGTH    | 20 | 23
            v=spf1 ip4:192.0.2.1/33  | PREFIX_LENGTH    | 20 | 23
            v=spf1 ip4:192.0.2.1/    | PREFIX_LENGTH    | 20 | 21
            v=spf1 ip6:192.0.2.1     | ADDRESS          | 11 | 20
            v=spf1 ip6::1::2         | ADDRESS          | 11 | 16
            v=spf1 ip6:1:2:3:4:5:6:7 | ADDRESS          | 11 | 24
            v=spf1 ip6:::1/129       | PREFIX_LENGTH    | 14 | 18
            v=spf1 ip6:fe80::1%eth0  | ADDRESS          | 11 | 23
            v=spf1 1up=x             | UNKNOWN_TERM     | 7  | 12
            v=spf1 =x                | UNKNOWN_TERM     | 7  | 9
            v=spf1 -                 | UNKNOWN_TERM     | 7  | 8
            v=spf1 --all             | UNKNOWN_TERM     | 7  | 12
            v=spf1 !                 | UNKNOWN_TERM     | 7  | 8
            v=spf1 moo               | UNKNOWN_TERM     | 7  | 10
            v=spf1 ipv4:192.0.2.1    | UNKNOWN_TERM     | 7  | 21
            v=spf1 redirect:x.org    | UNKNOWN_TERM     | 7  | 21
            v=spf1 -redirect=x.org   | UNKNOWN_TERM     | 7  | 22
            v=spf1 redirect=         | DOMAIN           | 15 | 16
            v=spf1 exp=-all          | DOMAIN           | 11 | 15
            v=spf1 exp=e.org exp=e.org | DUPLICATE      | 17 | 26
            v=spf1 redirect=e.org REDIRECT=e.org | DUPLICATE | 22 | 36
            v=spf1 exists:%          | MACRO            | 14 | 15
            v=spf1 exists:%(i).org   | MACRO            | 14 | 16
            v=spf1 exists:%{         | MACRO            | 14 | 16
            v=spf1 exists:%{x}.org   | MACRO            | 14 | 17
            v=spf1 exists:%{i        | MACRO            | 14 | 17
            v=spf1 exists:%{d0}      | MACRO            | 14 | 18
            v=spf1 exists:%{dr2}     | MACRO            | 14 | 19
            v=spf1 exists:%{c}.org   | MACRO            | 14 | 17
            v=spf1 foo=%x            | MACRO            | 11 | 13
            """)
    void locatesSyntaxProblems(String text, Kind kind, int start, int end) {
        List<SyntaxProblem> problems = SpfParser.parse(text).problems();
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).kind()).isEqualTo(kind);
        assertThat(problems.get(0).span()).isEqualTo(new Span(start, end));
        assertThat(problems.get(0).message()).matches("[ -~]+");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ip4:2001:db8:: | an IPv6 address requires ip6
            ip6:192.0.2.1  | an IPv4 address requires ip4
            ip4:192.0.2    | not an IPv4 address: four numbers from 0 to 255 without leading zeros
            ip6:192.0.2    | not an IPv6 address
            4:192.0.2.1    | the name of a mechanism or modifier must start with a letter
            redirect:x.org | 'redirect' is a modifier: write it without a qualifier and with '='
            -exp=x.org     | 'exp' is a modifier: write it without a qualifier and with '='
            moo            | neither a mechanism (all, include, a, mx, ptr, ip4, ip6, exists) nor a modifier (name=value)
            exists:%{i     | the macro is not closed with '}'
            exists:%{dr2}  | missing '}' or delimiter in the macro
            """)
    void explainsSyntaxProblems(String term, String message) {
        assertThat(SpfParser.parse("v=spf1 " + term).problems())
                .extracting(SyntaxProblem::message)
                .containsExactly(message);
    }

    @Test
    void parsesTermsAfterInvalidVersion() {
        assertThat(SpfParser.parse("v=spf1-all").terms()).extracting(Term::name).containsExactly("all");
        assertThat(SpfParser.parse("v=spf2 mx -all").terms())
                .extracting(Term::name)
                .containsExactly("mx", "all");
    }

    @Test
    void rejectsOtherSeparatorsAndCharacters() {
        for (String bad :
                List.of("v=spf1 a\t-all", "v=spf1 a\r-all", "v=spf1 a\u00a0-all", "v=spf1 \u0080a", "v=spf1 a\0")) {
            assertThat(SpfParser.parse(bad).problems())
                    .as(bad)
                    .extracting(SyntaxProblem::kind)
                    .containsExactly(Kind.CHARACTER);
        }
        assertThat(SpfParser.parse("v=spf1 a\u00a0-all").problems().get(0))
                .hasToString("at octet 8: the byte 0xA0 is not ASCII");
    }

    @Test
    void continuesAfterProblem() {
        SpfParseResult parse = SpfParser.parse("v=spf1 ipv4:192.0.2.1 mx a:museum ~all include");
        assertThat(parse.problems()).extracting(p -> p.span().start()).containsExactly(7, 27, 39);
        assertThat(parse.terms()).extracting(Term::name).containsExactly("mx", "all");
    }

    @Test
    void limitsReportedProblems() {
        assertThat(SpfParser.parse("v=spf1" + " x".repeat(5_000)).problems()).hasSize(SpfParser.MAX_PROBLEMS);
    }

    @Test
    void keepsTermsAsWritten() {
        SpfRecord record =
                (SpfRecord) SpfParser.parse("v=spf1 ~a:%{d2}/24//64 -ip4:192.0.2.77/25 redirect=r.org exp=e.org");
        assertThat(record.mechanisms()).hasSize(2);
        Mechanism.A a = (Mechanism.A) record.mechanisms().get(0);
        assertThat(a.qualifier()).isEqualTo(Qualifier.SOFTFAIL);
        assertThat(a.ip4Prefix()).isEqualTo(24);
        assertThat(a.ip6Prefix()).isEqualTo(64);
        assertThat(java.util.Objects.requireNonNull(a.domain()).text()).isEqualTo("%{d2}");
        assertThat(record.textOf(a)).isEqualTo("~a:%{d2}/24//64");
        Mechanism.Ip4 ip4 = (Mechanism.Ip4) record.mechanisms().get(1);
        assertThat(ip4.network()).hasToString("192.0.2.77/25");
        assertThat(java.util.Objects.requireNonNull(a.domain()).span()).isEqualTo(new Span(10, 15));
        assertThat(ip4.network().canonical()).hasToString("192.0.2.0/25");
        assertThat(record.redirect()).isNotNull();
        assertThat(record.explanation()).isNotNull();
    }

    @Test
    void keepsValueOfUnknownModifier() {
        Modifier.Unknown unknown =
                (Modifier.Unknown) SpfParser.parse("v=spf1 moo=%{d}/x").terms().get(0);
        assertThat(unknown.name()).isEqualTo("moo");
        assertThat(unknown.value().text()).isEqualTo("%{d}/x");
    }

    @Test
    void isFixedWithEscapesOnly() {
        assertThat(SpfParser.parseExplanation("100%% of it").isFixed()).isTrue();
        assertThat(SpfParser.parseExplanation("%{d}").isFixed()).isFalse();
        SpfRecord record = (SpfRecord) SpfParser.parse("v=spf1 a:x.org a:%{d10r}");
        assertThat(record.mechanisms())
                .extracting(mechanism ->
                        java.util.Objects.requireNonNull(mechanism.domain()).isFixed())
                .containsExactly(true, false);
        Macro macro = (Macro) SpfParser.parseExplanation("%{d10r}").parts().get(0);
        assertThat(macro.rightmost()).isEqualTo(10);
    }

    @Test
    void parsesMacros() {
        MacroString text = SpfParser.parseExplanation("%{i} of %{D2r-+} is%_bad %{t}");
        assertThat(text.parts())
                .containsExactly(
                        new Macro(new Span(0, 4), 'i', false, 0, false, "."),
                        new Literal(" of "),
                        new Macro(new Span(8, 16), 'd', true, 2, true, "-+"),
                        new Literal(" is"),
                        new Escape(new Span(19, 21), " "),
                        new Literal("bad "),
                        new Macro(new Span(25, 29), 't', false, 0, false, "."));
        assertThatThrownBy(() -> SpfParser.parseExplanation("a %{x}")).hasMessageStartingWith("at octet 2: ");
        assertThatThrownBy(() -> SpfParser.parseExplanation("a\tb"))
                .hasMessage("at octet 1: the control character 0x09 is not allowed in a record");
    }

    @Test
    void parsesLongRecordsWithoutRecursion() {
        assertThat(SpfParser.parse("v=spf1 exists:" + "a.".repeat(30_000) + "org -all"))
                .isInstanceOf(SpfRecord.class);
        assertThat(SpfParser.parse("v=spf1 exists:" + "%{i}".repeat(15_000) + " -all"))
                .isInstanceOf(SpfRecord.class);
        assertThat(SpfParser.parse("v=spf1" + " ip4:192.0.2.1".repeat(4_000)).terms())
                .hasSize(4_000);
    }

    @Property
    void parsesAnyBytesOrLocatesProblem(@ForAll @Size(max = 200) byte[] octets) {
        SpfParseResult parse = SpfParser.parse(octets);
        checkPlaces(parse);
    }

    @Property
    void parsesAnyTermsOrLocatesProblem(
            @ForAll @Size(max = 8) List<@net.jqwik.api.From("fragments") String> fragments) {
        checkPlaces(SpfParser.parse("v=spf1 " + String.join("", fragments)));
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> fragments() {
        return net.jqwik.api.Arbitraries.of(
                " ",
                "a",
                "mx",
                "all",
                "include",
                "ptr",
                "exists",
                "ip4",
                "ip6",
                ":",
                "/",
                "//",
                "=",
                "%",
                "%{",
                "}",
                "{",
                "i",
                "d2r",
                ".",
                "-",
                "~",
                "1.2.3.4",
                "::1",
                "org",
                "redirect",
                "exp",
                "24",
                "0",
                "\u00e4",
                "\u0000",
                "_");
    }

    private static void checkPlaces(SpfParseResult parse) {
        if (parse instanceof MalformedRecord) {
            assertThat(parse.problems()).isNotEmpty();
        }
        for (SyntaxProblem problem : parse.problems()) {
            assertThat(problem.span().start()).isBetween(0, problem.span().end());
            assertThat(problem.span().end()).isLessThanOrEqualTo(parse.text().length());
            assertThat(problem.message()).matches("[ -~]+");
        }
        for (Term term : parse.terms()) {
            assertThat(term.span().of(parse.text())).containsIgnoringCase(term.name());
        }
    }
}
