package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.core.Ascii;

/** A message as it is on the wire: its header fields with their bytes, in order, and its body as a range. Immutable. */
final class WireMessage {

    /** The maximum size of a header section in bytes. */
    static final int MAX_HEADER_BYTES = 256 << 10;

    /**
     * A header field. Its value, with folds, is from valueStart to end; the newline at its end does not belong to it.
     *
     * @param name the name in lower case
     * @param valueStart the position after the colon
     * @param end the position after the value
     */
    record Field(String name, int valueStart, int end) {}

    private final byte[] raw;
    private final List<Field> fields;
    private final boolean headerComplete;
    private final int bodyStart;
    private final int end;

    private WireMessage(byte[] raw, List<Field> fields, boolean headerComplete, int bodyStart, int end) {
        this.raw = raw;
        this.fields = List.copyOf(fields);
        this.headerComplete = headerComplete;
        this.bodyStart = bodyStart;
        this.end = end;
    }

    /**
     * Reads a message with CRLF newlines. A message without the empty line after its header section has an empty body.
     *
     * @throws MalformedMessageException if a line of the header section is not part of a field, since skipping it could
     *     hide a body, if the section has a CR or LF that is not part of a CRLF, or is larger than {@value
     *     #MAX_HEADER_BYTES} bytes
     */
    static WireMessage parse(byte[] raw, int from, int to) throws MalformedMessageException {
        List<Field> fields = new ArrayList<>();
        int at = from;
        while (at < to && !isCrLf(raw, at, to)) {
            int fieldEnd = endOfField(raw, at, to);
            if (fieldEnd - from > MAX_HEADER_BYTES) {
                throw MalformedMessageException.limit("the header section exceeds " + MAX_HEADER_BYTES + " bytes");
            }
            fields.add(field(raw, at, fieldEnd));
            at = Math.min(fieldEnd + 2, to);
        }
        return new WireMessage(raw, fields, at < to, Math.min(at + 2, to), to);
    }

    private static boolean isCrLf(byte[] raw, int at, int to) {
        return at + 1 < to && raw[at] == '\r' && raw[at + 1] == '\n';
    }

    // A CRLF with a space or tab after it is a fold (RFC 5322 section 2.2.3).
    private static int endOfField(byte[] raw, int from, int to) throws MalformedMessageException {
        for (int i = from; i < to; i++) {
            if (raw[i] == '\r' && isCrLf(raw, i, to)) {
                if (!(i + 2 < to && isBlank(raw[i + 2]))) {
                    return i;
                }
                i++;
            } else if (raw[i] == '\r' || raw[i] == '\n') {
                // Readers that take it for a newline would see other fields, and another body, than those that are
                // checked.
                throw new MalformedMessageException("the header section has a bare CR or LF");
            }
            if (i - from > MAX_HEADER_BYTES) {
                return i;
            }
        }
        return to;
    }

    private static Field field(byte[] raw, int from, int end) throws MalformedMessageException {
        int nameEnd = from;
        while (nameEnd < end && raw[nameEnd] > ' ' && raw[nameEnd] < 0x7f && raw[nameEnd] != ':') {
            nameEnd++;
        }
        int colon = nameEnd;
        while (colon < end && isBlank(raw[colon])) {
            colon++;
        }
        if (nameEnd == from || colon == end || raw[colon] != ':') {
            throw new MalformedMessageException("malformed header field");
        }
        String name = new String(raw, from, nameEnd - from, StandardCharsets.US_ASCII);
        return new Field(Ascii.toLowerCase(name), colon + 1, end);
    }

    static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** All fields, the topmost first. */
    List<Field> fields() {
        return fields;
    }

    /** The fields with a name in lower case, the topmost first. */
    List<Field> fields(String name) {
        if (!has(name)) {
            return List.of();
        }
        List<Field> found = new ArrayList<>();
        for (Field field : fields) {
            if (field.name().equals(name)) {
                found.add(field);
            }
        }
        return found;
    }

    boolean has(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** A field's value on one line, without the newlines of its folds. */
    String unfolded(Field field) {
        return new String(raw, field.valueStart(), field.end() - field.valueStart(), StandardCharsets.ISO_8859_1)
                .replace("\r\n", "");
    }

    /** The bytes of which the message is a range; not a copy. */
    byte[] raw() {
        return raw;
    }

    int bodyStart() {
        return bodyStart;
    }

    /** Tests whether the empty line after the header section is there. */
    boolean isHeaderComplete() {
        return headerComplete;
    }

    int end() {
        return end;
    }
}
