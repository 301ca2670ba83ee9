package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The key lookups of one check: one query per distinct name, within a budget of queries and of time. Used from one thread
 * at a time.
 */
final class KeyLookup {

    /** The result of a lookup. */
    sealed interface Found {
        record Key(KeyRecord record) implements Found {}

        record Missing() implements Found {}

        record Unusable(Dkim2Reason reason, String problem) implements Found {}

        record NotAvailable() implements Found {}

        record OverBudget() implements Found {}
    }

    private final DnsClient dns;
    private final int maxQueries;
    private final long deadline;
    private final LongSupplier nanoTime;
    private final Map<String, CompletableFuture<Found>> found = new HashMap<>();

    KeyLookup(DnsClient dns, int maxQueries, long timeoutNanos, LongSupplier nanoTime) {
        this.dns = dns;
        this.maxQueries = maxQueries;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + timeoutNanos;
    }

    int queries() {
        return found.size();
    }

    CompletableFuture<Found> find(String selector, String domain) {
        String text = selector + "._domainkey." + domain;
        CompletableFuture<Found> known = found.get(text);
        if (known != null) {
            return known;
        }
        Optional<Name> name = DomainNames.parse(text);
        if (name.isEmpty()) {
            // Longer than a name of the DNS may be: no such key can exist.
            return CompletableFuture.completedFuture(new Found.Missing());
        }
        if (found.size() >= maxQueries) {
            return CompletableFuture.completedFuture(new Found.OverBudget());
        }
        CompletableFuture<Found> lookup =
                query(name.get()).thenApply(KeyLookup::read).exceptionally(e -> new Found.NotAvailable());
        found.put(text, lookup);
        return lookup;
    }

    private CompletableFuture<DnsAnswer> query(Name name) {
        DnsAnswer timeout = new Unavailable(Cause.TIMEOUT, "the check took too long");
        long left = deadline - nanoTime.getAsLong();
        if (left <= 0) {
            return CompletableFuture.completedFuture(timeout);
        }
        try {
            // A copy, since completing the client's own future would reach other users of a cache.
            return dns.query(name, Type.TXT)
                    .toCompletableFuture()
                    .thenApply(answer -> answer)
                    .completeOnTimeout(timeout, left, TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(new Unavailable(Cause.BAD_ANSWER, "the DNS client failed"));
        }
    }

    private static Found read(DnsAnswer answer) {
        if (answer.isVoid()) {
            return new Found.Missing();
        }
        if (!(answer instanceof DnsAnswer.Records records)) {
            return new Found.NotAvailable();
        }
        if (records.records().size() != 1) {
            return new Found.Unusable(Dkim2Reason.KEY_UNUSABLE, "has multiple records");
        }
        if (!(records.records().get(0) instanceof TXTRecord txt)) {
            return new Found.NotAvailable();
        }
        try {
            String text = new String(DnsAnswer.Records.text(txt), StandardCharsets.ISO_8859_1);
            return new Found.Key(KeyRecord.parse(text));
        } catch (MalformedMessageException e) {
            return new Found.Unusable(
                    e.reason() == Dkim2Reason.MALFORMED ? Dkim2Reason.KEY_UNUSABLE : e.reason(), e.text());
        }
    }
}
