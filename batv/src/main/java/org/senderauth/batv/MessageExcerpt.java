package org.senderauth.batv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The first {@value #HEAD_BYTES} and the last {@value #TAIL_BYTES} bytes of a message: a bounce has its report at the
 * beginning, and after a long text its status part and the returned header at the end. Give it a message in pieces of any
 * size; what is between is counted and not kept. Not thread-safe.
 */
public final class MessageExcerpt {

    /** The number of bytes kept of the beginning of a message: its header and its text. */
    public static final int HEAD_BYTES = 64 * 1024;

    /** The number of bytes kept of the end of a longer message. */
    public static final int TAIL_BYTES = 32 * 1024;

    private static final int PIECE = 8 * 1024;

    private byte[] head = new byte[PIECE];
    private byte[] tail = new byte[0];
    private long length;

    /** An excerpt of a message of which nothing has been read. */
    public MessageExcerpt() {}

    /**
     * Reads a message to its end. The stream is not closed.
     *
     * @param message the message, header first
     * @return its excerpt
     * @throws IOException if reading fails
     */
    public static MessageExcerpt read(InputStream message) throws IOException {
        MessageExcerpt excerpt = new MessageExcerpt();
        byte[] piece = new byte[PIECE];
        for (int read = message.read(piece); read >= 0; read = message.read(piece)) {
            excerpt.append(piece, 0, read);
        }
        return excerpt;
    }

    /**
     * Adds the next piece of the message.
     *
     * @param bytes an array with the piece; what is needed of it is copied
     * @param offset the first byte of the piece
     * @param count the number of bytes of the piece
     * @throws IndexOutOfBoundsException if the piece is not in the array
     */
    public void append(byte[] bytes, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, bytes.length);
        int first = (int) Math.min(count, Math.max(0, HEAD_BYTES - length));
        if (first > 0) {
            int used = (int) length;
            if (used + first > head.length) {
                head = Arrays.copyOf(head, Math.min(HEAD_BYTES, Math.max(2 * head.length, used + first)));
            }
            System.arraycopy(bytes, offset, head, used, first);
        }
        length += first;
        appendTail(bytes, offset + first, count - first);
    }

    private void appendTail(byte[] bytes, int offset, int count) {
        if (count > 0 && tail.length == 0) {
            tail = new byte[TAIL_BYTES];
        }
        // A piece longer than the tail replaces all of it.
        int skipped = Math.max(0, count - TAIL_BYTES);
        length += skipped;
        for (int at = offset + skipped; at < offset + count; ) {
            int position = (int) ((length - HEAD_BYTES) % TAIL_BYTES);
            int size = Math.min(TAIL_BYTES - position, offset + count - at);
            System.arraycopy(bytes, at, tail, position, size);
            at += size;
            length += size;
        }
    }

    /** {@return the length of the message so far} */
    public long length() {
        return length;
    }

    /** {@return whether all of the message was kept} */
    public boolean isComplete() {
        return length <= HEAD_BYTES + TAIL_BYTES;
    }

    /** The kept bytes as Latin-1, with an empty line where bytes are missing. */
    String text() {
        String first = new String(head, 0, (int) Math.min(length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
        if (length <= HEAD_BYTES) {
            return first;
        }
        int kept = (int) Math.min(length - HEAD_BYTES, TAIL_BYTES);
        int position = (int) ((length - HEAD_BYTES) % TAIL_BYTES);
        String last = isComplete()
                ? new String(tail, 0, kept, StandardCharsets.ISO_8859_1)
                : new String(tail, position, TAIL_BYTES - position, StandardCharsets.ISO_8859_1)
                        + new String(tail, 0, position, StandardCharsets.ISO_8859_1);
        return isComplete() ? first + last : first + MISSING + last;
    }

    /** The text between head and tail. */
    static final String MISSING = "\n\n";

    /** The same excerpt of an array, without a copy of the array. */
    static String text(byte[] message) {
        if (message.length <= HEAD_BYTES + TAIL_BYTES) {
            return new String(message, StandardCharsets.ISO_8859_1);
        }
        return new String(message, 0, HEAD_BYTES, StandardCharsets.ISO_8859_1)
                + MISSING
                + new String(message, message.length - TAIL_BYTES, TAIL_BYTES, StandardCharsets.ISO_8859_1);
    }
}
