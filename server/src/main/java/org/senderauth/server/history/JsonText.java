package org.senderauth.server.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads objects of JSON, one a line. */
public final class JsonText {

    private static final int MAX_FIELDS = 64;
    private static final int MAX_NESTING = 8;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(1 << 20)
                    .build())
            .rootValueSeparator("")
            .build();

    private JsonText() {}

    /** Writes the fields of an object. */
    @FunctionalInterface
    public interface Fields {

        /**
         * Writes them.
         *
         * @param json receives them, within the object
         * @throws IOException never: the output is memory
         */
        void write(JsonGenerator json) throws IOException;
    }

    /** Returns a writer of objects, with nothing between them. */
    static JsonGenerator generator(ByteArrayOutputStream out) {
        try {
            return FACTORY.createGenerator(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory never fails", e);
        }
    }

    /**
     * Writes an object on one line.
     *
     * @param fields writes its fields
     * @return the line, without its newline
     */
    public static String object(Fields fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory never fails", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /**
     * Reads an object whose values are texts, numbers, true or false.
     *
     * @param line the object
     * @return the values as texts, in order; null if the line is anything else
     */
    public static @Nullable Map<String, String> flat(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (!parser.nextToken().isScalarValue() || fields.size() == MAX_FIELDS) {
                    return null;
                }
                fields.put(name, parser.getText());
            }
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null ? fields : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("reading a string never fails", e);
        }
    }
}
