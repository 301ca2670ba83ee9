package org.senderauth.dkim2;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Splits a multipart body into its parts without changing a byte (RFC 2046 section 5.1), and decodes parts. Stateless. */
final class MimeParts {

    /** The maximum number of parts. */
    static final int MAX_PARTS = 100;

    /** The maximum number of characters of a boundary (RFC 2046 section 5.1.1). */
    static final int MAX_BOUNDARY = 70;

    /**
     * A range of the message.
     *
     * @param from its first byte
     * @param to the byte after it
     */
    record Range(int from, int to) {}

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LINE_FEEDS = 0x0a0a_0a0a_0a0a_0a0aL;
    private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

    private MimeParts() {}

    /** The parts of the first level. Without a final delimiter the last part extends to the end. */
    static List<Range> split(WireMessage message, String boundary) throws MalformedMessageException {
        if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw new MalformedMessageException("the boundary has not 1 to " + MAX_BOUNDARY + " characters");
        }
        byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        byte[] raw = message.raw();
        List<Range> parts = new ArrayList<>();
        int partStart = -1;
        int line = message.bodyStart();
        while (line < message.end()) {
            int lineEnd = lineEnd(raw, line, message.end());
            int kind = delimiterAt(raw, line, lineEnd, delimiter);
            if (kind > 0) {
                if (partStart >= 0) {
                    // The newline before a delimiter belongs to the delimiter.
                    parts.add(new Range(partStart, Math.max(partStart, line - 2)));
                }
                if (parts.size() > MAX_PARTS) {
                    throw MalformedMessageException.limit("more than " + MAX_PARTS + " parts");
                }
                partStart = lineEnd + 2;
                if (kind == 2) {
                    return parts;
                }
            }
            line = lineEnd + 2;
        }
        if (partStart >= 0 && partStart <= message.end()) {
            parts.add(new Range(partStart, message.end()));
        }
        return parts;
    }

    // The position of the next CRLF; the end without one.
    static int lineEnd(byte[] raw, int from, int to) {
        int lf = indexOfLf(raw, from + 1, to);
        while (lf < to && raw[lf - 1] != '\r') {
            lf = indexOfLf(raw, lf + 1, to);
        }
        return lf < to ? lf - 1 : to;
    }

    // Eight bytes at a time: byte by byte, this search was two thirds of the check of a bounce without its public-key
    // operation. A byte is zero if subtracting 1 borrows from its highest bit; the first such byte is exact.
    private static int indexOfLf(byte[] raw, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to) {
            long differences = (long) WORDS.get(raw, at) ^ LINE_FEEDS;
            long zeros = (differences - LOWEST_BITS) & ~differences & HIGHEST_BITS;
            if (zeros != 0) {
                return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
            at += Long.BYTES;
        }
        while (at < to && raw[at] != '\n') {
            at++;
        }
        return Math.min(at, to);
    }

    // 0: not a delimiter, 1: one between parts, 2: the last one. Spaces may follow it.
    private static int delimiterAt(byte[] raw, int line, int lineEnd, byte[] delimiter) {
        if (lineEnd - line < delimiter.length) {
            return 0;
        }
        for (int i = 0; i < delimiter.length; i++) {
            if (raw[line + i] != delimiter[i]) {
                return 0;
            }
        }
        int at = line + delimiter.length;
        boolean last = lineEnd - at >= 2 && raw[at] == '-' && raw[at + 1] == '-';
        for (int i = last ? at + 2 : at; i < lineEnd; i++) {
            if (!WireMessage.isBlank(raw[i])) {
                return 0;
            }
        }
        return last ? 2 : 1;
    }

    static byte[] base64(byte[] raw, int from, int to) throws MalformedMessageException {
        try {
            return Base64.getMimeDecoder().decode(Arrays.copyOfRange(raw, from, to));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("the returned message is not base64");
        }
    }

    /** Decodes quoted-printable (RFC 2045 section 6.7); what is not an escape stays as it is. */
    static byte[] quotedPrintable(byte[] raw, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        int line = from;
        while (line < to) {
            int lineEnd = lineEnd(raw, line, to);
            int end = lineEnd;
            while (end > line && WireMessage.isBlank(raw[end - 1])) {
                end--;
            }
            boolean soft = end > line && raw[end - 1] == '=';
            decodeLine(raw, line, soft ? end - 1 : end, out);
            if (!soft && lineEnd < to) {
                out.write('\r');
                out.write('\n');
            }
            line = lineEnd + 2;
        }
        return out.toByteArray();
    }

    private static void decodeLine(byte[] raw, int from, int to, ByteArrayOutputStream out) {
        for (int i = from; i < to; i++) {
            int high = i + 2 < to ? Character.digit(raw[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
            if (raw[i] == '=' && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(raw[i]);
            }
        }
    }
}
