package org.senderauth.spf.lint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/**
 * The TXT records of one name by kind.
 *
 * @param records its SPF records
 * @param lookAlikes texts that were meant to be SPF records but that receivers ignore
 * @param txtRecords how many TXT records there are
 * @param answerOctets about how long a DNS message with all of them is
 */
record TxtRecordSet(List<Text> records, List<Text> lookAlikes, int txtRecords, int answerOctets) {

    private static final int HEADER_AND_OPT = 12 + 11;
    private static final int QUESTION_TAIL = 4;
    private static final int RECORD_HEAD = 12;

    /**
     * The text of a TXT record.
     *
     * @param octets one char for each byte
     * @param borders where its strings meet
     */
    record Text(String octets, List<Integer> borders) {

        static Text of(TXTRecord record) {
            StringBuilder octets = new StringBuilder();
            List<Integer> borders = new ArrayList<>();
            for (byte[] string : record.getStringsAsByteArrays()) {
                if (octets.length() > 0) {
                    borders.add(octets.length());
                }
                octets.append(new String(string, StandardCharsets.ISO_8859_1));
            }
            return new Text(octets.toString(), borders);
        }
    }

    /** Sorts the records of an answer; any answer without records publishes nothing. */
    static TxtRecordSet of(Name name, DnsAnswer answer) {
        List<Text> records = new ArrayList<>();
        List<Text> lookAlikes = new ArrayList<>();
        int count = 0;
        int octets = HEADER_AND_OPT + name.length() + QUESTION_TAIL;
        if (answer instanceof DnsAnswer.Records found) {
            for (Record record : found.records()) {
                if (record instanceof TXTRecord txt) {
                    Text text = Text.of(txt);
                    count++;
                    octets += RECORD_HEAD
                            + text.octets().length()
                            + txt.getStringsAsByteArrays().size();
                    if (SpfParser.isSpf(text.octets())) {
                        records.add(text);
                    } else if (IgnoredRecordRules.diagnose(text.octets()) != null) {
                        lookAlikes.add(text);
                    }
                }
            }
        }
        return new TxtRecordSet(records, lookAlikes, count, octets);
    }
}
