package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MessageExcerptTest {

    private static final int KEPT = MessageExcerpt.HEAD_BYTES + MessageExcerpt.TAIL_BYTES;

    private static byte[] message(int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (i * 31 + (i >> 8));
        }
        return message;
    }

    /** A stream that reads in pieces, and tells and skips only a part of the bytes. */
    private static InputStream stream(byte[] message, int piece, double promised, double skipped) {
        return new FilterInputStream(new ByteArrayInputStream(message)) {
            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                return super.read(bytes, offset, Math.min(count, piece));
            }

            @Override
            public int available() throws IOException {
                return (int) (super.available() * promised);
            }

            @Override
            public long skip(long count) throws IOException {
                return super.skip((long) (count * skipped));
            }
        };
    }

    private static void assertExcerpt(MessageExcerpt excerpt, byte[] message) {
        assertThat(excerpt.length()).isEqualTo(message.length);
        assertThat(excerpt.isComplete()).isEqualTo(message.length <= KEPT);
        assertThat(excerpt.text().equals(MessageExcerpt.text(message))).isTrue();
        // Again: the excerpt is not changed by it.
        assertThat(excerpt.text().equals(MessageExcerpt.text(message))).isTrue();
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 300_000),
                Arbitraries.of(8 * 1024, MessageExcerpt.HEAD_BYTES, KEPT)
                        .flatMap(edge -> Arbitraries.integers().between(edge - 2, edge + 2)));
    }

    @Property(tries = 300)
    void isSameForAnyPieces(@ForAll("lengths") int length, @ForAll @IntRange(min = 1, max = 150_000) int piece) {
        byte[] message = message(length);
        MessageExcerpt excerpt = new MessageExcerpt();
        for (int at = 0; at < length; at += piece) {
            excerpt.append(message, at, Math.min(piece, length - at));
        }
        assertExcerpt(excerpt, message);
    }

    @Property(tries = 300)
    void isSameForAnyStream(
            @ForAll("lengths") int length,
            @ForAll @IntRange(min = 1, max = 150_000) int piece,
            @ForAll("fractions") double promised,
            @ForAll("fractions") double skipped)
            throws IOException {
        byte[] message = message(length);
        assertExcerpt(MessageExcerpt.read(stream(message, piece, promised, skipped)), message);
    }

    @Provide
    Arbitrary<Double> fractions() {
        return Arbitraries.of(0.0, 0.3, 0.99, 1.0);
    }

    @Test
    void skipsMiddleOfStreamThatTellsItsLength() throws IOException {
        byte[] message = message(1_000_000);
        AtomicLong read = new AtomicLong();
        MessageExcerpt excerpt = MessageExcerpt.read(new FilterInputStream(new ByteArrayInputStream(message)) {
            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                int more = super.read(bytes, offset, count);
                read.addAndGet(more);
                return more;
            }
        });

        assertExcerpt(excerpt, message);
        assertThat(read.get()).isLessThanOrEqualTo(KEPT);
    }

    @Test
    void isIncompleteIfStreamPromisedMoreThanItHad() throws IOException {
        byte[] message = message(MessageExcerpt.HEAD_BYTES + 10_000);
        // Skips to the end, as a file does that became shorter meanwhile.
        MessageExcerpt excerpt = MessageExcerpt.read(stream(message, 10_000, 20, 1));

        assertThat(excerpt.isComplete()).isFalse();
        assertThat(excerpt.text())
                .isEqualTo(MessageExcerpt.text(Arrays.copyOf(message, MessageExcerpt.HEAD_BYTES)) + "\n\n");
    }
}
