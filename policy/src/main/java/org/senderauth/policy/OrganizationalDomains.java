package org.senderauth.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Finds the organizational domain of a domain by the DNS Tree Walk (RFC 9989 section 4.10). Thread-safe. */
final class OrganizationalDomains {

    /** The maximum number of queries for one domain. */
    static final int MAX_QUERIES = 8;

    // A longer record cannot be one of the policies that people publish, and is ignored.
    private static final int MAX_RECORD_BYTES = 4096;

    private static final Pattern VERSION = Pattern.compile("v[ \t]*=[ \t]*DMARC1[ \t]*(;.*)?", Pattern.DOTALL);
    private static final Pattern PSD = Pattern.compile("(?i);[ \t]*psd[ \t]*=[ \t]*([ynu])[ \t]*(;|$)");

    private final DnsClient dns;

    OrganizationalDomains(DnsClient dns) {
        this.dns = dns;
    }

    /**
     * The result of a tree walk.
     *
     * @param domain the organizational domain
     * @param hasRecord whether there is a DMARC record at the domain or above it
     * @param isAvailable whether each query was answered; else the other values are unknown
     */
    record Walk(String domain, boolean hasRecord, boolean isAvailable) {
        private static final Walk UNAVAILABLE = new Walk("", false, false);
    }

    CompletionStage<Walk> of(String domain) {
        Optional<String> start = DomainNames.parse(domain)
                .map(name -> DomainNames.text(name).toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("."));
        return start.isEmpty()
                ? CompletableFuture.completedFuture(new Walk(domain, false, true))
                : step(start.get(), start.get(), null);
    }

    // The fewest labels with a record so far are those of the last record, since the walk goes up.
    private CompletionStage<Walk> step(String start, String name, @Nullable String found) {
        return query(name).thenCompose(answer -> {
            if (answer instanceof DnsAnswer.Unavailable) {
                return CompletableFuture.completedFuture(Walk.UNAVAILABLE);
            }
            String record = record(answer);
            String highest = record == null ? found : name;
            if (record != null) {
                Matcher psd = PSD.matcher(record);
                String value = psd.find() ? psd.group(1).toLowerCase(Locale.ROOT) : "u";
                if (!value.equals("u")) {
                    boolean suffix = value.equals("y") && !name.equals(start);
                    return CompletableFuture.completedFuture(new Walk(suffix ? below(name, start) : name, true, true));
                }
            }
            String next = above(name);
            return next.isEmpty()
                    ? CompletableFuture.completedFuture(
                            new Walk(highest == null ? start : highest, highest != null, true))
                    : step(start, next, highest);
        });
    }

    // With the label in front a name may be too long to have a record.
    private CompletionStage<DnsAnswer> query(String name) {
        return DomainNames.parse("_dmarc." + name)
                .map(asked -> dns.query(asked, Type.TXT))
                .orElseGet(() -> CompletableFuture.completedFuture(new DnsAnswer.NoData(null, 0)));
    }

    // One record, or none: several are discarded.
    private static @Nullable String record(DnsAnswer answer) {
        if (!(answer instanceof Records records)) {
            return null;
        }
        List<String> policies = records.records().stream()
                .filter(TXTRecord.class::isInstance)
                .map(record -> Records.text((TXTRecord) record))
                .filter(text -> text.length <= MAX_RECORD_BYTES)
                .map(text -> new String(text, StandardCharsets.ISO_8859_1))
                .filter(text -> VERSION.matcher(text).matches())
                .toList();
        return policies.size() == 1 ? policies.get(0) : null;
    }

    // One label fewer; seven labels after a name of more than eight, so that no walk has more than eight queries.
    private static String above(String name) {
        List<String> labels = List.of(name.split("\\."));
        int kept = labels.size() > MAX_QUERIES ? MAX_QUERIES - 1 : labels.size() - 1;
        return String.join(".", labels.subList(labels.size() - kept, labels.size()));
    }

    // The name below a public suffix on the way to where the walk began.
    private static String below(String suffix, String start) {
        List<String> labels = List.of(start.split("\\."));
        int kept = suffix.split("\\.").length + 1;
        return String.join(".", labels.subList(labels.size() - kept, labels.size()));
    }
}
