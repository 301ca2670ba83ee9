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
}
