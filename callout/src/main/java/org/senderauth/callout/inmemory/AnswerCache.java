package org.senderauth.callout.inmemory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Weigher;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.AddressCacheKeys;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;

/**
 * The cached entries of addresses, domains and mail servers, each until its time. Thread-safe except for {@link #apply},
 * which needs one thread at a time.
 */
final class AnswerCache {

    // The bytes of the entries with their instants; a reply's text and a key are added.
    private static final int RECORD_BYTES = 144;
    private static final int REPLY_BYTES = 112;
    private static final int FACTS_BYTES = 96;
    private static final int HOST_BYTES = 256;
    private static final int PROOF_BYTES = 416;

    private final MonotonicClock clock;
    private final int size;
    private final Cache<String, AddressEntry> addresses;
    private final Cache<String, DomainEntry> domains;
    private final Cache<InetAddress, HostEntry> hosts;
    private final Cache<String, Set<String>> patternProofs;
    private final LongAdder evicted = new LongAdder();

    AnswerCache(CalloutLimits limits, MonotonicClock clock, CacheFactory tables) {
        this.clock = clock;
        this.size = limits.cacheSize();
        int half = Math.max(1, size / 2);
        this.addresses = untilTold(
                tables, size, (key, record) -> CacheFactory.bytes(key) + bytes(record), AddressEntry::keepUntil);
        this.domains = untilTold(
                tables,
                half,
                (key, facts) -> CacheFactory.bytes(key) + FACTS_BYTES + bytes(facts.standing()),
                DomainEntry::keepUntil);
        this.hosts = untilTold(tables, half, (address, record) -> HOST_BYTES, HostEntry::keepUntil);
        // A set grows after it was weighed.
        Weigher<String, Set<String>> proofs =
                (pattern, addresses) -> CacheFactory.bytes(pattern) + StateUpdate.PROOFS * PROOF_BYTES;
        this.patternProofs = tables.bounded(half, proofs)
                .expireAfterAccess(StateConstants.PATTERN_WINDOW)
                .build();
    }

    private static int bytes(@Nullable AddressEntry record) {
        if (record == null) {
            return 0;
        }
        TargetReply reply = record.reply();
        return RECORD_BYTES + (reply == null ? 0 : REPLY_BYTES + reply.text().length());
    }

    private <K, V> Cache<K, V> untilTold(CacheFactory tables, int most, Weigher<K, V> bytes, Function<V, Instant> end) {
        return tables.bounded(most, bytes)
                .evictionListener((key, value, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evicted.increment();
                    }
                })
                .expireAfter(Expiry.writing((K key, V value) -> {
                    Duration left = Duration.between(clock.instant(), end.apply(value));
                    return left.isNegative() ? Duration.ZERO : left;
                }))
                .build();
    }

    /** The cached entry for a request, and whether a probe should refresh it. */
    record Lookup(@Nullable Known known, boolean askAgain) {

        /** {@return true if the entry answers the request without a probe} */
        boolean answers() {
            return known != null && !askAgain;
        }
    }

    Lookup lookUp(AdmissionRequest question, Instant now) {
        DomainEntry facts = domains.getIfPresent(question.domain());
        AddressEntry standing = facts == null ? null : facts.at(now).standing();
        if (standing != null && standing.reason().verdict() != CalloutVerdict.UNDECIDED) {
            return new Lookup(new Known(standing, true, false, null), false);
        }
        AddressEntry exact = addresses.getIfPresent(question.address());
        if (exact != null && exact.isFresh(now)) {
            return new Lookup(new Known(exact, false, false, null), false);
        }
        AddressEntry stale = exact != null && exact.isServable(now) ? exact : null;
        for (String family : question.families()) {
            AddressEntry answer = addresses.getIfPresent(family);
            if (answer != null && answer.isPositive() && answer.isFresh(now)) {
                return new Lookup(new Known(answer, false, false, null), false);
            }
            if (stale == null && answer != null && answer.isPositive() && answer.isServable(now)) {
                stale = answer;
            }
        }
        // An undecided domain does not evict a positive entry.
        if (stale != null) {
            return new Lookup(new Known(stale, false, true, null), standing == null);
        }
        return new Lookup(standing == null ? null : new Known(standing, true, false, null), standing == null);
    }

    @Nullable
    AddressEntry ofAddress(AdmissionRequest question) {
        return addresses.getIfPresent(question.address());
    }

    DomainEntry ofDomain(AdmissionRequest question, Instant now) {
        DomainEntry facts = domains.getIfPresent(question.domain());
        return facts == null ? DomainEntry.NONE : facts.at(now);
    }

    HostEntry ofHost(InetAddress address) {
        return Optional.ofNullable(hosts.getIfPresent(address)).orElse(HostEntry.NONE);
    }

    ProbePermit.@Nullable PatternAnswer staleFamily(AdmissionRequest question, Instant now) {
        for (String family : question.families()) {
            AddressEntry answer = addresses.getIfPresent(family);
            if (answer != null && answer.isPositive() && answer.isServable(now)) {
                return new ProbePermit.PatternAnswer(family, answer);
            }
        }
        return null;
    }

    void apply(StateUpdate update) {
        addresses.putAll(update.addresses());
        if (update.domain() != null) {
            domains.put(update.grant().question().domain(), update.domain());
        }
        hosts.putAll(update.hosts());
        prove(update);
    }

    /** Counts an update as a proof of the pattern that its address follows. */
    private void prove(StateUpdate update) {
        AdmissionRequest question = update.grant().question();
        String pattern = question.pattern();
        AddressEntry proof = update.patternProof();
        if (pattern == null || proof == null) {
            return;
        }
        Set<String> proofs = patternProofs.get(pattern, key -> new HashSet<>());
        proofs.add(question.address());
        if (proofs.size() >= StateUpdate.PROOFS) {
            addresses.put(pattern, proof);
            patternProofs.invalidate(pattern);
        }
    }

    void save(Path file, InstantSource wall) throws IOException {
        PositiveSnapshot.write(file, addresses.asMap(), clock.offsetOf(wall));
    }

    /** Loads a snapshot; {@code known} gets the kind of each key and its domain. */
    void load(Path file, InstantSource wall, BiConsumer<String, String> known) throws IOException {
        Instant now = clock.instant();
        PositiveSnapshot.read(file, size, clock.offsetOf(wall)).forEach((key, record) -> {
            if (now.isBefore(record.keepUntil())) {
                addresses.put(key, record);
                int at = key.lastIndexOf('@');
                if (at > 0) {
                    known.accept(key.substring(0, 1), key.substring(at + 1));
                }
            }
        });
    }

    int addresses() {
        return addresses.asMap().size();
    }

    int domains() {
        return domains.asMap().size();
    }

    int hosts() {
        return hosts.asMap().size();
    }

    /** Calls the action for every mail server. */
    long blockedHosts(Instant now) {
        return hosts.asMap().values().stream()
                .filter(host -> host.isBlocked(now))
                .count();
    }

    /** {@return the number of entries that were evicted for lack of space} */
    long evicted() {
        return evicted.sum();
    }

    /** Returns the entries at a time, up to a number; times are those of the state's clock. */
    List<StateEntry> entries(Instant now, int max) {
        return Stream.of(
                        addresses.asMap().entrySet().stream()
                                .flatMap(entry -> StateEntry.ofAddress(entry.getKey(), entry.getValue(), now).stream()),
                        domains.asMap().entrySet().stream()
                                .flatMap(entry -> StateEntry.ofDomain(entry.getKey(), entry.getValue(), now).stream()),
                        hosts.asMap().entrySet().stream()
                                .flatMap(entry ->
                                        StateEntry.ofHost(entry.getKey().getHostAddress(), entry.getValue(), now)
                                                .stream()))
                .flatMap(entries -> entries)
                .limit(max)
                .toList();
    }

    /** Returns the mail servers that are not connected to because of a failure, at most so many. */
    List<StateEntry> backoffs(Instant now, int max) {
        return hosts.asMap().entrySet().stream()
                .flatMap(entry -> StateEntry.ofBackoff(entry.getKey().getHostAddress(), entry.getValue(), now).stream())
                .limit(max)
                .toList();
    }

    /** Evicts an address as a sender and a recipient, with its tags and pattern. Returns the number of entries. */
    int evict(MailAddress address) {
        int count = 0;
        for (AddressCacheKeys keys : AddressCacheKeys.all(address)) {
            for (String key : keys.addresses()) {
                count += addresses.asMap().remove(key) == null ? 0 : 1;
                patternProofs.asMap().remove(key);
            }
        }
        return count;
    }

    /** Evicts a domain with all its addresses. Returns the number of entries. */
    int evictDomain(String domain) {
        return evict(addresses, key -> key.endsWith("@" + domain))
                + evict(domains, key -> key.substring(key.indexOf(':') + 1).equals(domain));
    }

    /** Evicts a mail server. Returns the number of entries. */
    int evictHost(InetAddress host) {
        return hosts.asMap().remove(host) == null ? 0 : 1;
    }

    private static <V> int evict(Cache<String, V> table, Predicate<String> wanted) {
        int count = 0;
        for (String key : List.copyOf(table.asMap().keySet())) {
            if (wanted.test(key) && table.asMap().remove(key) != null) {
                count++;
            }
        }
        return count;
    }
}
