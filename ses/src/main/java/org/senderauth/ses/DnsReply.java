package org.senderauth.ses;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * Writes a response: header and question as they came, records, and the OPT record that a query with one gets (RFC 6891
 * section 6.1.1), with a cookie if the query has one. Names are compressed against the question.
 */
final class DnsReply {

    private static final int QR = 0x80;
    private static final int AA = 4;
    private static final int TC = 2;
    private static final int OPCODE_AND_RD = 0x79;
    private static final int RD = 1;
    private static final int POINTER = 0xc000;
    private static final int OPT_BYTES = 11;
    private static final int COOKIE_OPTION_BYTES = 4 + ServerCookies.BYTES;
    private static final int ADDRESS_RECORD_BYTES = 16;

    private final DnsQuery query;
    private byte[] out;
    private int end;

    private DnsReply(DnsQuery query) {
        this.query = query;
        this.out = new byte[query.questionEnd + ADDRESS_RECORD_BYTES + OPT_BYTES + COOKIE_OPTION_BYTES];
    }

    /** A header alone, for a query without a question that could be repeated. */
    static byte[] header(DnsQuery query, int rcode) {
        byte[] header = new byte[DnsQuery.HEADER_BYTES];
        header[0] = query.bytes[0];
        header[1] = query.bytes[1];
        header[2] = (byte) (QR | query.bytes[2] & OPCODE_AND_RD);
        header[3] = (byte) rcode;
        return header;
    }

    /**
     * Writes a response.
     *
     * @param truncated whether TC is set
     * @param cookies the cookies of the server
     */
    static byte[] write(
            DnsQuery query,
            int rcode,
            boolean authoritative,
            List<Record> answer,
            List<Record> authority,
            boolean truncated,
            ServerCookies cookies,
            InetAddress client) {
        return new DnsReply(query).write(rcode, authoritative, answer, authority, truncated, cookies, client);
    }

    private byte[] write(
            int rcode,
            boolean authoritative,
            List<Record> answer,
            List<Record> authority,
            boolean truncated,
            ServerCookies cookies,
            InetAddress client) {
        System.arraycopy(query.bytes, 0, out, 0, query.questionEnd);
        end = query.questionEnd;
        out[2] = (byte) (QR | (authoritative ? AA : 0) | (truncated ? TC : 0) | query.bytes[2] & RD);
        out[3] = (byte) (rcode & 0xf);
        count(6, answer.size());
        count(8, authority.size());
        count(10, query.hasOpt ? 1 : 0);
        answer.forEach(this::put);
        authority.forEach(this::put);
        if (query.hasOpt) {
            putOpt(rcode, cookies, client);
        }
        return out.length == end ? out : Arrays.copyOf(out, end);
    }

    private void count(int at, int count) {
        out[at] = (byte) (count >> 8);
        out[at + 1] = (byte) count;
    }

    private void putOpt(int rcode, ServerCookies cookies, InetAddress client) {
        reserve(1);
        out[end++] = 0;
        put16(Type.OPT);
        put16(DnsResponder.MAX_UDP);
        put16(rcode >> 4 << 8); // and version 0
        put16(0);
        if (query.hasCookie()) {
            put16(COOKIE_OPTION_BYTES);
            put16(DnsQuery.COOKIE);
            put16(ServerCookies.BYTES);
            reserve(ServerCookies.BYTES);
            cookies.write(query, client, out, end);
            end += ServerCookies.BYTES;
        } else {
            put16(0);
        }
    }

    private void put(Record record) {
        putName(record.getName());
        put16(record.getType());
        put16(record.getDClass());
        put32(record.getTTL());
        put16(0);
        int data = end;
        if (record instanceof SOARecord soa) {
            putName(soa.getHost());
            putName(soa.getAdmin());
            put32(soa.getSerial());
            put32(soa.getRefresh());
            put32(soa.getRetry());
            put32(soa.getExpire());
            put32(soa.getMinimum());
        } else if (record instanceof NSRecord server) {
            putName(server.getTarget());
        } else {
            byte[] bytes = record.rdataToWireCanonical();
            putBytes(bytes, 0, bytes.length);
        }
        count(data - 2, end - data);
    }

    /** Writes a name: the labels that it does not share with the end of the question, then a pointer to the rest. */
    private void putName(Name name) {
        if (query.hasQuestion() && name == query.name()) {
            put16(POINTER | DnsQuery.HEADER_BYTES);
            return;
        }
        byte[] wire = name.toWire();
        int at = 0;
        while (wire[at] != 0) {
            int shared = query.find(wire, at);
            if (shared > 0) {
                putBytes(wire, 0, at);
                put16(POINTER | shared);
                return;
            }
            at += 1 + wire[at];
        }
        putBytes(wire, 0, wire.length);
    }

    private void reserve(int bytes) {
        if (end + bytes > out.length) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + bytes));
        }
    }

    private void putBytes(byte[] bytes, int from, int length) {
        reserve(length);
        System.arraycopy(bytes, from, out, end, length);
        end += length;
    }

    private void put16(int value) {
        reserve(2);
        out[end] = (byte) (value >> 8);
        out[end + 1] = (byte) value;
        end += 2;
    }

    private void put32(long value) {
        put16((int) (value >> 16));
        put16((int) value);
    }
}
