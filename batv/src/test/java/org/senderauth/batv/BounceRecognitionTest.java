package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages as many products write them, and those that resemble bounces; each is in messages/wild.txt. */
class BounceRecognitionTest {

    private static final int MESSAGES = 60;

    static List<Arguments> messages() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(BounceRecognitionTest.class.getResourceAsStream("messages/wild.txt"))) {
            List<Arguments> messages = new ArrayList<>();
            for (String entry : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^=== ")) {
                if (!entry.isBlank()) {
                    int line = entry.indexOf('\n');
                    String[] title = entry.substring(0, line).split("[|]");
                    messages.add(Arguments.of(
                            MessageKind.valueOf(title[0].strip()), title[1].strip(), entry.substring(line + 1)));
                }
            }
            return messages;
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("messages")
    void findsKindByMarks(MessageKind kind, String name, String message) {
        MessageContent content = MessageContent.of(message.getBytes(StandardCharsets.UTF_8));

        assertThat(content.kind()).as("%s: %s", name, content).isEqualTo(kind);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("messages")
    void oneMarkNeverMakesBounce(MessageKind kind, String name, String message) {
        MessageContent content = MessageContent.of(message.getBytes(StandardCharsets.UTF_8));

        if (content.kind().isBounce()) {
            assertThat(content.marks().stream().filter(mark -> mark.weight() > 0))
                    .hasSizeGreaterThan(1);
            assertThat(content.marks())
                    .anyMatch(mark -> mark.weight() > 0
                            && (mark.place == ContentMark.Place.STRUCTURE || mark.place == ContentMark.Place.TEXT));
        }
    }

    @Test
    void allMessagesAreRead() throws IOException {
        assertThat(messages()).hasSizeGreaterThan(MESSAGES);
    }

    static Stream<ContentMark> marks() {
        return Stream.of(ContentMark.values());
    }

    @ParameterizedTest
    @MethodSource("marks")
    void marksHaveNameAndSource(ContentMark mark) {
        assertThat(mark.text()).isNotBlank();
        assertThat(mark.source()).isNotBlank();
        assertThat(mark.weight()).isBetween(0, MessageClassifier.BOUNCE_WEIGHT - 1);
    }
}
