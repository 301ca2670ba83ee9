package org.senderauth.spf;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/** Reads each record once: the text alone decides what it means. Thread-safe and bounded. */
final class RecordCache {

    /** Most characters of all records that are kept; the trees take about ten times as many octets. */
    private static final long MAX_CHARACTERS = 2_000_000;

    private static final int VERSION_LENGTH = "v=spf1".length();

    private final Cache<String, PreparedRecord> records = Caffeine.newBuilder()
            .maximumWeight(MAX_CHARACTERS)
            .weigher((String text, PreparedRecord record) -> text.length())
            .executor(Runnable::run)
            .build();

    PreparedRecord read(String text) {
        return records.get(text, t -> new PreparedRecord(SpfParser.parse(t)));
    }

    /** The texts among TXT records that claim to be SPF records (RFC 7208 section 4.5). */
    static List<String> spfTexts(Records answer) {
        List<String> texts = List.of();
        for (Record record : answer.records()) {
            if (record instanceof TXTRecord txt && mayBeSpf(txt)) {
                String text = text(txt);
                if (SpfParser.isSpf(text)) {
                    if (texts.isEmpty()) {
                        texts = List.of(text);
                    } else {
                        texts = new ArrayList<>(texts);
                        texts.add(text);
                    }
                }
            }
        }
        return texts;
    }

    /** A TXT record's strings without anything between them, one character for each octet (section 3.3). */
    static String text(TXTRecord record) {
        List<byte[]> strings = record.getStringsAsByteArrays();
        byte[] octets = strings.size() == 1 ? strings.get(0) : Records.text(record);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    // Most other TXT records are told by their first octet.
    private static boolean mayBeSpf(TXTRecord record) {
        List<byte[]> strings = record.getStringsAsByteArrays();
        byte[] first = strings.isEmpty() ? new byte[0] : strings.get(0);
        return first.length < VERSION_LENGTH || (first[0] | 0x20) == 'v';
    }
}
