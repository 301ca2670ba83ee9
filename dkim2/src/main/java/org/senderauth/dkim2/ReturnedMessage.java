package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The message that a delivery report returns: whole, or its header only. Immutable; the bytes are not copied and must not
 * change.
 */
public final class ReturnedMessage {

    private static final List<String> WHOLE = List.of("message/rfc822", "message/global");
    private static final List<String> HEADERS_ONLY = List.of("text/rfc822-headers", "message/global-headers");

    private final byte[] raw;
    private final int from;
    private final int to;
    private final boolean whole;

    private ReturnedMessage(byte[] raw, int from, int to, boolean whole) {
        this.raw = raw;
        this.from = from;
        this.to = to;
        this.whole = whole;
    }

    /**
     * A message that is returned whole.
     *
     * @param message its bytes with CRLF newlines, as they are in the part
     * @return the returned message
     */
    public static ReturnedMessage whole(byte[] message) {
        return new ReturnedMessage(Objects.requireNonNull(message, "message"), 0, message.length, true);
    }

    /**
     * A message of which only the header is returned.
     *
     * @param header its bytes with CRLF newlines, as they are in the part
     * @return the returned message
     */
    public static ReturnedMessage headersOnly(byte[] header) {
        return new ReturnedMessage(Objects.requireNonNull(header, "header"), 0, header.length, false);
    }

    /** {@return whether the body was returned too} */
    public boolean isWhole() {
        return whole;
    }

    /** This message where a report was cut off at a length: its body is unknown if the message extends to there. */
    ReturnedMessage upTo(int length) {
        // A decoded part has bytes of its own, so the length of the report does not tell whether it was cut off.
        boolean known = raw.length == length && to < length;
        return known ? this : new ReturnedMessage(raw, from, to, false);
    }

    /** Tests whether the whole header of this message is there. */
    boolean isHeaderComplete() throws MalformedMessageException {
        return parse().isHeaderComplete();
    }

    WireMessage parse() throws MalformedMessageException {
        return WireMessage.parse(raw, from, to);
    }

    /** Tests for a delivery report by its type (RFC 6522, RFC 3464). */
    static boolean isDeliveryReport(MimeHeader header) {
        return header.type().equals("multipart/report")
                && header.parameter("report-type")
                        .filter("delivery-status"::equalsIgnoreCase)
                        .isPresent()
                && header.parameter("boundary").isPresent();
    }

    /**
     * Finds the returned message of a delivery report: the one part of the first level that is of its type.
     *
     * @return nothing if no part is
     * @throws MalformedMessageException if two are, or the part cannot be read
     */
    static Optional<ReturnedMessage> find(WireMessage report, MimeHeader header) throws MalformedMessageException {
        List<ReturnedMessage> found = new ArrayList<>();
        for (MimeParts.Range range :
                MimeParts.split(report, header.parameter("boundary").orElse(""))) {
            WireMessage part = WireMessage.parse(report.raw(), range.from(), range.to());
            MimeHeader partHeader = MimeHeader.of(part);
            if (WHOLE.contains(partHeader.type()) || HEADERS_ONLY.contains(partHeader.type())) {
                if (!found.isEmpty()) {
                    throw new MalformedMessageException("the report returns two messages");
                }
                found.add(decoded(part, partHeader));
            }
        }
        return found.stream().findFirst();
    }

    // RFC 2046 section 5.2.1 allows only 7bit, 8bit and binary here, but others are in use.
    private static ReturnedMessage decoded(WireMessage part, MimeHeader header) throws MalformedMessageException {
        boolean whole = WHOLE.contains(header.type());
        byte[] raw = part.raw();
        return switch (header.encoding()) {
            // "8-bit" is no word of RFC 2045, and in use.
            case "7bit", "8bit", "7-bit", "8-bit", "binary", "" ->
                new ReturnedMessage(raw, part.bodyStart(), part.end(), whole);
            case "base64" -> of(MimeParts.base64(raw, part.bodyStart(), part.end()), whole);
            case "quoted-printable" -> of(MimeParts.quotedPrintable(raw, part.bodyStart(), part.end()), whole);
            default -> throw new MalformedMessageException("the returned message has an unknown transfer encoding");
        };
    }

    // A message that was stored with LF newlines before it was encoded gets back those that it was signed with.
    private static ReturnedMessage of(byte[] decoded, boolean whole) {
        String text = new String(decoded, StandardCharsets.ISO_8859_1);
        byte[] wire =
                text.indexOf('\r') < 0 ? text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1) : decoded;
        return new ReturnedMessage(wire, 0, wire.length, whole);
    }
}
