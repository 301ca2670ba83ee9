package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.EnvelopePath.Malformed;
import org.senderauth.core.EnvelopePath.Partial;

class EnvelopePathTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "carol@example.net,carol@example.net",
                "<carol@example.net>,carol@example.net",
                " carol@example.net ,carol@example.net",
                "\tcarol@example.net\t,carol@example.net",
                " <carol@example.net> ,carol@example.net",
                "`<@relay.example,@mx.example:carol@example.net>`,carol@example.net",
                "@relay.example:carol@example.net,carol@example.net",
                "a..b@exa_mple.org,a..b@exa_mple.org",
                "<carol@[192.0.2.1]>,carol@[192.0.2.1]",
                "<\"a> b@c\"@example.net>,\"a> b@c\"@example.net",
                "<\"a\\\"b>\"@example.net>,\"a\\\"b>\"@example.net",
                "john doe@example.net,\"john doe\"@example.net",
                "a@b@example.net,\"a@b\"@example.net",
                "a \"b\\@example.net,\"a \\\"b\\\\\"@example.net",
                "<käthe@bücher.example>,käthe@bücher.example",
            })
    void understandsAnAddressInItsPath(String text, String address) {
        assertThat(EnvelopePath.parse(text).address()).hasToString("Optional[" + address + "]");
        assertThat(EnvelopePath.require(text, "sender")).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<>", " ", " <> "})
    void understandsTheNullReversePath(String text) {
        assertThat(EnvelopePath.parse(text)).isEqualTo(new EnvelopePath.Null());
        assertThatThrownBy(() -> EnvelopePath.require(text, "sender"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sender must be an email address such as alice@example.org, was '");
    }

    @Test
    void understandsHalfAnAddress() {
        assertThat(EnvelopePath.parse("<Postmaster>")).isEqualTo(new Partial("Postmaster", ""));
        assertThat(EnvelopePath.parse("@example.net")).isEqualTo(new Partial("", "example.net"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<carol@example.net",
                "carol@example.net>",
                "<<carol@example.net>>",
                "carol@example.net SIZE=100",
                "<carol@example.net> SIZE=100",
                "carol@example.net AUTH=x@example.org",
                "carol@example.net,dave@example.net",
                "carol@example.net <dave@example.org>",
                "Carol <carol@example.net>",
                "carol@ example.net",
                "carol@exam\"ple.net",
                "carol@",
                "@",
                "< >",
                "\"carol@example.net",
                "\"carol\"x@example.net",
                "@relay.example:",
                "@relay.example:@example.net",
                "@relay example:carol@example.net",
                "carol@example.net\r\n",
                "carol\u0000@example.net",
                "carol smith",
                "carol\uD83D@example.net"
            })
    void reportsWhatIsNoPath(String text) {
        assertThat(EnvelopePath.parse(text))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.problem()).matches("[ -~]{10,120}"));
        assertThatThrownBy(() -> EnvelopePath.require(text, "--from"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("--from must be [ -~]+");
    }

    @Test
    void namesTheParameterThatIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> EnvelopePath.parse(null))
                .withMessage("text");
        assertThatNullPointerException()
                .isThrownBy(() -> EnvelopePath.require(null, "sender"))
                .withMessage("sender");
    }

    @Property
    void noAddressContainsSurroundingSyntax(@ForAll String text) {
        EnvelopePath.parse(text).address().ifPresent(address -> {
            assertThat(address.domain()).doesNotContain(" ", "<", ">", "@", "\"");
            if (!address.isQuoted()) {
                assertThat(address.localPart()).doesNotContain(" ", "<", ">", "@");
            }
            assertThat(EnvelopePath.parse("<" + address + ">").address()).contains(address);
        });
    }
}
