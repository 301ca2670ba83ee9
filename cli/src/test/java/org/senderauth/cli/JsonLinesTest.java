package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {

    @Test
    void linesAreAnsweredInOrderAndEchoTheirId() throws IOException {
        assertThat(batch("{\"id\":1,\"x\":\"a\"}\n\n{\"id\":{\"k\":[2]},\"x\":\"é\"}\n{\"x\":\"c\"}"))
                .containsExactly("{\"id\":1,\"got\":\"a\"}", "{\"id\":{\"k\":[2]},\"got\":\"é\"}", "{\"got\":\"c\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "nonsense",
                "[1]",
                "\"text\"",
                "null",
                "{\"x\":\"a\"} {\"x\":\"b\"}",
                "{\"x\":\"a\",\"x\":\"b\"}",
                "{\"x\":1}",
                "{}",
                "\uFEFF",
                "[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void aBadLineGivesAnErrorAndTheRunGoesOn(String bad) throws IOException {
        List<String> lines = batch(bad + "\n{\"id\":2,\"x\":\"b\"}\n");
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("{").contains("\"error\":\"");
        assertThat(lines.get(1)).isEqualTo("{\"id\":2,\"got\":\"b\"}");
    }

    @Test
    void aBadLineThatIsAnObjectEchoesItsId() throws IOException {
        assertThat(batch("{\"id\":\"q\",\"x\":7}"))
                .containsExactly("{\"id\":\"q\",\"error\":\"\\\"x\\\" must be a string\"}");
    }

    @Test
    void anOversightInOurOwnCodeSpoilsOneLineOnly() throws IOException {
        StringWriter out = new StringWriter();
        JsonLines.batch("-", in("{\"id\":1}\n{\"id\":2}"), new PrintWriter(out), in -> {
            throw new IllegalStateException("oversight");
        });
        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.contains("oversight"));
    }

    @Test
    void aFileIsReadAndOneThatCannotBeIsAnError(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("in"), "{\"x\":\"a\"}\n");
        StringWriter out = new StringWriter();
        assertThat(JsonLines.batch(file.toString(), in(""), new PrintWriter(out), JsonLinesTest::got))
                .isZero();
        assertThat(out).hasToString("{\"got\":\"a\"}" + System.lineSeparator());
        for (String bad : List.of(folder.toString(), folder.resolve("none").toString())) {
            assertThatThrownBy(() -> JsonLines.batch(bad, in(""), new PrintWriter(out), JsonLinesTest::got))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(bad);
        }
    }

    private static List<String> batch(String lines) throws IOException {
        StringWriter out = new StringWriter();
        assertThat(JsonLines.batch("-", in(lines), new PrintWriter(out), JsonLinesTest::got))
                .isZero();
        return out.toString().lines().toList();
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode got(com.fasterxml.jackson.databind.JsonNode in)
            throws JsonLines.BadLine {
        return JsonLines.object().put("got", JsonLines.text(in, "x"));
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
