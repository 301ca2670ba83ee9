package org.senderauth.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text in UTF-8, each up to a limit; skips a byte order mark at the start. */
final class Utf8LineReader implements Closeable {

    /** Maximum bytes of a line; the rest of a longer line is skipped. */
    static final int MAX_BYTES = 4 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final InputStream in;
    private boolean atStart = true;

    Utf8LineReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** A line, or the reason why it cannot be used. */
    record Line(@Nullable String text, @Nullable String problem) {}

    /** Returns the next line without its newline; null after the last one. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean tooLong = false;
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            tooLong |= bytes.size() == MAX_BYTES;
            if (!tooLong) {
                bytes.write(b);
            }
        }
        return tooLong ? new Line(null, "line is longer than " + MAX_BYTES + " bytes") : line(bytes);
    }

    private Line line(ByteArrayOutputStream bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Line(null, "line is not valid UTF-8");
        }
        boolean marked = atStart && text.startsWith(BYTE_ORDER_MARK);
        atStart = false;
        return new Line(marked ? text.substring(1) : text, null);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
