package org.senderauth.server.history;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Objects of JSON in memory, one a line, for writes to a file. Its memory is used again for each write. Not thread-safe. */
final class JsonLines {

    private static final int FIRST_BYTES = 8 << 10;
    private static final int MAX_KEPT_BYTES = 256 << 10;

    // Its buffer is read without a copy.
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes() {
            super(FIRST_BYTES);
        }

        ByteBuffer written() {
            return ByteBuffer.wrap(buf, 0, count);
        }

        void clear() {
            if (buf.length > MAX_KEPT_BYTES) {
                buf = new byte[FIRST_BYTES];
            }
            count = 0;
        }
    }

    private final Bytes bytes = new Bytes();
    private JsonGenerator json = JsonText.generator(bytes);

    /** Adds an object and a newline. Returns the position of the line. */
    long add(JsonText.Fields fields) throws IOException {
        long start = size();
        json.writeStartObject();
        fields.write(json);
        json.writeEndObject();
        json.writeRaw('\n');
        return start;
    }

    /** {@return the number of bytes of all lines} */
    long size() {
        return bytes.size() + json.getOutputBuffered();
    }

    /** {@return all lines, until {@link #clear}} */
    ByteBuffer bytes() throws IOException {
        json.close();
        return bytes.written();
    }

    /** Forgets all lines, and one that was not completed: its writer would take no other. */
    void clear() {
        bytes.clear();
        json = JsonText.generator(bytes);
    }
}
