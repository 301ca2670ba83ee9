package org.senderauth.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.IpAddresses;

/** JSON Lines, the format of {@code --batch} and {@code --json}. */
final class JsonLines {

    private static final int MAX_NESTING = 20;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxStringLength(Utf8LineReader.MAX_BYTES)
                            .build())
                    .build())
            // The output repeats an id exactly, numbers of any precision included.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonLines() {}

    /** Turns one object of the input into one of the output. */
    interface Answer {

        /**
         * Returns the output for one line.
         *
         * @param in the object of the line
         * @return the object to write, without {@code id}
         * @throws BadLine if the object does not have the format of the batch
         */
        ObjectNode answer(JsonNode in) throws BadLine;
    }

    /** Reports an invalid line; its message becomes the field {@code error}. */
    static final class BadLine extends Exception {
        private static final long serialVersionUID = 1L;

        BadLine(@Nullable String message) {
            super(message);
        }
    }

    /**
     * Writes one object for each line of a file, in order, with the {@code id} of the line. An invalid line gives an
     * object with {@code error}, and the batch continues. Skips empty lines. Ends early when the output is closed.
     */
    static int batch(String file, InputStream standardInput, PrintWriter out, Answer answer) throws IOException {
        try (Utf8LineReader lines = open(file, standardInput);
                Progress progress = Progress.withOutput("lines")) {
            long count = 0;
            for (Utf8LineReader.Line line = lines.next(); line != null && !out.checkError(); line = lines.next()) {
                if (line.text() == null || !line.text().isBlank()) {
                    out.println(write(answer(line, answer)));
                }
                progress.done(++count);
            }
            return out.checkError() ? ExitStatus.TEMPFAIL : ExitStatus.PASS;
        }
    }

    private static ObjectNode answer(Utf8LineReader.Line line, Answer answer) {
        ObjectNode in = object();
        ObjectNode result = object();
        try {
            if (line.text() == null) {
                throw new BadLine(String.valueOf(line.problem()));
            }
            read(line.text(), in);
            result.setAll(answer.answer(in));
        } catch (BadLine e) {
            result.put("error", e.getMessage());
        } catch (RuntimeException e) {
            result.put("error", InternalErrorText.of(e));
        }
        return in.has("id") ? object().<ObjectNode>set("id", in.get("id")).setAll(result) : result;
    }

    /** Returns the object of one line. */
    static ObjectNode parse(String line) throws BadLine {
        ObjectNode object = object();
        read(line, object);
        return object;
    }

    /** Reads an object field by field, which keeps the fields before an error. Never quotes the line: it may contain keys. */
    private static void read(String line, ObjectNode in) throws BadLine {
        try (JsonParser parser = MAPPER.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadLine("not a JSON object");
            }
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                if (in.has(field)) {
                    throw new BadLine("invalid JSON: duplicate field");
                }
                parser.nextToken();
                in.set(field, parser.<JsonNode>readValueAsTree());
            }
            if (parser.nextToken() != null) {
                throw new BadLine("invalid JSON: text after the object");
            }
        } catch (StreamConstraintsException e) {
            throw new BadLine(
                    "invalid JSON: nested more than " + MAX_NESTING + " levels, or a number or name is too long");
        } catch (JsonProcessingException e) {
            throw new BadLine("invalid JSON at character " + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new IllegalStateException("reading a string never fails", e);
        }
    }

    /** Returns a required text field. */
    static String text(JsonNode in, String field) throws BadLine {
        JsonNode value = in.get(field);
        if (value == null || !value.isTextual()) {
            throw new BadLine("\"" + field + "\" must be a string");
        }
        return value.textValue();
    }

    /** Returns an optional text field, which may be null. */
    static String text(JsonNode in, String field, String absent) throws BadLine {
        return in.hasNonNull(field) ? text(in, field) : absent;
    }

    /** Returns a required integer within limits. */
    static long whole(JsonNode in, String field, long min, long max) throws BadLine {
        JsonNode value = in.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw new BadLine("\"" + field + "\" must be a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    /** Returns a required IP address. */
    static InetAddress ip(JsonNode in, String field) throws BadLine {
        return IpAddresses.parse(text(in, field))
                .orElseThrow(() -> new BadLine("\"" + field + "\" is not an IP address"));
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String write(ObjectNode object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing a tree never fails", e);
        }
    }

    /** Opens a file of lines; {@code -} is the standard input. */
    static Utf8LineReader open(String file, InputStream standardInput) throws IOException {
        if (file.equals("-")) {
            return new Utf8LineReader(standardInput);
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IOException(file + ": cannot read file");
        }
        return new Utf8LineReader(Files.newInputStream(path));
    }
}
