package org.senderauth.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.senderauth.dns.IpAddresses;

/** JSON Lines: what {@code --batch} reads and writes, and what {@code --json} prints. */
final class JsonLines {

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxStringLength(100_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
     * run goes on; empty lines are passed over.
     */
    static int batch(String file, InputStream standardInput, PrintWriter out, Answer answer) throws IOException {
        try (BufferedReader lines = open(file, standardInput)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    out.println(MAPPER.writeValueAsString(answer(line, answer)));
                }
            }
            out.flush();
            return ExitStatus.GOOD;
        }
    }

    private static ObjectNode answer(String line, Answer answer) {
        ObjectNode result = object();
        try {
            JsonNode in = MAPPER.readTree(line);
            if (in == null || !in.isObject()) {
                return result.put("error", "not a JSON object");
            }
            if (in.has("id")) {
                result.set("id", in.get("id"));
            }
            result.setAll(answer.answer(in));
        } catch (JsonProcessingException e) {
            result.put("error", "not JSON: " + e.getOriginalMessage().replaceAll("\\s+", " "));
        } catch (BadLine e) {
            result.put("error", e.getMessage());
        } catch (RuntimeException e) {
            result.put("error", e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return result;
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

    private static BufferedReader open(String file, InputStream standardInput) throws IOException {
        InputStream in;
        if (file.equals("-")) {
            in = standardInput;
        } else if (Files.isReadable(Path.of(file)) && !Files.isDirectory(Path.of(file))) {
            in = Files.newInputStream(Path.of(file));
        } else {
            throw new IOException(file + ": cannot be read");
        }
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
}
