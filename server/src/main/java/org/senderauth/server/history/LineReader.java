package org.senderauth.server.history;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a file from any position on. A last line without a newline is not one: it is still being written, or
 * the writer was killed. Not thread-safe.
 */
final class LineReader implements AutoCloseable {

    /** The maximum bytes of a line; a longer one is skipped. */
    static final int MAX_LINE = 512 << 10;

    private final FileChannel channel;
    private final ByteBuffer buffer;
    private long start;
    private long next;

    private LineReader(FileChannel channel, int bufferBytes) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocate(bufferBytes).flip();
    }

    /** Opens a file to read all of it. */
    static LineReader sequential(Path file) throws IOException {
        return new LineReader(FileChannel.open(file, StandardOpenOption.READ), 128 << 10);
    }

    /** Opens a file to read single lines. */
    static LineReader random(Path file) throws IOException {
        return new LineReader(FileChannel.open(file, StandardOpenOption.READ), 1 << 10);
    }

    /** Continues at another position. */
    void seek(long position) {
        next = position;
        buffer.position(0).limit(0);
    }

    /** {@return the position of the line that {@link #next} returned} */
    long start() {
        return start;
    }

    /** {@return the position after that line} */
    long position() {
        return next;
    }

    /** Returns the next line without its newline; null after the last one. */
    @Nullable
    String next() throws IOException {
        while (true) {
            start = next;
            ByteArrayOutputStream rest = null;
            long skipped = 0;
            while (true) {
                if (!buffer.hasRemaining()) {
                    buffer.clear();
                    int read = channel.read(buffer, next + (rest == null ? 0 : rest.size()) + skipped);
                    buffer.flip();
                    if (read <= 0) {
                        buffer.position(0).limit(0);
                        return null;
                    }
                }
                int length = lengthOfLine();
                int part = length < 0 ? buffer.remaining() : length;
                if (length >= 0 && rest == null && skipped == 0) {
                    String line = new String(buffer.array(), buffer.position(), length, StandardCharsets.UTF_8);
                    buffer.position(buffer.position() + length + 1);
                    next += length + 1L;
                    return line;
                }
                rest = rest == null ? new ByteArrayOutputStream(part) : rest;
                if (skipped > 0 || rest.size() + part > MAX_LINE) {
                    skipped += rest.size() + part;
                    rest = new ByteArrayOutputStream(0);
                } else {
                    rest.write(buffer.array(), buffer.position(), part);
                }
                buffer.position(buffer.position() + part);
                if (length >= 0) {
                    buffer.get();
                    next += rest.size() + skipped + 1L;
                    if (skipped > 0) {
                        break;
                    }
                    return rest.toString(StandardCharsets.UTF_8);
                }
            }
        }
    }

    private int lengthOfLine() {
        byte[] bytes = buffer.array();
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (bytes[i] == '\n') {
                return i - buffer.position();
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
