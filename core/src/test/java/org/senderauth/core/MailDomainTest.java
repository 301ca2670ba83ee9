package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailDomainTest {

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "localhost", "_spf.example.org", "bücher.example", "xn--bcher-kva.example"})
    void acceptsDomainNames(String domain) {
        assertThat(MailDomain.require(domain, "domain")).isEqualTo(domain);
        assertThat(MailDomain.require(domain + ".", "domain")).isEqualTo(domain);
        assertThat(MailDomain.parse(" " + domain + "\t")).contains(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", " example.org", "example.org ", "<example.org>", "@example.org", "alice@example.org",
                "a..example", ".example", "[192.0.2.1]", "exa mple.org", "example.org\n", "a/b.example", "*.example.org"
            })
    void rejectsWhatAProgramMustNotName(String text) {
        assertThatThrownBy(() -> MailDomain.require(text, "domain"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("domain must be a domain name such as example.org, was '[ -~]*'");
    }

    @Test
    void rejectsLongLabelsAndLongNames() {
        String label = "d".repeat(63);
        assertThat(MailDomain.require(label + ".example", "domain")).isNotEmpty();
        assertThatThrownBy(() -> MailDomain.require("d" + label, "domain"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MailDomain.require((label + ".").repeat(4) + "d", "domain"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[192.0.2.1]", "a..b", "host_1", "a/b"})
    void understandsWhatClientsSay(String helo) {
        assertThat(MailDomain.parse(helo)).contains(helo);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "<mail.example.org>", "mail.example.org SIZE=1", "a@b", "a\"b", "a\rb", "\uD83D"})
    void reportsWhatIsNoName(String helo) {
        assertThat(MailDomain.parse(helo)).isEmpty();
    }

    @Test
    void namesTheParameterThatIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> MailDomain.require(null, "hostname"))
                .withMessage("hostname");
    }
}
