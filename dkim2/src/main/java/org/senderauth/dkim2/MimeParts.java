package org.senderauth.dkim2;

import java.io.ByteArrayOutputStream;
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

    private static int lineEnd(byte[] raw, int from, int to) {
        for (int i = from; i + 1 < to; i++) {
            if (raw[i] == '\r' && raw[i + 1] == '\n') {
                return i;
            }
        }
        return to;
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
