package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MimePartsTest {

    /** Newlines are frequent here, as are the bytes next to LF. */
    private static final byte[] BYTES = {'\r', '\n', 'x', '\u000b', '\t', (byte) 0x8a, 0, -1};

    @Property
    void findsFirstNewlineWhereverItIs(
            @ForAll @Size(max = 60) byte[] choices, @ForAll @IntRange(max = 60) int start, @ForAll boolean rare) {
        byte[] raw = new byte[choices.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = rare && (choices[i] & 0x70) != 0 ? (byte) 'x' : BYTES[choices[i] & 7];
        }
        int from = Math.min(start, raw.length);
        int expected = raw.length;
        for (int i = raw.length - 2; i >= from; i--) {
            expected = raw[i] == '\r' && raw[i + 1] == '\n' ? i : expected;
        }
        assertThat(MimeParts.lineEnd(raw, from, raw.length)).isEqualTo(expected);
    }
}
