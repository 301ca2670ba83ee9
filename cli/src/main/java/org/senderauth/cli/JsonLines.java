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
import org.senderauth.dns.IpAddresses;

/** JSON Lines: what {@code --batch} reads and writes, and what {@code --json} prints. */
final class JsonLines {

    private static final int MAX_NESTING = 20;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxStringLength(OctetLines.MAX_OCTETS)
                            .build())
                    .build())
            // An id comes back as it was sent, however exact a number it is.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonLines() {}

    /** Turns one object of the input into one of the output. */
    interface Answer {

        /**
         * Answers one line.
         *
         * @param in the object as read
         * @return the object to write, without {@code id}
         * @throws BadLine if the object is not what the batch takes
         */
        ObjectNode answer(JsonNode in) throws BadLine;
    }

    /** A line that cannot be answered; its message becomes {@code error}. */
    static final class BadLine extends Exception {
        private static final long serialVersionUID = 1L;

        BadLine(String message) {
            super(message);
        }
    }

    /**
     * Answers each line of a file, in order, echoing {@code id}. A bad line gives an object with {@code error}, and the
     * run goes on; empty lines are passed over. It ends early if nobody reads the answers any more.
     */
    static int batch(String file, InputStream standardInput, PrintWriter out, Answer answer) throws IOException {
        try (OctetLines lines = open(file, standardInput)) {
            for (OctetLines.Line line = lines.next(); line != null && !out.checkError(); line = lines.next()) {
                if (line.text() == null || !line.text().isBlank()) {
                    out.println(write(answer(line, answer)));
                }
            }
            return out.checkError() ? ExitStatus.TRY_LATER : ExitStatus.GOOD;
        }
    }

    private static ObjectNode answer(OctetLines.Line line, Answer answer) {
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
            result.put("error", e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return in.has("id") ? object().<ObjectNode>set("id", in.get("id")).setAll(result) : result;
    }

    /** Reads an object field by field, so that what stands before a mistake is there. Keys may be in it: no echo. */
    private static void read(String line, ObjectNode in) throws BadLine {
        try (JsonParser parser = MAPPER.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadLine("not a JSON object");
            }
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                if (in.has(field)) {
                    throw new BadLine("not JSON: a field stands there twice");
                }
                parser.nextToken();
                in.set(field, parser.<JsonNode>readValueAsTree());
            }
            if (parser.nextToken() != null) {
                throw new BadLine("not JSON: something follows the object");
            }
        } catch (StreamConstraintsException e) {
            throw new BadLine("not JSON that can be read: nested more than " + MAX_NESTING
                    + " deep, or a number or name is too long");
        } catch (JsonProcessingException e) {
            throw new BadLine(
                    "not JSON: a mistake at character " + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new IllegalStateException("a text can always be read", e);
        }
    }

    /** A text field that must be there. */
    static String text(JsonNode in, String field) throws BadLine {
        JsonNode value = in.get(field);
        if (value == null || !value.isTextual()) {
            throw new BadLine("\"" + field + "\" must be a string");
        }
        return value.textValue();
    }

    /** A text field that may be absent or null. */
    static String text(JsonNode in, String field, String absent) throws BadLine {
        return in.hasNonNull(field) ? text(in, field) : absent;
    }

    /** A whole number within limits that must be there. */
    static long whole(JsonNode in, String field, long least, long most) throws BadLine {
        JsonNode value = in.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw new BadLine("\"" + field + "\" must be a whole number from " + least + " to " + most);
        }
        return value.longValue();
    }

    /** An IP address that must be there. */
    static InetAddress ip(JsonNode in, String field) throws BadLine {
        return IpAddresses.parse(text(in, field)).orElseThrow(() -> new BadLine("\"" + field + "\" is no IP address"));
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String write(ObjectNode object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    private static OctetLines open(String file, InputStream standardInput) throws IOException {
        if (file.equals("-")) {
            return new OctetLines(standardInput);
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IOException(file + ": cannot be read");
        }
        return new OctetLines(Files.newInputStream(path));
    }
}
