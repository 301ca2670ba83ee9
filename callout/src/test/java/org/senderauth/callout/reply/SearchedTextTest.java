package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text that counts the work for one reply. */
class SearchedTextTest {

    @Test
    void isTheText() {
        SearchedText text = SearchedText.of("user unknown");
        assertThat(text).hasToString("user unknown").hasSize(12);
        assertThat(text.subSequence(1, 3)).isEqualTo("se");
        assertThat(text.charAt(5)).isEqualTo('u');
    }

    @Test
    void countsEachCharacterThatIsRead() {
        SearchedText text = SearchedText.of("user");
        assertThat(text.steps()).isEqualTo(4);
        text.charAt(0);
        text.charAt(0);
        assertThat(text.steps()).isEqualTo(6);
        text.countMatch();
        assertThat(text.steps()).isEqualTo(22);
    }

    @Test
    void countsSearchAndItsPositions() {
        SearchedText text = SearchedText.of("a".repeat(8) + " . . .");
        int before = text.steps();
        assertThat(text.starts()).hasSize(6);
        assertThat(text.steps()).isEqualTo(before + 9);
        assertThat(text.positions()).isEqualTo(14);
        assertThat(text.steps()).isEqualTo(before + 9 + 11);
    }

    @Test
    void otherTextOfSameReplyHasSameCount() {
        SearchedText text = SearchedText.of("user");
        SearchedText other = text.with("b");
        other.charAt(0);
        assertThat(other).hasToString("b");
        assertThat(text.steps()).isEqualTo(6).isEqualTo(other.steps());
    }

    @Test
    void endsAfterMaximum() {
        SearchedText text = SearchedText.of("");
        for (int i = 0; i < SearchedText.MAX_STEPS / 16; i++) {
            text.countMatch();
        }
        assertThat(text.steps()).isEqualTo(SearchedText.MAX_STEPS);
        assertThatThrownBy(text::countMatch)
                .isInstanceOf(ReplyTooLongException.class)
                .hasMessage("longer than any real reply");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b | 0, 2",
                "ab2 2b | 0, 4",
                "@a .b | 0, 1, 3, 4",
                "é 用户 | 0, 2",
                "٣ ²a Ⅷb | 0, 2, 5",
                "a . b | 0, 2, 3, 4",
            })
    void wordsStartAfterWhatIsNoLetterOrNumber(String text, String starts) {
        assertThat(Arrays.toString(SearchedText.of(text).starts())).isEqualTo("[" + starts + "]");
    }
}
