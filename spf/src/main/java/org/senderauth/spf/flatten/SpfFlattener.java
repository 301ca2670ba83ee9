package org.senderauth.spf.flatten;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.flatten.AuthorizedNetworks.Entry;
import org.senderauth.spf.flatten.TreeStep.Tree;
import org.senderauth.spf.lint.LookupCost;
import org.senderauth.spf.lint.SpfLinter;
import org.senderauth.spf.syntax.NetworkSet;
import org.xbill.DNS.Name;

/**
 * Lists the networks that a record and all that it refers to authorize, and writes records that list them directly. It
 * publishes nothing. Terms that depend on the sender or the client, such as {@code exists:%{i}...}, are kept.
 *
 * <p>Thread-safe. A run sends at most 1,000 queries.
 */
public final class SpfFlattener {

    /** The default maximum length of a record, in bytes: the DNS message still fits into 512 (RFC 7208 section 3.4). */
    public static final int DEFAULT_MAX_BYTES = 450;

    /** The minimum of the maximum length. */
    public static final int MIN_MAX_BYTES = 100;

    private final DnsClient dns;
    private final Set<Name> keep;
    private final int maxBytes;

    private SpfFlattener(DnsClient dns, Set<Name> keep, int maxBytes) {
        this.dns = dns;
        this.keep = keep;
        this.maxBytes = maxBytes;
    }

    /**
     * Returns a flattener that uses a DNS client, keeps no include, and writes records of at most {@value
     * #DEFAULT_MAX_BYTES} bytes.
     *
     * @param dns the client
     */
    public static SpfFlattener of(DnsClient dns) {
        return new SpfFlattener(DnsClient.guarded(Objects.requireNonNull(dns, "dns")), Set.of(), DEFAULT_MAX_BYTES);
    }

    /**
     * Returns a flattener that keeps the includes of some domains.
     *
     * @param domains the domains
     * @throws IllegalArgumentException if one is not a valid domain name
     */
    public SpfFlattener withKept(Collection<String> domains) {
        Set<Name> names = new LinkedHashSet<>();
        domains.forEach(domain -> names.add(DomainNames.of(domain)));
        return new SpfFlattener(dns, Set.copyOf(names), maxBytes);
    }

    /**
     * Returns a flattener that writes records of another length.
     *
     * @param maxBytes the maximum length of one record, {@value #MIN_MAX_BYTES} to {@link SpfLimits#MAX_RECORD_BYTES}
     * @throws IllegalArgumentException if it is out of range
     */
    public SpfFlattener withMaxBytes(int maxBytes) {
        if (maxBytes < MIN_MAX_BYTES || maxBytes > SpfLimits.MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("maxBytes must be between " + MIN_MAX_BYTES + " and "
                    + SpfLimits.MAX_RECORD_BYTES + ", was " + maxBytes);
        }
        return new SpfFlattener(dns, keep, maxBytes);
    }

    /**
     * Returns the networks that a domain authorizes; waits for the DNS.
     *
     * @param domain the domain
     * @param record the record instead of the published one; null for that
     * @throws IllegalArgumentException if the text is not a valid domain name
     */
    public AuthorizedNetworks.Outcome networks(String domain, @Nullable String record) {
        Name name = DomainNames.of(domain);
        try {
            TreeReader reader = TreeReader.forList(new RecordedDns(dns));
            Tree tree = reader.read(name, record == null ? reader.published(name) : record);
            return new AuthorizedNetworks.Found(new AuthorizedNetworks(
                    DomainNames.text(name), listed(tree), tree.passing(), dynamic(tree), end(tree)));
        } catch (UnusableException e) {
            return e.outcome();
        }
    }

    /**
     * Writes the records that list the networks of a domain, and compares their results with those of the original; waits
     * for the DNS.
     *
     * @param domain the domain
     * @param record the record to flatten instead of the published one; null for that
     * @throws IllegalArgumentException if the text is not a valid domain name
     */
    public FlattenOutcome flatten(String domain, @Nullable String record) {
        Name name = DomainNames.of(domain);
        try {
            RecordedDns recorded = new RecordedDns(dns);
            TreeReader reader = TreeReader.forRecords(recorded, keep);
            String source = record == null ? reader.published(name) : record;
            Tree tree = reader.read(name, source);
            String text = DomainNames.text(name);
            Map<String, String> records = new RecordWriter(text, maxBytes).write(tree);
            int lookups = lookups(text, records, recorded);
            int limit = SpfLimits.RFC_7208.lookups();
            if (lookups > limit) {
                throw UnusableException.permanent("the flattened record needs " + lookups + " DNS lookups (limit "
                        + limit + "); raise --max-octets, or remove senders");
            }
            List<NetworkSet> compared = new ArrayList<>();
            tree.steps().forEach(step -> step.leaves().forEach(leaf -> compared.add(leaf.networks())));
            compared.add(tree.passing());
            int addresses = new FlattenProof(text, source, records, recorded).compare(compared);
            return new FlattenedRecords(
                    text, source, records, kept(tree).stream().map(Entry::term).toList(), lookups, addresses);
        } catch (UnusableException e) {
            return e.outcome();
        }
    }

    private static int lookups(String domain, Map<String, String> records, RecordedDns recorded) {
        LookupCost tree = SpfLinter.of(FlattenProof.overlay(records, recorded.replay(false)))
                .lintDraft(domain, String.valueOf(records.get(domain)))
                .tree()
                .orElse(null);
        return tree == null ? 0 : tree.lookups();
    }

    private static List<Entry> listed(Tree tree) {
        return leaves(tree, step -> true)
                .filter(entry -> !entry.networks().isEmpty())
                .toList();
    }

    private static List<Entry> dynamic(Tree tree) {
        return leaves(tree, TreeStep::isDynamic).toList();
    }

    private static List<Entry> kept(Tree tree) {
        return leaves(tree, step -> step.kept() != null).toList();
    }

    private static Stream<Entry> leaves(Tree tree, Predicate<TreeStep> of) {
        return tree.steps().stream().filter(of).flatMap(step -> step.leaves().stream());
    }

    private static String end(Tree tree) {
        return tree.redirect() != null ? tree.redirect() : tree.end().name().toLowerCase(java.util.Locale.ROOT);
    }
}
