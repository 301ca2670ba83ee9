package org.senderauth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.flatten.AuthorizedNetworks;
import org.senderauth.spf.flatten.FlattenedRecords;
import org.senderauth.spf.flatten.SpfFlattener;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The output of {@code spf flatten}: a zone file snippet that contains the record that it was made from. */
final class FlattenedFile {

    private static final String SOURCE = "; source: ";
    private static final long MAX_BYTES = 1 << 20;
    private static final int ONE_STRING = 255;
    private static final int TTL = 3600;

    private final Path file;
    private final String domain;
    private final String source;
    private final ZoneDnsClient zone;

    private FlattenedFile(Path file, String domain, String source, ZoneDnsClient zone) {
        this.file = file;
        this.domain = domain;
        this.source = source;
        this.zone = zone;
    }

    /** Returns the text of the file for some records. */
    static String text(FlattenedRecords records) {
        StringBuilder text = new StringBuilder();
        int count = records.records().size();
        text.append("; ")
                .append(records.domain())
                .append(": ")
                .append(count)
                .append(count == 1 ? " record, " : " records, ");
        text.append(records.lookups()).append(" of 10 DNS lookups; same results as the source for ");
        text.append(records.compared()).append(" addresses\n");
        text.append(SOURCE).append(records.source()).append('\n');
        records.kept().forEach(term -> text.append("; kept: ").append(term).append('\n'));
        records.records().forEach((name, record) -> {
            text.append(name).append(". ").append(TTL).append(" IN TXT");
            for (int at = 0; at < record.length(); at += ONE_STRING) {
                String string = record.substring(at, Math.min(record.length(), at + ONE_STRING));
                text.append(" \"")
                        .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
            text.append('\n');
        });
        return text.toString();
    }

    /**
     * Reads a file that an earlier run wrote.
     *
     * @throws IOException if it cannot be read, or is not such a file of the domain
     */
    static FlattenedFile read(Path file, String domain) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + ": cannot read file");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": larger than " + MAX_BYTES + " bytes");
        }
        String source = null;
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\n")) {
            source = line.startsWith(SOURCE) && source == null ? line.substring(SOURCE.length()) : source;
        }
        FlattenedFile earlier =
                new FlattenedFile(file, domain, source == null ? "" : source, ZoneDnsClient.ofFiles(List.of(file)));
        if (source == null || spf(earlier.zone, domain) == null) {
            throw new IOException(file + ": not an output of 'spf flatten " + domain + "'");
        }
        return earlier;
    }

    /** Returns the record that the file was made from. */
    String source() {
        return source;
    }

    /** Returns what is different now: networks, other parts of the records, and what is published. */
    List<String> changes(FlattenedRecords now, DnsClient dns) throws IOException {
        List<String> changes = new ArrayList<>();
        NetworkSet before = authorized(null, zone.withFallback(dns));
        NetworkSet after = authorized(now.source(), dns);
        before.minus(after).networks().forEach(network -> changes.add("- " + network));
        after.minus(before).networks().forEach(network -> changes.add("+ " + network));
        if (changes.isEmpty() && !written(now).equals(now.records())) {
            changes.add(file + ": the records are different; write the file again");
        }
        for (String name : written(now).keySet()) {
            String published = spf(dns, name);
            if (!String.valueOf(spf(zone, name)).equals(published)) {
                changes.add(name + ": the published record is not that of " + file
                        + (published == null ? ": it has none" : ""));
            }
        }
        return changes;
    }

    // The records of the file at the names of the new ones, and at further names that its own record includes.
    private Map<String, String> written(FlattenedRecords now) {
        Map<String, String> written = new LinkedHashMap<>();
        for (String name : now.records().keySet()) {
            String text = spf(zone, name);
            if (text != null) {
                written.put(name, text);
            }
        }
        return written;
    }

    private NetworkSet authorized(@Nullable String record, DnsClient dns) throws IOException {
        AuthorizedNetworks.Outcome outcome = SpfFlattener.of(dns).networks(domain, record);
        if (outcome instanceof AuthorizedNetworks.Found found) {
            return found.networks().authorized();
        }
        throw new IOException(file + ": " + ((AuthorizedNetworks.Unusable) outcome).reason());
    }

    private static @Nullable String spf(DnsClient dns, String name) {
        DnsAnswer answer =
                dns.query(DomainNames.of(name), Type.TXT).toCompletableFuture().join();
        if (answer instanceof DnsAnswer.Records records) {
            for (Record record : records.records()) {
                if (record instanceof TXTRecord txt) {
                    String text = new String(DnsAnswer.Records.text(txt), StandardCharsets.ISO_8859_1);
                    if (SpfParser.isSpf(text)) {
                        return text;
                    }
                }
            }
        }
        return null;
    }
}
