package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthservIdTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "mx.example.org; spf=pass|mx.example.org",
                "mx.example.org|mx.example.org",
                "mx.example.org 1; none|mx.example.org",
                " \t(x (y) \\( z) mx.example.org(c); none|mx.example.org",
                "\"mx\\.example.org\"; none|mx.example.org",
                "mx.example.org.evil.example; none|mx.example.org.evil.example"
            })
    void readsCommentsAndQuotes(String value, String id) {
        assertThat(AuthservId.of(value)).hasValue(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "; spf=pass", "(open mx.example.org", "\"open mx.example.org", "(\\"})
    void fieldWithoutIdHasNone(String value) {
        assertThat(AuthservId.of(value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mx.bücher.example; spf=pass",
                "MX.xn--bcher-kva.EXAMPLE.; spf=pass",
                "\u000bmx.bücher.example; spf=pass",
                "\f mx.bücher.example; spf=pass",
                "\u00a0mx.bücher.example; spf=pass",
                "\ufeffmx.bücher.example\u2003; spf=pass",
                "\" mx.bücher.example\"; spf=pass",
                "\"mx.bücher.example; spf=pass",
                "(a(b)mx.bücher.example; spf=pass",
                "(a\\)mx.bücher.example; spf=pass"
            })
    void findsNameInSpellingsOfLaxReaders(String value) {
        assertThat(AuthservId.is("mx.xn--bcher-kva.example", value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "mx.example.org",
                "other.example (mx.bücher.example); none",
                "mx.bücher.example.org; none",
                "other.example; x=mx.bücher.example"
            })
    void namesOfOtherHostsAreTheirs(String value) {
        assertThat(AuthservId.is("mx.xn--bcher-kva.example", value)).isFalse();
    }
}
