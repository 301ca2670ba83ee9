package org.senderauth.dns;

import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/** Estimates the memory of answers, on a JVM with compressed references. Every check asks, so no loop makes an iterator. */
final class AnswerSize {

    // Headers, fields and padding of the objects, measured; the variable parts are added.
    private static final int ANSWER = 144;
    private static final int NAME = 64;
    private static final int ADDRESS_RECORD = 72;
    private static final int OTHER_RECORD = 96;
    private static final int STRING = 24;

    private AnswerSize() {}

    static long of(DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records records) {
            return ANSWER + names(records.aliases()) + records(records.records()) + records(records.additional());
        }
        return ANSWER + NAME + names(answer.followed());
    }

    private static long names(List<Name> names) {
        long bytes = 0;
        for (int i = 0; i < names.size(); i++) {
            bytes += NAME + names.get(i).length();
        }
        return bytes;
    }

    private static long records(List<Record> records) {
        long bytes = 0;
        Name last = null;
        for (int i = 0; i < records.size(); i++) {
            Record record = records.get(i);
            // An owner that several records share exists once.
            if (record.getName() != last) {
                last = record.getName();
                bytes += NAME + last.length();
            }
            bytes += data(record);
        }
        return bytes;
    }

    private static long data(Record record) {
        if (record instanceof ARecord || record instanceof AAAARecord) {
            return ADDRESS_RECORD;
        }
        if (record instanceof TXTRecord txt) {
            List<byte[]> strings = txt.getStringsAsByteArrays();
            long bytes = OTHER_RECORD;
            for (int i = 0; i < strings.size(); i++) {
                bytes += STRING + strings.get(i).length;
            }
            return bytes;
        }
        Name target = record.getAdditionalName();
        return target != null ? OTHER_RECORD + NAME + target.length() : OTHER_RECORD + NAME + rdata(record);
    }

    private static long rdata(Record record) {
        return record.rdataToWireCanonical().length;
    }
}
