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

/** The lines of a text in UTF-8, one after the other and none of them endless; a byte order mark is passed over. */
final class OctetLines implements Closeable {

    /** The octets that a line may have; of a longer one the rest is read and forgotten. */
    static final int MAX_OCTETS = 4 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final InputStream in;
    private boolean atStart = true;

    OctetLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** A line, or why it cannot be used. */
    record Line(@Nullable String text, @Nullable String problem) {}

    /** The next line without its end, or null behind the last one. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        boolean tooLong = false;
        int octet = in.read();
        if (octet < 0) {
            return null;
        }
        for (; octet >= 0 && octet != '\n'; octet = in.read()) {
            tooLong |= octets.size() == MAX_OCTETS;
            if (!tooLong) {
                octets.write(octet);
            }
        }
        return tooLong ? new Line(null, "the line has more than " + MAX_OCTETS + " octets") : line(octets);
    }

    private Line line(ByteArrayOutputStream octets) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Line(null, "the line is not UTF-8");
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
