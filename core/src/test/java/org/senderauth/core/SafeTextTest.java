package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "~", "alice@example.org", "älice@exämple.org", "名前", "\u00a0", "\uD83D\uDE00", "\ue000"
            })
    void keepsPrintableText(String text) {
        assertThat(SafeText.is(text)).isTrue();
        assertThat(SafeText.of(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({
        "000a, the end of a line",
        "000d, its beginning",
        "0000, NUL",
        "001b, the escape of a terminal",
        "007f, DEL",
        "0085, the end of a line in C1",
        "009b, the escape of a terminal in C1",
        "200b, what has no width",
        "2028, the separator of lines",
        "2029, the separator of paragraphs",
        "202e, right to left from here",
        "feff, the mark of an order of octets",
        "d800, half of a pair",
        "dfff, the other half"
    })
    void replacesControlCharactersByQuestionMark(String codePoint, String what) {
        char c = (char) Integer.parseInt(codePoint, 16);
        assertThat(SafeText.is("a" + c)).as(what).isFalse();
        assertThat(SafeText.of("ä" + c + "b")).as(what).isEqualTo("ä?b");
    }

    @Test
    void asciiIsWhatEveryTerminalShows() {
        String all = " ~azAZ09";
        assertThat(SafeText.ascii(all)).isSameAs(all);
        assertThat(SafeText.isAscii(all)).isTrue();
        assertThat(SafeText.isAscii("a\u001f")).isFalse();
        assertThat(SafeText.isAscii("a\u007f")).isFalse();
        assertThat(SafeText.isAscii("\u00e4")).isFalse();
        assertThat(SafeText.ascii("\u001f\u007f\u0080\r\n\u00e4\ud83d\ude00\ud83d."))
                .isEqualTo("????????.");
    }

    @Test
    void replacesUnprintablePairByOneQuestionMark() {
        assertThat(SafeText.of("a" + Character.toString(0xE0001) + "b")).isEqualTo("a?b");
    }

    @Property
    void resultIsPrintableAndNotLonger(@ForAll String text) {
        String shown = SafeText.of(text);
        assertThat(SafeText.is(shown)).isTrue();
        assertThat(shown.codePointCount(0, shown.length())).isEqualTo(text.codePointCount(0, text.length()));
    }
}
