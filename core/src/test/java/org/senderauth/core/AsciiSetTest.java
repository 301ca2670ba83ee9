package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class AsciiSetTest {

    @Property
    void hasExactlyItsCharacters(@ForAll @CharRange(from = 0, to = 0x100) char c) {
        String characters = "!09AZaz~\u0000\u007f@?";
        assertThat(AsciiSet.of(characters).has(c)).isEqualTo(characters.indexOf(c) >= 0);
        boolean printable = c >= ' ' && c < 0x7f;
        assertThat(AsciiSet.of(characters).otherPrintable().has(c)).isEqualTo(printable && characters.indexOf(c) < 0);
    }

    @Test
    void joinsSets() {
        AsciiSet set = AsciiSet.LETTERS_AND_DIGITS.with("-");
        assertThat("azAZ09-".chars().allMatch(c -> set.has((char) c))).isTrue();
        assertThat("._ @\u00e9".chars().noneMatch(c -> set.has((char) c))).isTrue();
    }
}
