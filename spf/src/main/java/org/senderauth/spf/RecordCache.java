package org.senderauth.spf;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Parses each record once: its bytes alone determine its meaning. Thread-safe and bounded in bytes. */
final class RecordCache {

    /** The maximum number of bytes of all cached records, unless the heap is small. */
    private static final long MAX_BYTES = 16L << 20;

    private static final int HEAP_PART = 16;

    /** The maximum length of a character-string (RFC 1035 section 3.3). */
    private static final int MAX_STRING = 255;

    private static final String VERSION = "v=spf1";

    private final Cache<RecordKey, PreparedRecord> records;

    RecordCache() {
        this(Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));
    }

    RecordCache(long maxBytes) {
        this.records = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((RecordKey octets, PreparedRecord record) -> record.sizeInBytes())
                .executor(Runnable::run)
                .build();
    }

    /** Returns the parsed record; null if it has more than {@link SpfLimits#MAX_RECORD_BYTES}. */
    @Nullable
    PreparedRecord read(TXTRecord record) {
        RecordKey octets = new RecordKey(record);
        if (octets.length() > SpfLimits.MAX_RECORD_BYTES) {
            return null;
        }
        PreparedRecord known = records.getIfPresent(octets);
        if (known == null) {
            known = new PreparedRecord(SpfParser.parse(text(record)));
            records.put(octets, known);
        }
        return known;
    }

    /** Returns the records of an answer that claim to be SPF records (RFC 7208 section 4.5). */
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

    /** Returns the length of a TXT record's strings, in bytes. */
    static int length(TXTRecord record) {
        List<byte[]> strings = record.getStringsAsByteArrays();
        int length = 0;
        for (int i = 0; i < strings.size(); i++) {
            length += strings.get(i).length;
        }
        return length;
    }

    /** Returns a TXT record's strings joined, one character for each byte (section 3.3). */
    static String text(TXTRecord record) {
        List<byte[]> strings = record.getStringsAsByteArrays();
        byte[] octets = strings.size() == 1 ? strings.get(0) : Records.text(record);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** Returns the answer with which the DNS would publish a record at a name. */
    static Records published(Name name, String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        for (int at = 0; at == 0 || at < bytes.length; at += MAX_STRING) {
            int length = Math.min(MAX_STRING, bytes.length - at);
            strings.write(length);
            strings.write(bytes, at, length);
        }
        Record txt = Record.newRecord(name, Type.TXT, DClass.IN, 0, strings.toByteArray());
        return new Records(List.of(txt), 0, List.of(), List.of());
    }

    // The version is in the first string, except for records that are split in an odd way.
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
