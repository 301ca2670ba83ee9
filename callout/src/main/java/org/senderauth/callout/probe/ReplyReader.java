package org.senderauth.callout.probe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.senderauth.core.Printable;

/**
 * Reads replies from what a server sends, however it sends them: one octet at a time, without end, or not SMTP at all.
 * Memory is bounded here, time by the stream. Not thread-safe.
 */
final class ReplyReader {

    /** Most octets of a line, four times what RFC 5321 section 4.5.3.1.5 allows, its line end included. */
    static final int MAX_LINE_OCTETS = 2048;

    /** How much of a line is kept: what RFC 5321 section 4.5.3.1.5 allows. */
    static final int USEFUL_LINE_LENGTH = 512;

    /** Most lines of a reply; the longest EHLO replies seen have about 20. */
    static final int MAX_LINES = 64;

    /** Most octets of a reply. */
    static final int MAX_REPLY_OCTETS = 16 * 1024;

    // Small, since thousands of dialogues wait at once and most replies are shorter.
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
     * A line may end in LF alone, as Exim and Postfix also take it.
     *
     * @return the reply
     * @throws ProtocolViolation if it is no reply, or larger than the limits
     * @throws EOFException if the stream ends before the reply does
     * @throws IOException if the stream fails, or its time is over
     */
    ServerReply read() throws IOException {
        List<Line> lines = new ArrayList<>(2);
        int octets = 0;
        while (lines.size() < MAX_LINES) {
            String raw = readLine();
            octets += raw.length();
            if (octets > MAX_REPLY_OCTETS) {
                throw ProtocolViolation.excess("a reply of more than " + MAX_REPLY_OCTETS + " octets");
            }
            Line line = Line.of(raw);
            lines.add(line);
            if (line.last) {
                return reply(lines);
            }
        }
        throw ProtocolViolation.excess("a reply of more than " + MAX_LINES + " lines");
    }

    /**
     * Whether the server has sent something that no {@link #read} has taken yet.
     *
     * @return true if there are octets
     * @throws IOException if the stream fails
     */
    boolean hasUnread() throws IOException {
        return next < end || in.available() > 0;
    }

    /** One line of a reply; {@code last} if no other follows. */
    private record Line(int code, boolean last, String text) {

        static Line of(String raw) throws ProtocolViolation {
            boolean digits = raw.length() >= 3 && raw.chars().limit(3).allMatch(c -> c >= '0' && c <= '9');
            char separator = raw.length() > 3 ? raw.charAt(3) : ' ';
            if (!digits || separator != ' ' && separator != '-') {
                throw new ProtocolViolation("not an SMTP reply: " + shortened(raw));
            }
            String text = raw.length() > 4 ? raw.substring(4, Math.min(raw.length(), USEFUL_LINE_LENGTH)) : "";
            return new Line(Integer.parseInt(raw.substring(0, 3)), separator == ' ', Printable.ascii(text));
        }
    }

    private static ServerReply reply(List<Line> lines) {
        int code = lines.get(lines.size() - 1).code;
        // RFC 2034 section 4 wants the enhanced code on every line; some servers write it on one only.
        EnhancedCode enhanced = lines.stream()
                .filter(line -> line.code == code)
                .map(line -> EnhancedCode.atStartOf(line.text))
                .flatMap(Optional::stream)
                .filter(found -> found.statusClass() == code / 100)
                .findFirst()
                .orElse(null);
        boolean mixed = lines.stream().anyMatch(line -> line.code != code);
        return new ServerReply(code, enhanced, lines.stream().map(Line::text).toList(), mixed);
    }

    // The octets of one line as characters U+0000 to U+00FF, without its line end.
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
        throw ProtocolViolation.excess(
                "a line of more than " + MAX_LINE_OCTETS + " octets: " + shortened(line.toString()));
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
        return Printable.ascii(raw.substring(0, Math.min(raw.length(), 60)));
    }
}
