package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.reply.ServerReply;

class ReplyReaderTest {

    private static ServerReply read(String octets) throws IOException {
        return new ReplyReader(stream(octets)).read();
    }

    private static InputStream stream(String octets) {
        return new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertReply(String octets, int code, String... lines) throws IOException {
        ServerReply reply = read(octets);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.lines()).containsExactly(lines);
    }

    @Test
    void readsRepliesOfSeveralLines() throws IOException {
        assertReply("250 2.1.5 OK\r\n", 250, "2.1.5 OK");
        assertReply("550-5.1.1 one\r\n550-\r\n550 three\r\n", 550, "5.1.1 one", "", "three");
        assertThat(read("550-5.1.1 one\r\n550 two\r\n").text()).isEqualTo("5.1.1 one two");
    }

    @Test
    void readsReplyWithoutText() throws IOException {
        assertReply("250\r\n", 250, "");
        assertReply("250-\n250 \n", 250, "", "");
    }

    @Test
    void marksMixedCodesAndUsesLast() throws IOException {
        ServerReply classes = read("250-2.0.0 yes\r\n550 5.1.1 no\r\n");
        assertThat(classes.code()).isEqualTo(550);
        assertThat(classes.mixedCodes()).isTrue();
        assertThat(classes.mixedClasses()).isTrue();
        ServerReply codes = read("553-yes\r\n550 no\r\n");
        assertThat(codes.mixedCodes()).isTrue();
        assertThat(codes.mixedClasses()).isFalse();
    }

    @Test
    void ignoresEnhancedCodeOfOtherClass() throws IOException {
        assertThat(read("550 4.1.1 which?\r\n").enhancedCode()).isEmpty();
        assertThat(read("550 5.1.1x\r\n").enhancedCode()).isEmpty();
        assertThat(read("550 5.1.1\r\n").enhancedCode()).isEqualTo("5.1.1");
        assertThat(read("550 unknown (#5.1.1)\r\n").enhancedCode()).isEqualTo("5.1.1");
        assertThat(read("550 15.1.1 no\r\n").enhancedCode()).isEmpty();
    }

    @Test
    void readsTextInUtf8AndLatin1() throws IOException {
        String accented = "bo\u00eete pleine";
        String utf8 = new String(accented.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(read("550 " + utf8 + "\r\n").text()).isEqualTo(accented);
        assertThat(read("550 " + accented + "\r\n").text()).isEqualTo(accented);
        assertThat(read("550 " + accented + "\r\n").lines()).containsExactly("bo?te pleine");
    }

    @Test
    void keepsPrintableAsciiOnly() throws IOException {
        assertThat(read("550 a\tb\0c\u001b[2Jd\u00e9\r e\r\n").lines()).containsExactly("a?b?c?[2Jd?? e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"25\r\n", "abc hello\r\n", "\r\n", "2500 x\r\n", "250\tx\r\n", "HTTP/1.1 200 OK\r\n", "-50 x\r\n"
            })
    void reportsMalformedReplyAsViolation(String octets) {
        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> read(octets))
                .matches(violation -> !violation.isExcess());
    }

    @Test
    void limitsAreExact() throws IOException {
        int text = ReplyReader.MAX_LINE_OCTETS - "250 ".length() - 2;
        assertThat(read("250 " + "x".repeat(text) + "\r\n").lines().get(0)).hasSize(ServerReply.MAX_LINE_TEXT);
        assertExcess("250 " + "x".repeat(text + 1) + "\r\n");
        String lines = "250-x\r\n".repeat(ReplyReader.MAX_LINES - 1);
        assertThat(read(lines + "250 x\r\n").lines()).hasSize(ReplyReader.MAX_LINES);
        assertExcess(lines + "250-x\r\n250 x\r\n");
        // Lines are counted without their ends.
        String kilobyte = "250-" + "x".repeat(1020) + "\r\n";
        assertThat(read(kilobyte.repeat(15) + "250 " + "x".repeat(1020) + "\r\n")
                        .code())
                .isEqualTo(250);
        assertExcess(kilobyte.repeat(15) + "250 " + "x".repeat(1021) + "\r\n");
    }

    private static void assertExcess(String octets) {
        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> read(octets))
                .matches(ProtocolViolationException::isExcess);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "250", "250 x", "250 x\r", "250-x\r\n", "250-x\r\n25"})
    void rejectsTruncatedReply(String octets) {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> read(octets));
    }

    @Test
    void leavesBytesOfNextReply() throws IOException {
        ReplyReader reader = new ReplyReader(stream("250 a\r\n550 b\r\n"));
        assertThat(reader.hasUnread()).isTrue();
        assertThat(reader.read().code()).isEqualTo(250);
        assertThat(reader.hasUnread()).isTrue();
        assertThat(reader.read().code()).isEqualTo(550);
        assertThat(reader.hasUnread()).isFalse();
    }

    @Property
    void readsRepliesInAnyFragmentation(
            @ForAll("codes") int code, @ForAll @From("texts") List<String> texts, @ForAll long seed)
            throws IOException {
        StringBuilder wire = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            wire.append(code)
                    .append(i == texts.size() - 1 ? ' ' : '-')
                    .append(texts.get(i))
                    .append("\r\n");
        }
        ReplyReader reader =
                new ReplyReader(new Crumbling(stream(wire.toString().repeat(2)), new Random(seed)));
        for (int i = 0; i < 2; i++) {
            ServerReply reply = reader.read();
            assertThat(reply.code()).isEqualTo(code);
            assertThat(reply.lines()).isEqualTo(texts);
            assertThat(reply.mixedCodes()).isFalse();
        }
    }

    @Property
    void returnsSafeReplyOrIoExceptionForAnyBytes(@ForAll byte[] octets, @ForAll @IntRange(max = 3) int start) {
        String[] starts = {"", "2", "250", "550-"};
        byte[] begun = starts[start].getBytes(StandardCharsets.ISO_8859_1);
        List<Byte> all = new ArrayList<>();
        for (byte octet : begun) {
            all.add(octet);
        }
        for (byte octet : octets) {
            all.add(octet);
        }
        byte[] wire = new byte[all.size() + 1];
        for (int i = 0; i < all.size(); i++) {
            wire[i] = all.get(i);
        }
        wire[all.size()] = '\n';
        ReplyReader reader = new ReplyReader(new ByteArrayInputStream(wire));
        try {
            ServerReply reply = reader.read();
            assertThat(reply.code()).isBetween(0, 999);
            // The text is decoded for the classifier only; what is shown is ASCII.
            assertThat(reply.lines()).allMatch(line -> line.matches("[ -~]*"));
        } catch (IOException refused) {
            assertThat(refused.getMessage()).matches("[ -~]+");
        }
    }

    @Provide
    Arbitrary<Integer> codes() {
        return Arbitraries.integers().between(200, 599);
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMaxLength(200)
                .list()
                .ofMinSize(1)
                .ofMaxSize(ReplyReader.MAX_LINES);
    }

    /** Gives its octets in pieces of any size. */
    private static final class Crumbling extends java.io.FilterInputStream {

        private final Random random;

        Crumbling(InputStream in, Random random) {
            super(in);
            this.random = random;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return super.read(buffer, offset, 1 + random.nextInt(length));
        }
    }
}
