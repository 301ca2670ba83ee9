package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SrsTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "localhost", "a_b.example", "X-1.example", "xn--bcher-kva.example"})
    void readsHosts(String text) {
        assertThat(SrsText.isHost(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "-a.b", "a-.b", "a b", "a=b", "[192.0.2.1]", "a@b", "bücher"})
    void refusesOthers(String text) {
        assertThat(SrsText.isHost(text)).isFalse();
    }

    @Test
    void limitsLabelTo63Octets() {
        assertThat(SrsText.isHost("a".repeat(63) + ".b")).isTrue();
        assertThat(SrsText.isHost("a".repeat(64) + ".b")).isFalse();
        assertThat(SrsText.isHost("a.".repeat(128) + "b")).isFalse();
    }

    @Test
    void base32EqualsLowerCaseRfc4648() {
        // RFC 4648 section 10: BASE32("fooba") = MZXW6YTB
        assertThat(SrsText.base32("fooba".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 8))
                .isEqualTo("mzxw6ytb");
        assertThat(SrsText.base32(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff}, 4))
                .isEqualTo("7777");
    }

    @Test
    void foldsAsciiOnly() {
        assertThat(SrsText.lower("ÄbC")).isEqualTo("Äbc");
    }
}
