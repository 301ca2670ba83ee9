package org.senderauth.spf;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/** Reads each record once: its octets alone decide what it means. Thread-safe and bounded. */
final class RecordCache {

    /** Most characters of all records that are kept; the trees take about ten times as many octets. */
    private static final long MAX_CHARACTERS = 2_000_000;

    private static final String VERSION = "v=spf1";

    private final Cache<RecordOctets, PreparedRecord> records = Caffeine.newBuilder()
            .maximumWeight(MAX_CHARACTERS)
            .weigher((RecordOctets octets, PreparedRecord record) ->
                    record.parse().text().length())
            .executor(Runnable::run)
            .build();

    PreparedRecord read(TXTRecord record) {
        RecordOctets octets = new RecordOctets(record);
        PreparedRecord known = records.getIfPresent(octets);
        if (known == null) {
            known = new PreparedRecord(SpfParser.parse(text(record)));
            records.put(octets, known);
        }
        return known;
    }

    /** The records of an answer that claim to be SPF records (RFC 7208 section 4.5). */
    static List<TXTRecord> spfRecords(DnsAnswer answer) {
        List<TXTRecord> found = List.of();
        if (answer instanceof Records records) {
            for (Record record : records.records()) {
                if (record instanceof TXTRecord txt && isSpf(txt)) {
                    if (found.isEmpty()) {
                        found = List.of(txt);
                    } else {
                        found = new ArrayList<>(found);
                        found.add(txt);
                    }
                }
            }
        }
        return found;
    }

    /** A TXT record's strings without anything between them, one character for each octet (section 3.3). */
    static String text(TXTRecord record) {
        List<byte[]> strings = record.getStringsAsByteArrays();
        byte[] octets = strings.size() == 1 ? strings.get(0) : Records.text(record);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    // The version stands in the first string, but for records that are split in an odd way.
    private static boolean isSpf(TXTRecord record) {
        List<byte[]> strings = record.getStringsAsByteArrays();
        byte[] first = strings.isEmpty() ? new byte[0] : strings.get(0);
        if (first.length <= VERSION.length()) {
            return SpfParser.isSpf(text(record));
        }
        for (int i = 0; i < VERSION.length(); i++) {
            if (Character.toLowerCase(first[i] & 0xff) != VERSION.charAt(i)) {
                return false;
            }
        }
        return first[VERSION.length()] == ' ';
    }
}
