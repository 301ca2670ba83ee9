package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

class DomainNamesTest {

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org.",
        "example.org., example.org.",
        "EXAMPLE.org, EXAMPLE.org.",
        "_spf.example.org, _spf.example.org.",
        "localhost, localhost.",
        // IDNA2008 keeps the sharp s and the final sigma, where IDNA2003 would map them away.
        "faß.example, xn--fa-hia.example.",
        "βόλος.example, xn--nxasmm1c.example.",
        "BÜCHER.example, xn--bcher-kva.example.",
        "bücher。example, xn--bcher-kva.example.",
        "_spf.bücher.example, _spf.xn--bcher-kva.example.",
        "Mail._domainkey.BÜCHER。example., Mail._domainkey.xn--bcher-kva.example.",
        "_spf.\u05d0\u05d1.example, _spf.xn--4dbc.example.",
    })
    void parsesAbsoluteName(String text, String name) {
        assertThat(DomainNames.parse(text)).hasValueSatisfying(n -> {
            assertThat(n).hasToString(name);
            assertThat(n.isAbsolute()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a..",
                "\u00ad",
                "a\u200db.example",
                "-ü.example",
                "ü_.example",
                "_a..ü",
                "_a.-ü"
            })
    void rejectsInvalidName(String text) {
        assertThat(DomainNames.parse(text)).isEmpty();
    }

    @Test
    void limitsLengths() {
        assertThat(DomainNames.parse("a".repeat(63) + ".example")).isPresent();
        assertThat(DomainNames.parse("a".repeat(64) + ".example")).isEmpty();
        String longest = ("a".repeat(63) + ".").repeat(3) + "a".repeat(61);
        assertThat(DomainNames.parse(longest)).isPresent();
        assertThat(DomainNames.parse(longest + ".")).isPresent();
        assertThat(DomainNames.parse(longest + "a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ü", "xn--", "\ufdfa", "a\ufdfa"})
    void rejectsLabelOfAnyExcessLength(String part) {
        assertThat(DomainNames.parse("ü." + part.repeat(5000))).isEmpty();
        assertThat(DomainNames.parse(part.repeat(5000) + ".ü")).isEmpty();
    }

    @Test
    void keepsBackslash() {
        Name name = DomainNames.of("a\\.example");
        assertThat(name.labels()).isEqualTo(3);
        assertThat(name.getLabel(0)).containsExactly(2, 'a', '\\');
    }

    @Test
    void rejectsInvalidNameInOwnCode() {
        assertThatThrownBy(() -> DomainNames.of("a..b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a domain name: a..b");
    }

    @Test
    void formatsNameWithoutFinalDot() {
        assertThat(DomainNames.text(DomainNames.of("example.org"))).isEqualTo("example.org");
        assertThat(DomainNames.text(Name.root)).isEqualTo(".");
    }

    @Property
    void parsesAnyTextWithoutException(@ForAll String text) {
        DomainNames.parse(text).ifPresent(name -> assertThat(name.isAbsolute()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.org., example.org",
        "b\u00fccher.example, xn--bcher-kva.example",
        "B\u00dcCHER.example., xn--bcher-kva.example",
        "XN--BCHER-KVA.example, xn--bcher-kva.example",
        "example\u3002org, example.org",
        "example.org\u3002, example.org",
        "[IPv6:2001:DB8::1], [ipv6:2001:db8::1]",
        "a..b.., a..b..",
        "., .",
        "'', ''",
        "_A.b\u00fccher.Example, _a.xn--bcher-kva.example",
        "K_\u212a.example, k_\u212a.example",
    })
    void eachDomainHasOneCanonicalForm(String domain, String canonical) {
        assertThat(DomainNames.canonical(domain)).isEqualTo(canonical);
        assertThat(DomainNames.canonical(canonical)).isEqualTo(canonical);
    }
}
