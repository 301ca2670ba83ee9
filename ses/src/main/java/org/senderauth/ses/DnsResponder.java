package org.senderauth.ses;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Turns the octets of a DNS query into those of its answer: what an authoritative server without recursion says (RFC
 * 1034, RFC 1035, RFC 6891). Whatever comes in, there is an answer or silence, never an exception. Thread-safe.
 */
final class DnsResponder {

    /** Largest UDP answer, to fit every usual path unfragmented (DNS flag day 2020). */
    static final int MAX_UDP = 1232;

    /** Largest UDP answer to a client without EDNS (RFC 1035 section 4.2.1). */
    static final int MAX_PLAIN_UDP = 512;

    static final int MAX_TCP = 65_535;
    static final int HEADER_OCTETS = 12;

    // No UDP answer is larger than 2.5 times its question: to a forged source it must not be worth the trouble.
    private static final int AMPLIFICATION_NUMERATOR = 5;
    private static final int AMPLIFICATION_DENOMINATOR = 2;

    private final SesZone zone;

    DnsResponder(SesZone zone) {
        this.zone = zone;
    }

    /**
     * Answers a message.
     *
     * @param query its octets
     * @param udp whether it came by UDP
     * @return the octets of the answer, or null for silence; never completes exceptionally
     */
    CompletionStage<byte @Nullable []> answer(byte[] query, boolean udp) {
        // An answer to an answer could go to and fro for ever.
        if (query.length < HEADER_OCTETS || (query[2] & 0x80) != 0) {
            return done(null);
        }
        int opcode = query[2] >> 3 & 0xf;
        if (opcode != Opcode.QUERY) {
            return done(header(query, Rcode.NOTIMP));
        }
        Message message;
        try {
            message = new Message(query);
        } catch (IOException | RuntimeException e) {
            return done(header(query, Rcode.FORMERR));
        }
        Record question = message.getQuestion();
        if (question == null
                || message.getHeader().getCount(Section.QUESTION) != 1
                || message.getSection(Section.QUESTION).size() != 1
                || options(message) > 1) {
            return done(header(query, Rcode.FORMERR));
        }
        OPTRecord opt = message.getOPT();
        int limit = !udp
                ? MAX_TCP
                : Math.min(
                        opt == null ? MAX_PLAIN_UDP : Math.max(MAX_PLAIN_UDP, Math.min(MAX_UDP, opt.getPayloadSize())),
                        query.length * AMPLIFICATION_NUMERATOR / AMPLIFICATION_DENOMINATOR);
        if (opt != null && opt.getVersion() != 0) {
            return done(write(reply(message, opt, Rcode.BADVERS), limit));
        }
        return zone.answer(question.getName(), question.getType(), question.getDClass())
                .thenApply(answer -> write(reply(message, opt, answer), limit));
    }

    /** The answer to a query whose sender must ask by TCP: its header and question. */
    static byte @Nullable [] truncated(byte[] answer) {
        try {
            Message message = new Message(answer);
            message.getHeader().setFlag(Flags.TC);
            message.removeAllRecords(Section.ANSWER);
            message.removeAllRecords(Section.AUTHORITY);
            return message.toWire();
        } catch (IOException e) {
            throw new IllegalStateException("we wrote it", e);
        }
    }

    private static Message reply(Message query, @Nullable OPTRecord opt, ZoneAnswer answer) {
        if (answer instanceof ZoneAnswer.Records records) {
            Message reply = reply(query, opt, Rcode.NOERROR);
            reply.getHeader().setFlag(Flags.AA);
            records.records().forEach(record -> reply.addRecord(record, Section.ANSWER));
            return reply;
        }
        if (answer instanceof ZoneAnswer.NoData nothing) {
            Message reply = reply(query, opt, Rcode.NOERROR);
            reply.getHeader().setFlag(Flags.AA);
            reply.addRecord(nothing.soa(), Section.AUTHORITY);
            return reply;
        }
        return reply(query, opt, answer instanceof ZoneAnswer.Refused ? Rcode.REFUSED : Rcode.SERVFAIL);
    }

    /** Header and question as they came, and the OPT record that a query with one gets (RFC 6891 section 6.1.1). */
    private static Message reply(Message query, @Nullable OPTRecord opt, int rcode) {
        Message reply = new Message(query.getHeader().getID());
        Header header = reply.getHeader();
        header.setFlag(Flags.QR);
        header.setRcode(rcode & 0xf);
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        Record question = query.getQuestion();
        reply.addRecord(question, Section.QUESTION);
        if (opt != null) {
            reply.addRecord(new OPTRecord(MAX_UDP, rcode >> 4, 0, 0), Section.ADDITIONAL);
        }
        return reply;
    }

    private static byte[] write(Message reply, int limit) {
        byte[] octets = reply.toWire();
        if (octets.length <= limit) {
            return octets;
        }
        reply.getHeader().setFlag(Flags.TC);
        reply.removeAllRecords(Section.ANSWER);
        reply.removeAllRecords(Section.AUTHORITY);
        return reply.toWire();
    }

    /** A header alone, for what has no question that could be repeated. */
    private static byte[] header(byte[] query, int rcode) {
        byte[] header = new byte[HEADER_OCTETS];
        header[0] = query[0];
        header[1] = query[1];
        header[2] = (byte) (0x80 | query[2] & 0x79); // QR, the opcode, RD
        header[3] = (byte) rcode;
        return header;
    }

    private static int options(Message message) {
        int count = 0;
        for (Record record : message.getSection(Section.ADDITIONAL)) {
            // RFC 6891 section 6.1.1: one OPT record at most, at the root.
            if (record.getType() == Type.OPT) {
                count += record.getName().equals(Name.root) ? 1 : 2;
            }
        }
        return count;
    }

    private static CompletionStage<byte @Nullable []> done(byte @Nullable [] answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
