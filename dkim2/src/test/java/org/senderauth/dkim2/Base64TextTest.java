package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64TextTest {

    @Property(tries = 5000)
    void onlyCanonicalTextsAreRead(
            @ForAll @StringLength(max = 12) @CharRange(from = 'A', to = 'H') @Chars({'=', '/', '+', '0', ' ', '-'})
                    String text) {
        Optional<byte[]> read = Base64Text.decode(text);
        String packed = text.replace(" ", "");
        assertThat(read.map(Base64.getEncoder()::encodeToString))
                .isEqualTo(isCanonical(packed) ? Optional.of(packed) : Optional.empty());
    }

    private static boolean isCanonical(String packed) {
        try {
            return !packed.isEmpty()
                    && Base64.getEncoder()
                            .encodeToString(Base64.getDecoder().decode(packed))
                            .equals(packed);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"QQ==", "QUI=", "QUJD", "Q Q\t=="})
    void readsPaddedTexts(String text) {
        assertThat(Base64Text.decode(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "QQ", "QQ=", "QR==", "QUJ=", "QUK=", "Q===", "====", "QQ==QQ==", "Q=Q=", "QQ-_"})
    void rejectsOtherPaddingAndAlphabets(String text) {
        assertThat(Base64Text.decode(text)).isEmpty();
    }

    @Test
    void blanksMayBeAnywhere() {
        assertThat(Base64Text.decode(" QU\t JD \t"))
                .hasValueSatisfying(read -> assertThat(read).isEqualTo(new byte[] {'A', 'B', 'C'}));
    }
}
