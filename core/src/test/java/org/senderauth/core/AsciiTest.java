package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiTest {

    @Property
    void lowercasesLettersOfAsciiOnly(@ForAll String text) {
        String lower = Ascii.toLowerCase(text);

        assertThat(lower).hasSameSizeAs(text).doesNotContainPattern("[A-Z]").isEqualToIgnoringCase(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            assertThat(lower.charAt(i)).isEqualTo(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
    }

    @Test
    void leavesLowerCaseTextAsItIs() {
        String text = "mail.example.org";
        assertThat(Ascii.toLowerCase(text)).isSameAs(text);
    }

    @Test
    void writesConstantsWithHyphens() {
        assertThat(Ascii.text(TimeUnit.MILLISECONDS)).isEqualTo("milliseconds");
        assertThat(Ascii.text(Thread.State.TIMED_WAITING)).isEqualTo("timed-waiting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "alice+tag", "prvs=1234567890=a", "a/b", "!#$%&'*-/=?^_`{|}~"})
    void recognizesDotAtoms(String text) {
        assertThat(Ascii.isDotAtom(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".a", "a.", "a..b", "a b", "a@b", "a\tb", "\"a\"", "a\\b", "[a]", "é", "a\u007f"})
    void rejectsOtherTextAsDotAtom(String text) {
        assertThat(Ascii.isDotAtom(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a;b", "a/b", "a?b", "\"", "é", "a@b"})
    void rejectsOtherTextAsToken(String text) {
        assertThat(Ascii.isToken(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "mail.example.org", "x-csa", "..", "a+b"})
    void recognizesTokens(String text) {
        assertThat(Ascii.isToken(text)).isTrue();
    }
}
