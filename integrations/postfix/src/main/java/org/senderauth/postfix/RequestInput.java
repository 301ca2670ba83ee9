package org.senderauth.postfix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The bytes of one connection, as a {@link Protocol} reads them. Used by one thread at a time. */
public final class RequestInput {

    private static final int BUFFER_OCTETS = 8 * 1024;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS).flip();

    RequestInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * The next octet, which stays.
     *
     * @return the octet as 0 to 255, or -1 if the peer sends no more
     * @throws IOException if the connection fails
     */
    public int peek() throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear();
            int count = channel.read(buffer);
            buffer.flip();
            if (count < 0) {
                return -1;
            }
        }
        return buffer.get(buffer.position()) & 0xff;
    }

    /**
     * The next octet.
     *
     * @return the octet as 0 to 255, or -1 if the peer sends no more
     * @throws IOException if the connection fails
     */
    public int read() throws IOException {
        int octet = peek();
        if (octet >= 0) {
            buffer.position(buffer.position() + 1);
        }
        return octet;
    }

    /**
     * Returns the next bytes.
     *
     * @param count how many
     * @return the bytes, a new array
     * @throws IOException if the connection fails
     * @throws MalformedRequestException if the peer ends before
     */
    public byte[] read(int count) throws IOException, MalformedRequestException {
        byte[] octets = new byte[count];
        int at = 0;
        while (at < count) {
            if (peek() < 0) {
                throw new MalformedRequestException("the request ends too early");
            }
            int part = Math.min(count - at, buffer.remaining());
            buffer.get(octets, at, part);
            at += part;
        }
        return octets;
    }

    /**
     * Returns the bytes up to a newline, which is consumed and not returned.
     *
     * @param limit the maximum number of bytes of a line
     * @return the line; the caller owns the array
     * @throws IOException if the connection fails
     * @throws MalformedRequestException if the line is longer, or the peer ends before its newline
     */
    public byte[] line(int limit) throws IOException, MalformedRequestException {
        int end = peek() < 0 ? -1 : indexOfNewline();
        if (end >= 0 && end - buffer.position() <= limit) {
            byte[] whole = new byte[end - buffer.position()];
            buffer.get(whole).get();
            return whole;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        while (peek() >= 0) {
            end = indexOfNewline();
            int part = (end < 0 ? buffer.limit() : end) - buffer.position();
            if (part > limit - line.size()) {
                throw new MalformedRequestException("a line is longer than " + limit + " octets");
            }
            line.write(buffer.array(), buffer.position(), part);
            buffer.position(buffer.position() + part);
            if (end >= 0) {
                buffer.get();
                return line.toByteArray();
            }
        }
        throw new MalformedRequestException("the request ends too early");
    }

    /** The index of the next newline in the buffer, or -1. */
    private int indexOfNewline() {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }
}
