package org.senderauth.ses;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * A DNS query as bytes (RFC 1035 section 4, RFC 6891): its one question, and its OPT record if it has one. The bytes are
 * read once and in place; general messages cost three times as much.
 */
final class DnsQuery {

    static final int HEADER_BYTES = 12;

    private static final int QR = 0x80;
    private static final int COUNTS = 4;
    private static final int TYPE_AND_CLASS = 4;
    private static final int FIXED_RECORD_BYTES = 10;
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 255;
    private static final int POINTER = 0xc0;
    /** The COOKIE option. */
    static final int COOKIE = 10; // RFC 7873 section 4

    final byte[] bytes;
    /** {@link Rcode#NOERROR}, or the error with which the query is answered. */
    final int error;

    // Where the question ends; the length of the header if there is none.
    final int questionEnd;
    final boolean hasOpt;
    final int payload;
    private final int cookieStart;
    private final int cookieLength;
    private @Nullable Name name;

    private DnsQuery(byte[] bytes, int error) {
        this(bytes, error, HEADER_BYTES, false, 0, 0, -1);
    }

    private DnsQuery(
            byte[] bytes, int error, int questionEnd, boolean hasOpt, int payload, int cookieStart, int cookieLength) {
        this.bytes = bytes;
        this.error = error;
        this.questionEnd = questionEnd;
        this.hasOpt = hasOpt;
        this.payload = payload;
        this.cookieStart = cookieStart;
        this.cookieLength = cookieLength;
    }

    /** Parses a message; null for what gets no response: a fragment, or a response, which could loop. */
    static @Nullable DnsQuery parse(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || (bytes[2] & QR) != 0) {
            return null;
        }
        if ((bytes[2] >> 3 & 0xf) != Opcode.QUERY) {
            return new DnsQuery(bytes, Rcode.NOTIMP);
        }
        int questions = u16(bytes, COUNTS);
        int end = HEADER_BYTES;
        if (questions == 1) {
            end = nameEnd(bytes, HEADER_BYTES, false);
            end = end < 0 || end + TYPE_AND_CLASS > bytes.length ? -1 : end + TYPE_AND_CLASS;
        }
        return questions > 1 || end < 0 ? new DnsQuery(bytes, Rcode.FORMERR) : records(bytes, end, questions);
    }

    private static DnsQuery records(byte[] bytes, int questionEnd, int questions) {
        DnsQuery malformed = new DnsQuery(bytes, Rcode.FORMERR);
        int before = u16(bytes, COUNTS + 2) + u16(bytes, COUNTS + 4);
        int count = before + u16(bytes, COUNTS + 6);
        int opt = -1;
        int at = questionEnd;
        for (int i = 0; i < count; i++) {
            int name = at;
            at = nameEnd(bytes, at, true);
            if (at < 0 || at + FIXED_RECORD_BYTES > bytes.length) {
                return malformed;
            }
            int data = at + FIXED_RECORD_BYTES;
            if (u16(bytes, at) == Type.OPT) {
                // One, in the additional section, at the root (RFC 6891 section 6.1.1).
                if (i < before || opt >= 0 || bytes[name] != 0) {
                    return malformed;
                }
                opt = at;
            }
            at = data + u16(bytes, at + 8);
            if (at > bytes.length) {
                return malformed;
            }
        }
        if (opt < 0) {
            return questions == 0 ? malformed : new DnsQuery(bytes, Rcode.NOERROR, questionEnd, false, 0, 0, -1);
        }
        int payload = u16(bytes, opt + 2);
        if (bytes[opt + 5] != 0) {
            return new DnsQuery(bytes, Rcode.BADVERS, questionEnd, true, payload, 0, -1);
        }
        int start = opt + FIXED_RECORD_BYTES;
        int end = start + u16(bytes, opt + 8);
        int cookie = -1;
        while (start < end) {
            if (start + 4 > end || start + 4 + u16(bytes, start + 2) > end) {
                return malformed;
            }
            if (u16(bytes, start) == COOKIE && cookie < 0) {
                cookie = start;
            }
            start += 4 + u16(bytes, start + 2);
        }
        if (cookie < 0) {
            return questions == 0 ? malformed : new DnsQuery(bytes, Rcode.NOERROR, questionEnd, true, payload, 0, -1);
        }
        int length = u16(bytes, cookie + 2);
        boolean legal = length == ServerCookies.CLIENT_BYTES
                || length >= ServerCookies.CLIENT_BYTES + ServerCookies.MIN_SERVER_BYTES
                        && length <= ServerCookies.CLIENT_BYTES + ServerCookies.MAX_SERVER_BYTES;
        return legal ? new DnsQuery(bytes, Rcode.NOERROR, questionEnd, true, payload, cookie + 4, length) : malformed;
    }

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** The end of a name; negative if it is malformed. The question has none before it to point to. */
    private static int nameEnd(byte[] bytes, int start, boolean compressed) {
        int at = start;
        while (at < bytes.length) {
            int length = bytes[at] & 0xff;
            if (length == 0) {
                return at + 1 - start > MAX_NAME ? -1 : at + 1;
            }
            if (length >= POINTER) {
                return compressed && at + 2 <= bytes.length ? at + 2 : -1;
            }
            if (length > MAX_LABEL) {
                return -1;
            }
            at += 1 + length;
        }
        return -1;
    }

    /** Tests whether there is a question; without one only a cookie is requested (RFC 7873 section 5.4). */
    boolean hasQuestion() {
        return questionEnd > HEADER_BYTES;
    }

    /** The name of the question: always the same object, so that a record with it is known without a comparison. */
    Name name() {
        Name known = name;
        if (known == null) {
            byte[] wire = Arrays.copyOfRange(bytes, HEADER_BYTES, questionEnd - TYPE_AND_CLASS);
            try {
                known = new Name(wire);
            } catch (IOException e) {
                throw new IllegalStateException("parsed before", e);
            }
            name = known;
        }
        return known;
    }

    /** The position of the end of a name, such as a zone's, in the question, case-insensitive; 0 if it is not there. */
    int find(byte[] name, int from) {
        int length = name.length - from;
        int end = questionEnd - TYPE_AND_CLASS;
        for (int at = HEADER_BYTES; hasQuestion() && end - at >= length; at += 1 + bytes[at]) {
            if (end - at == length) {
                return isEqual(at, name, from, length) ? at : 0;
            }
        }
        return 0;
    }

    private boolean isEqual(int at, byte[] name, int from, int length) {
        for (int i = 0; i < length; i++) {
            byte ours = bytes[at + i];
            byte theirs = name[from + i];
            // Lengths are no letters: they are below 64.
            if (ours != theirs && ((ours ^ theirs) != 0x20 || (ours | 0x20) < 'a' || (ours | 0x20) > 'z')) {
                return false;
            }
        }
        return true;
    }

    int type() {
        return u16(bytes, questionEnd - TYPE_AND_CLASS);
    }

    int dclass() {
        return u16(bytes, questionEnd - 2);
    }

    boolean hasCookie() {
        return cookieLength >= 0;
    }

    /** The position of the COOKIE option's data in the bytes; client cookie first. */
    int cookieStart() {
        return cookieStart;
    }

    /** The length of the COOKIE option's data; negative if there is none. */
    int cookieLength() {
        return cookieLength;
    }
}
