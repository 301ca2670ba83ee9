package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    void writesResultsInOrderWithTheirId() throws IOException {
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
                "{}\uFEFF",
                "[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void continuesAfterInvalidLine(String bad) throws IOException {
        List<String> lines = batch(bad + "\n{\"id\":2,\"x\":\"b\"}\n");
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("{").contains("\"error\":\"");
        assertThat(lines.get(1)).isEqualTo("{\"id\":2,\"got\":\"b\"}");
    }

    @Test
    void repeatsIdBeforeTheError() throws IOException {
        assertThat(batch("{\"id\":\"q\",\"x\":7}"))
                .containsExactly("{\"id\":\"q\",\"error\":\"\\\"x\\\" must be a string\"}");
        assertThat(batch("{\"id\":3,\"x\":")).containsExactly("{\"id\":3,\"error\":\"invalid JSON at character 13\"}");
        assertThat(batch("{\"id\":3,\"x\":\"a\",\"x\":\"b\"}"))
                .containsExactly("{\"id\":3,\"error\":\"invalid JSON: duplicate field\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "1E+400", "123456789012345678901234567890", "null", "\"\\u0000\"", "[{}]"})
    void repeatsIdExactly(String id) throws IOException {
        assertThat(batch("{\"x\":\"a\",\"id\":" + id + "}")).containsExactly("{\"id\":" + id + ",\"got\":\"a\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"key\":c0ffee}", "{\"key\":'c0ffee'}", "c0ffee", "{\"c0ffee\":1,\"c0ffee\":2}"})
    void neverQuotesLineInError(String bad) throws IOException {
        assertThat(batch(bad)).singleElement().asString().contains("error").doesNotContain("c0ffee");
    }

    @Test
    void skipsByteOrderMarkAtStartOnly() throws IOException {
        assertThat(batch("\uFEFF{\"x\":\"a\"}\r\n\uFEFF{\"x\":\"b\"}"))
                .containsExactly("{\"got\":\"a\"}", "{\"error\":\"invalid JSON at character 1\"}");
    }

    @Test
    void rejectsLineThatIsNotUtf8() throws IOException {
        StringWriter out = new StringWriter();
        byte[] lines = "{\"x\":\"\u00e9\"}\n{\"x\":\"b\"}".getBytes(StandardCharsets.ISO_8859_1);
        JsonLines.batch("-", new ByteArrayInputStream(lines), new PrintWriter(out), JsonLinesTest::got);
        assertThat(out.toString().lines())
                .containsExactly("{\"error\":\"line is not valid UTF-8\"}", "{\"got\":\"b\"}");
    }

    @Test
    void rejectsLineOverLimit() throws IOException {
        String frame = "{\"x\":\"\"}";
        String most = "a".repeat(Utf8LineReader.MAX_BYTES - frame.length());
        assertThat(batch("{\"x\":\"" + most + "\"}\n{\"x\":\"" + most + "b\"}\n{\"x\":\"c\"}"))
                .containsExactly(
                        "{\"got\":\"" + most + "\"}",
                        "{\"error\":\"line is longer than " + Utf8LineReader.MAX_BYTES + " bytes\"}",
                        "{\"got\":\"c\"}");
    }

    @Test
    void stopsWhenOutputIsClosed() throws IOException {
        InputStream endless = new InputStream() {
            private final byte[] line = "{\"x\":\"a\"}\n".getBytes(StandardCharsets.UTF_8);
            private int at;

            @Override
            public int read() {
                return line[at++ % line.length];
            }
        };
        PrintWriter closed = new StandardOutput(new ClosedPipe("Broken pipe")).writer();
        assertThat(JsonLines.batch("-", endless, closed, JsonLinesTest::got)).isEqualTo(ExitStatus.TEMPFAIL);
    }

    @Test
    void reportsFailedWriteExceptBrokenPipe() {
        StandardOutput pipe = new StandardOutput(new ClosedPipe("Broken pipe"));
        StandardOutput full = new StandardOutput(new ClosedPipe("No space left on device"));
        StandardOutput good = new StandardOutput(new ByteArrayOutputStream());
        for (StandardOutput output : List.of(pipe, full, good)) {
            output.writer().println("é");
        }
        assertThat(pipe.failure()).isNull();
        assertThat(full.failure()).isEqualTo("No space left on device");
        assertThat(good.failure()).isNull();
    }

    /** An output whose reader is gone. */
    private static final class ClosedPipe extends OutputStream {

        private final String reason;

        ClosedPipe(String reason) {
            this.reason = reason;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(reason);
        }
    }

    @Test
    void reportsInternalErrorForOneLine() throws IOException {
        StringWriter out = new StringWriter();
        JsonLines.batch("-", in("{\"id\":1}\n{\"id\":2}"), new PrintWriter(out), in -> {
            throw new IllegalStateException("oversight");
        });
        assertThat(out.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith("\"error\":\"internal error: oversight\"}"));
    }

    @Test
    void readsFileOrReportsError(@TempDir Path folder) throws IOException {
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
