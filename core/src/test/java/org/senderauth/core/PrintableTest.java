package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "~", "alice@example.org", "älice@exämple.org", "名前", "\u00a0", "\uD83D\uDE00", "\ue000"
            })
    void whatCanBeShownStays(String text) {
        assertThat(Printable.is(text)).isTrue();
        assertThat(Printable.of(text)).isSameAs(text);
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
    void whatWouldActBecomesAQuestionMark(String codePoint, String what) {
        char c = (char) Integer.parseInt(codePoint, 16);
        assertThat(Printable.is("a" + c)).as(what).isFalse();
        assertThat(Printable.of("ä" + c + "b")).as(what).isEqualTo("ä?b");
    }

    @Test
    void asciiIsWhatEveryTerminalShows() {
        String all = " ~azAZ09";
        assertThat(Printable.ascii(all)).isSameAs(all);
        assertThat(Printable.isAscii(all)).isTrue();
        assertThat(Printable.isAscii("a\u001f")).isFalse();
        assertThat(Printable.isAscii("a\u007f")).isFalse();
        assertThat(Printable.isAscii("\u00e4")).isFalse();
        assertThat(Printable.ascii("\u001f\u007f\u0080\r\n\u00e4\ud83d\ude00\ud83d."))
                .isEqualTo("????????.");
    }

    @Test
    void aPairThatIsNotPrintableIsOneQuestionMark() {
        assertThat(Printable.of("a" + Character.toString(0xE0001) + "b")).isEqualTo("a?b");
    }

    @Property
    void whatIsGivenIsPrintableAndHasNoMoreCharacters(@ForAll String text) {
        String shown = Printable.of(text);
        assertThat(Printable.is(shown)).isTrue();
        assertThat(shown.codePointCount(0, shown.length())).isEqualTo(text.codePointCount(0, text.length()));
    }
}
