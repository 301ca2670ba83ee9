package org.senderauth.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.MessageExcerpt;

/**
 * Reads the messages of an mbox (RFC 4155), in which each begins with a line {@code From }, and one {@code >} before such a
 * line in a message is not part of it (mboxrd). Of each message an excerpt is kept, so that any size will do.
 */
final class MboxReader {

    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern TIME = Pattern.compile("\\d:\\d\\d");
    private static final int PIECE = 8192;

    private final InputStream in;
    private final byte[] line = new byte[PIECE];
    private int size;
    private boolean lineStarts = true;
    private boolean afterEmptyLine = true;
    private boolean pending;

    MboxReader(InputStream in) {
        this.in = new BufferedInputStream(in, PIECE);
    }

    /**
     * Tests whether a file begins with a separator, and goes back to its begin.
     *
     * @param in supports marks
     */
    static boolean isMbox(InputStream in) throws IOException {
        in.mark(PIECE);
        MboxReader reader = new MboxReader(new ByteArrayInputStream(in.readNBytes(PIECE / 2)));
        in.reset();
        return reader.read() && reader.isSeparator();
    }

    /** The next message, or null after the last. Text before the first line {@code From } is skipped. */
    @Nullable
    MessageExcerpt next() throws IOException {
        while (!pending) {
            boolean start = lineStarts;
            if (!read()) {
                return null;
            }
            pending = start && isSeparator();
        }
        skipRestOfLine();
        pending = false;
        MessageExcerpt message = new MessageExcerpt();
        for (boolean start = lineStarts; read(); start = lineStarts) {
            if (start && afterEmptyLine && isSeparator()) {
                pending = true;
                return message;
            }
            int skipped = start && isQuotedSeparator() ? 1 : 0;
            message.append(line, skipped, size - skipped);
            afterEmptyLine = start && size <= 2 && line[0] <= '\r' && lineStarts;
        }
        return message;
    }

    private void skipRestOfLine() throws IOException {
        while (!lineStarts && read()) {
            // The line is longer than a piece.
        }
        afterEmptyLine = false;
    }

    /** Reads a line with its newline, or a piece of a long one; false at the end. */
    private boolean read() throws IOException {
        size = 0;
        int next = -1;
        while (size < PIECE && (next = in.read()) >= 0) {
            line[size++] = (byte) next;
            if (next == '\n') {
                break;
            }
        }
        lineStarts = next == '\n';
        return size > 0;
    }

    private boolean isSeparator() {
        if (size < FROM.length || !Arrays.equals(line, 0, FROM.length, FROM, 0, FROM.length)) {
            return false;
        }
        // A sentence may begin so as well; the separator has the time of delivery.
        return TIME.matcher(new String(line, 0, size, StandardCharsets.ISO_8859_1))
                .find();
    }

    private boolean isQuotedSeparator() {
        int at = 0;
        while (at < size && line[at] == '>') {
            at++;
        }
        return at > 0 && size - at >= FROM.length && Arrays.equals(line, at, at + FROM.length, FROM, 0, FROM.length);
    }
}
