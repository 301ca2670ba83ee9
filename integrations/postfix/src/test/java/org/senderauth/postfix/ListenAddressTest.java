package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    @ParameterizedTest
    @CsvSource({
        "inet:127.0.0.1:10031, inet:127.0.0.1:10031",
        "inet:localhost:25, inet:127.0.0.1:25",
        "inet:[::1]:10031, inet:[0:0:0:0:0:0:0:1]:10031",
        "inet:0.0.0.0:0, inet:0.0.0.0:0",
        "inet:127.0.0.1:65535, inet:127.0.0.1:65535",
        "unix:/run/senderauth/policy, unix:/run/senderauth/policy"
    })
    void parsesPostfixForms(String text, String again) {
        assertThat(ListenAddress.parse(text).map(ListenAddress::text)).contains(again);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1:10031",
                "inet:10031",
                "inet:127.0.0.1",
                "inet:127.0.0.1:",
                "inet:127.0.0.1:65536",
                "inet:127.0.0.256:1",
                "inet:1:1",
                "inet:mail.example.org:10031",
                "inet:[127.0.0.1]x:1",
                "inet:[:::]:1",
                "unix:policy",
                "unix:",
                "tcp:127.0.0.1:1"
            })
    void parseRefusesOtherFormsWithoutLookup(String text) {
        assertThat(ListenAddress.parse(text)).isEmpty();
    }

    @Test
    void limitsSocketPathLength() {
        assertThat(ListenAddress.parse("unix:/" + "x".repeat(106))).isPresent();
        assertThat(ListenAddress.parse("unix:/" + "x".repeat(107))).isEmpty();
    }
}
