package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SecretTextTest {

    private static final String TEXT = SecretText.of("0123456789abcdef");

    @Test
    void containsCrc32OfPrefixAndBody() {
        // As: printf sa1.0123456789abcdef | gzip -c | tail -c8 | od -A n -t x4 -N 4
        assertThat(TEXT).isEqualTo("sa1.0123456789abcdef.a49fb4d8");
        assertThat(SecretText.body(TEXT)).isEqualTo("0123456789abcdef");
    }

    @Test
    void generatesWhatEximAccepts() {
        String first = SecretText.generate(new SecureRandom());
        assertThat(first).matches("[A-Za-z0-9._-]{56}");
        assertThat(SecretText.body(first)).hasSize(43);
        assertThat(SecretText.generate(new SecureRandom())).isNotEqualTo(first);
    }

    @Test
    void returnsOtherTextUnchanged() {
        for (String text : new String[] {"", "a key without checksum", "sa1", "SA1.x.00000000", "xsa1.a.b"}) {
            assertThat(SecretText.body(text)).isEqualTo(text);
        }
    }

    @Test
    void rejectsEachTruncation() {
        for (int length = 4; length < TEXT.length(); length++) {
            String truncated = TEXT.substring(0, length);
            assertThatThrownBy(() -> SecretText.body(truncated))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("incomplete or changed");
        }
    }

    @Test
    void rejectsEachChangedCharacter() {
        for (int i = 4; i < TEXT.length(); i++) {
            StringBuilder changed = new StringBuilder(TEXT);
            changed.setCharAt(i, changed.charAt(i) == 'x' ? 'y' : 'x');
            assertThatThrownBy(() -> SecretText.body(changed.toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("23456789");
        }
    }

    @Test
    void namesAddedWhiteSpace() {
        for (String text : new String[] {TEXT + "\n", TEXT + "\r\n", " " + TEXT}) {
            assertThatThrownBy(() -> SecretText.body(text)).hasMessageContaining("were added to the key");
        }
    }
}
