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

    /** Between head and tail of a message of which something is missing: an empty line, which ends a cut line and a header. */
    private static final byte[] MISSING = {'\n', '\n'};

    private static final int TAIL_START = HEAD_BYTES + MISSING.length;

    /** The head, and from {@link #TAIL_START} a ring with the tail; grows as the message does. */
    private byte[] kept;

    private long length;

    /** The number of bytes that went into the ring. */
    private long tailed;

    /** An excerpt of a message of which nothing has been read. */
    public MessageExcerpt() {
        this(PIECE);
    }

    private MessageExcerpt(long expected) {
        kept = new byte[expected > HEAD_BYTES ? TAIL_START + TAIL_BYTES : (int) Math.max(PIECE, expected)];
    }

    /**
     * Reads a message to its end. What is between the beginning and the end is skipped if the stream tells its length, as
     * files and arrays do. The stream is not closed.
     *
     * @param message the message, header first
     * @return its excerpt
     * @throws IOException if reading fails
     */
    public static MessageExcerpt read(InputStream message) throws IOException {
        // One more, so that the end of a short message is found without a larger array.
        MessageExcerpt excerpt = new MessageExcerpt(message.available() + 1L);
        if (excerpt.readHead(message)) {
            long middle = message.available() - (long) TAIL_BYTES;
            if (middle > 0) {
                excerpt.grow(TAIL_START + TAIL_BYTES);
                excerpt.length += Math.max(0, message.skip(middle));
            }
            byte[] piece = new byte[PIECE];
            for (int read = message.read(piece); read >= 0; read = message.read(piece)) {
                excerpt.append(piece, 0, read);
            }
        }
        return excerpt;
    }

    /** Returns whether the head is full; if not, the stream has ended. */
    private boolean readHead(InputStream message) throws IOException {
        while (length < HEAD_BYTES) {
            grow((int) length + 1);
            int read = message.read(kept, (int) length, Math.min(kept.length, HEAD_BYTES) - (int) length);
            if (read < 0) {
                return false;
            }
            length += read;
        }
        return true;
    }

    private void grow(int needed) {
        if (needed > kept.length) {
            int doubled = Math.max(needed, 2 * kept.length);
            kept = Arrays.copyOf(kept, doubled > HEAD_BYTES ? TAIL_START + TAIL_BYTES : doubled);
        }
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
            grow((int) length + first);
            System.arraycopy(bytes, offset, kept, (int) length, first);
        }
        length += count;
        if (count > first) {
            appendTail(bytes, offset + first, count - first);
        }
    }

    private void appendTail(byte[] bytes, int offset, int count) {
        grow(TAIL_START + TAIL_BYTES);
        // A piece longer than the tail replaces all of it.
        int replaced = Math.max(0, count - TAIL_BYTES);
        tailed += replaced;
        for (int at = offset + replaced; at < offset + count; ) {
            int position = (int) (tailed % TAIL_BYTES);
            int size = Math.min(TAIL_BYTES - position, offset + count - at);
            System.arraycopy(bytes, at, kept, TAIL_START + position, size);
            at += size;
            tailed += size;
        }
    }

    /** {@return the length of the message so far} */
    public long length() {
        return length;
    }

    /** {@return whether all of the message was kept} */
    public boolean isComplete() {
        return length <= HEAD_BYTES || length == HEAD_BYTES + tailed && tailed <= TAIL_BYTES;
    }

    /** The kept bytes as Latin-1, with an empty line where bytes are missing. */
    String text() {
        if (length <= HEAD_BYTES) {
            return latin1(kept, 0, (int) length);
        }
        int count = (int) Math.min(tailed, TAIL_BYTES);
        int position = tailed > TAIL_BYTES ? (int) (tailed % TAIL_BYTES) : 0;
        byte[] missing = isComplete() ? new byte[0] : MISSING;
        byte[] text = kept;
        if (position != 0 || missing.length == 0) {
            text = Arrays.copyOf(kept, HEAD_BYTES + missing.length + count);
            System.arraycopy(kept, TAIL_START + position, text, text.length - count, count - position);
            System.arraycopy(kept, TAIL_START, text, text.length - position, position);
        }
        System.arraycopy(missing, 0, text, HEAD_BYTES, missing.length);
        return latin1(text, 0, HEAD_BYTES + missing.length + count);
    }

    /** The same excerpt of an array, without a copy of the array. */
    static String text(byte[] message) {
        return message.length <= HEAD_BYTES + TAIL_BYTES
                ? latin1(message, 0, message.length)
                : latin1(message, 0, HEAD_BYTES)
                        + latin1(MISSING, 0, MISSING.length)
                        + latin1(message, message.length - TAIL_BYTES, TAIL_BYTES);
    }

    private static String latin1(byte[] bytes, int offset, int count) {
        return new String(bytes, offset, count, StandardCharsets.ISO_8859_1);
    }
}
