package org.senderauth.callout.probe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.core.SafeText;

/**
 * Reads replies, however the server sends them: byte by byte, without end, or not SMTP at all. Memory is bounded here, time
 * by the stream. Not thread-safe.
 */
final class ReplyReader {

    /** The maximum bytes of a line with its newline, four times what RFC 5321 section 4.5.3.1.5 allows. */
    static final int MAX_LINE_OCTETS = 2048;

    /** The maximum number of lines of a reply; the longest EHLO replies seen have about 20. */
    static final int MAX_LINES = 64;

    /** The maximum bytes of a reply. */
    static final int MAX_REPLY_OCTETS = 16 * 1024;

    // Small, since thousands of sessions wait at once and most replies are shorter.
    private static final int BUFFER_OCTETS = 512;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_OCTETS];
    private int next;
    private int end;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one reply.
     *
     * <pre>Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF</pre>
     *
     * A line may end in LF alone, as Exim and Postfix accept it too.
     *
     * @return the reply
     * @throws ProtocolViolationException if it is not a reply, or larger than the limits
     * @throws EOFException if the stream ends before the reply does
     * @throws IOException if the stream fails, or the deadline passes
     */
    ServerReply read() throws IOException {
        List<String> lines = new ArrayList<>(2);
        int octets = 0;
        while (lines.size() < MAX_LINES) {
            String raw = readLine();
            octets += raw.length();
            if (octets > MAX_REPLY_OCTETS) {
                throw ProtocolViolationException.excess("a reply of more than " + MAX_REPLY_OCTETS + " bytes");
            }
            lines.add(ServerReply.decode(raw));
            try {
                if (ServerReply.Line.parse(raw).last()) {
                    return ServerReply.of(lines);
                }
            } catch (IllegalArgumentException notReply) {
                throw new ProtocolViolationException(notReply.getMessage());
            }
        }
        throw ProtocolViolationException.excess("a reply of more than " + MAX_LINES + " lines");
    }

    /**
     * {@return true if the server has sent bytes that no {@link #read} has read yet}
     *
     * @throws IOException if the stream fails
     */
    boolean hasUnread() throws IOException {
        return next < end || in.available() > 0;
    }

    // The bytes of one line as characters U+0000 to U+00FF, without its newline.
    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int octets = 0; octets < MAX_LINE_OCTETS; octets++) {
            int octet = readOctet();
            if (octet == '\n') {
                int length = line.length();
                if (length > 0 && line.charAt(length - 1) == '\r') {
                    line.setLength(length - 1);
                }
                return line.toString();
            }
            line.append((char) octet);
        }
        throw ProtocolViolationException.excess(
                "a line of more than " + MAX_LINE_OCTETS + " bytes: " + shortened(line.toString()));
    }

    private int readOctet() throws IOException {
        while (next == end) {
            int read = in.read(buffer);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            next = 0;
            end = read;
        }
        return buffer[next++] & 0xff;
    }

    private static String shortened(String raw) {
        return SafeText.ascii(raw.substring(0, Math.min(raw.length(), 60)));
    }
}
