package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example.org",
                "a.b+c@example.org",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                "prvs=0896eca59c=joe@example.com",
                "\"john doe\"@example.org",
                "\"a@b\"@example.org",
                "\"\\\"\\\\\"@example.org",
                "\"\"@example.org",
                "alice@[192.0.2.1]",
                "alice@[IPv6:2001:db8::1]",
                "münchen@bücher.example",
                "alice@localhost",
                "a@1.example",
                "azAZ09@azAZ09.example",
                "a\u00a0b@example.org",
                "\"\u00a0\"@example.org",
                "\"\\~\"@example.org",
                "a@b\u00a0.example",
                "a@[!]",
                "a@[~]"
            })
    void parsesAndWritesAddressesOfTheGrammar(String text) {
        assertThat(MailAddress.parse(text))
                .hasValueSatisfying(a -> assertThat(a).hasToString(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "alice",
                "alice@",
                "@example.org",
                ".alice@example.org",
                "alice.@example.org",
                "a..b@example.org",
                "a b@example.org",
                "a@b@example.org",
                "\"a@example.org",
                "\"a\"b@example.org",
                "\"a\\\"@example.org",
                "\"a\\é\"@example.org",
                "\"a\u0080\"@example.org",
                "a\u0085b@example.org",
                "alice@exa mple.org",
                "alice@example..org",
                "alice@example.org..",
                "alice@-example.org",
                "alice@example-.org",
                "alice@exa_mple.org",
                "alice@[192.0.2.1",
                "alice@[]",
                "alice@[a b]",
                "alice@[a[b]",
                "alice\r\nDATA@example.org",
                "alice@example.org\r\n",
                "ali\0ce@example.org",
                "\"\u007f\"@example.org",
                "\"\u009f\"@example.org",
                "\"\\\u007f\"@example.org",
                "\"\\\u00e9\"@example.org",
                "a\u009fb@example.org",
                "a`@b`.example",
                "a@b{.example",
                "a@b@.example",
                "a@b[.example",
                "a@b/.example",
                "a@b:.example",
                "a@b\u009f.example",
                "a@[ ]",
                "a@[\u007f]"
            })
    void rejectsAddressesOutsideTheGrammar(String text) {
        assertThat(MailAddress.parse(text)).isEmpty();
    }

    @Test
    void lengthsAreCountedInOctets() {
        assertThat(MailAddress.parse("a".repeat(64) + "@example.org")).isPresent();
        assertThat(MailAddress.parse("a".repeat(65) + "@example.org")).isEmpty();
        assertThat(MailAddress.parse("é".repeat(32) + "@example.org")).isPresent();
        assertThat(MailAddress.parse("é".repeat(32) + "a@example.org")).isEmpty();
        String label = "d".repeat(63);
        assertThat(MailAddress.parse("a@" + label)).isPresent();
        assertThat(MailAddress.parse("a@d" + label)).isEmpty();
        String domain = (label + ".").repeat(3) + "d".repeat(60);
        assertThat(MailAddress.parse("a@" + domain)).isPresent();
        assertThat(MailAddress.parse("é@" + domain)).isEmpty();
        String longDomain = (label + ".").repeat(3) + "d".repeat(63);
        assertThat(new MailAddress("a", longDomain).isValid())
                .as("a domain of 255 octets leaves no room for a local part in a path")
                .isFalse();
        assertThat(MailAddress.parse("ab@" + domain))
                .as("a path has 256 octets with its brackets")
                .isEmpty();
    }

    @Test
    void splitsAtLastAtSignWithoutCheckingGrammar() {
        assertThat(MailAddress.split("a..b@exa_mple.org")).hasValue(new MailAddress("a..b", "exa_mple.org"));
        assertThat(MailAddress.split("\"a@b\"@example.org")).hasValue(new MailAddress("\"a@b\"", "example.org"));
        assertThat(MailAddress.split("\"a@b")).isEmpty();
        assertThat(MailAddress.split("a\n@example.org")).isEmpty();
        assertThat(MailAddress.split("\uD83D\uDCE7@example.org")).isPresent();
        // UTF-8 has no octets for one half of a pair: it would be signed, and sent, as a question mark.
        assertThat(MailAddress.split("\uD83D@example.org")).isEmpty();
        assertThat(MailAddress.split("\uDCE7\uD83D@example.org")).isEmpty();
        assertThat(MailAddress.split("a@example.org\uD83D")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<carol@example.net>",
                "carol@example.net>",
                "carol@example.net ",
                " carol@example.net",
                "carol@example.net SIZE=100",
                "a@b@example.org",
                "a b@example.org",
                "\"a\"b@example.org",
                "a@exa\"mple.org"
            })
    void noPartContainsTheTextAroundAnAddress(String text) {
        assertThat(MailAddress.split(text)).isEmpty();
        int at = text.lastIndexOf('@');
        assertThatThrownBy(() -> new MailAddress(text.substring(0, at), text.substring(at + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void joinsPartsOrReturnsNothing() {
        assertThat(MailAddress.join("alice", "example.org")).contains(new MailAddress("alice", "example.org"));
        for (String[] parts : new String[][] {
            {"", "example.org"}, {"alice", ""}, {"a b", "example.org"}, {"alice", "a@b"}, {"\"a", "example.org"}
        }) {
            assertThat(MailAddress.join(parts[0], parts[1]))
                    .as(parts[0] + '@' + parts[1])
                    .isEmpty();
        }
    }

    @Test
    void acceptsQuotedStringInTheMiddleAsEximWritesIt() {
        assertThat(MailAddress.split("prvs=0123abcdef=\"john <doe>\"@example.org"))
                .isPresent();
        assertThat(MailAddress.split("prvs=0123abcdef=\"john \\\" doe\"@example.org"))
                .isPresent();
        assertThat(MailAddress.split("prvs=0123abcdef=\"john doe@example.org")).isEmpty();
        assertThat(MailAddress.split("prvs=0123abcdef=\"john\" doe@example.org"))
                .isEmpty();
    }

    @Test
    void quotesAndBackslashesAreTakenOffOnDemand() {
        assertThat(MailAddress.of("\"john \\\"d\\\\oe\"@example.org").unquotedLocalPart())
                .isEqualTo("john \"d\\oe");
        assertThat(MailAddress.of("john@example.org").unquotedLocalPart()).isEqualTo("john");
        assertThat(MailAddress.split("\"@example.org").isPresent()).isFalse();
    }

    @Test
    void lowersOnlyDomainForLookups() {
        assertThat(MailAddress.of("Alice@EXAMPLE.Org").withLowerCaseDomain()).hasToString("Alice@example.org");
    }

    @Test
    void lowersAsciiLettersOnly() {
        assertThat(MailAddress.of("AZaz09\u00c4@EXAMPLE.org").toLowerCase()).hasToString("azaz09\u00c4@example.org");
        assertThat(MailAddress.of("az@EXAMPLE.org").toLowerCase()).hasToString("az@example.org");
        MailAddress lower = MailAddress.of("alice@example.org");
        assertThat(lower.toLowerCase()).isSameAs(lower);
        assertThat(new MailAddress("a", "?AZ[`{").withLowerCaseDomain()).hasToString("a@?az[`{");
    }

    @Test
    void octetsOfCharactersBeyondAsciiAreMore() {
        assertThat(new MailAddress("~", "b").octets()).isEqualTo(3);
        assertThat(new MailAddress("\u0080", "b").octets()).isEqualTo(4);
        assertThat(new MailAddress("~", "b").isAscii()).isTrue();
        assertThat(new MailAddress("\u0080", "b").isAscii()).isFalse();
    }

    @Test
    void keepsDomainWithNewLocalPart() {
        assertThat(MailAddress.of("alice@example.org").withLocalPart("bob")).hasToString("bob@example.org");
    }

    @Test
    void smtpUtf8IsNeededForNonAsciiOnly() {
        assertThat(MailAddress.of("alice@example.org").isAscii()).isTrue();
        assertThat(MailAddress.of("alice@bücher.example").isAscii()).isFalse();
    }

    @Test
    void measuresLocalPartInBytes() {
        assertThat(MailAddress.of("alice@example.org").localPartOctets()).isEqualTo(5);
        assertThat(MailAddress.of("é@example.org").localPartOctets()).isEqualTo(2);
        assertThat(MailAddress.of("\u00a0@example.org").localPartOctets()).isEqualTo(2);
    }

    @Test
    void addressesInOurOwnCodeMustBeRight() {
        assertThatThrownBy(() -> MailAddress.of("no\raddress"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an email address: no?address");
        assertThatThrownBy(() -> new MailAddress("", "example.org")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MailAddress("a", "b@c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MailAddress("a\n", "example.org")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void neverThrowsForAnyText(@ForAll String text) {
        MailAddress.parse(text).ifPresent(a -> assertThat(a.toString()).isEqualTo(text));
        MailAddress.split(text).ifPresent(a -> {
            assertThat(a.unquotedLocalPart()).isNotNull();
            assertThat(a.toString()).isEqualTo(text);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "joe.x|false|joe.x",
                "joe.x|true|\"joe.x\"",
                "josé|false|josé",
                "john doe|false|\"john doe\"",
                ".joe|false|\".joe\"",
                "joe.|false|\"joe.\"",
                "joe..x|false|\"joe..x\"",
                "a\"b\\c|false|\"a\\\"b\\\\c\""
            })
    void contentOfALocalPartIsQuotedOnlyWhereNeeded(String content, boolean quoted, String localPart) {
        MailAddress address =
                MailAddress.ofContent(content, quoted, "example.org").orElseThrow();
        assertThat(address).isEqualTo(new MailAddress(localPart, "example.org"));
        assertThat(address.unquotedLocalPart()).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({"'',example.org", "joe,''", "joe,a b", "joe,'a\"b'", "'a\u0000b',example.org", "'a\ud800b',example.org"
    })
    void partsThatNoAddressHasAreEmpty(String content, String domain) {
        assertThat(MailAddress.ofContent(content, false, domain)).isEmpty();
        assertThat(MailAddress.ofContent(content, true, domain)).isEmpty();
    }

    @Property
    void everyCopyOfAnAddressCanBeCreated(@ForAll String localPart, @ForAll String domain) {
        MailAddress.join(localPart, domain)
                .ifPresentOrElse(
                        address -> {
                            assertThat(address).isEqualTo(new MailAddress(localPart, domain));
                            assertThat(address.withLocalPart(localPart)).hasSameHashCodeAs(address);
                            MailAddress lower = address.toLowerCase();
                            assertThat(lower).isEqualTo(new MailAddress(lower.localPart(), lower.domain()));
                        },
                        () -> assertThatThrownBy(() -> new MailAddress(localPart, domain))
                                .isInstanceOf(IllegalArgumentException.class));
    }

    @ParameterizedTest
    @CsvSource({
        "joe@example.org., joe@example.org",
        "joe@Example.Org., joe@Example.Org",
        "joe@[192.0.2.1]., joe@[192.0.2.1]",
        "joe@example.org.., joe@example.org..",
        "joe@., joe@.",
    })
    void absoluteDomainIsSameDomain(String text, String address) {
        MailAddress split = MailAddress.split(text).orElseThrow();
        int at = text.indexOf('@');

        assertThat(split).hasToString(address);
        assertThat(new MailAddress("joe", text.substring(at + 1))).isEqualTo(split);
        assertThat(MailAddress.join("joe", text.substring(at + 1))).contains(split);
        assertThat(MailAddress.ofContent("joe", false, text.substring(at + 1))).contains(split);
        assertThat(EnvelopePath.parse("<" + text + ">").address()).contains(split);
        assertThat(EnvelopePath.parse("@" + text.substring(at + 1)))
                .isEqualTo(new EnvelopePath.Partial("", split.domain()));
    }
}
