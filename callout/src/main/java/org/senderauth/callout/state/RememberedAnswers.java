package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutVerdict;
import org.senderauth.callout.state.Admission.Known;

/**
 * What is known of addresses, domains and mail servers, each until the time that its record names. Thread-safe but for
 * {@link #learn}: one thread at a time.
 */
final class RememberedAnswers {

    private final InstantSource clock;
    private final int size;
    private final Cache<String, AddressRecord> addresses;
    private final Cache<String, DomainFacts> domains;
    private final Cache<InetAddress, HostRecord> hosts;
    private final Cache<String, Set<String>> patternProofs;
    private final LongAdder evicted = new LongAdder();

    RememberedAnswers(CalloutLimits limits, InstantSource clock, Tables tables) {
        this.clock = clock;
        this.size = limits.addresses();
        int half = Math.max(1, size / 2);
        this.addresses = untilTold(tables, size, AddressRecord::keepUntil);
        this.domains = untilTold(tables, half, DomainFacts::keepUntil);
        this.hosts = untilTold(tables, half, HostRecord::keepUntil);
        this.patternProofs = tables.bounded(half)
                .expireAfterAccess(StateRules.PATTERN_WINDOW)
                .build();
    }

    private <K, V> Cache<K, V> untilTold(Tables tables, int most, Function<V, Instant> end) {
        return tables.bounded(most)
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

    /** What is known, and whether it should be asked again. */
    record Lookup(@Nullable Known known, boolean askAgain) {

        /** Whether what is known answers the question by itself. */
        boolean answers() {
            return known != null && !askAgain;
        }
    }

    Lookup lookUp(Question question, Instant now) {
        DomainFacts facts = domains.getIfPresent(question.domain());
        AddressRecord standing = facts == null ? null : facts.at(now).standing();
        if (standing != null && standing.reason().verdict() != CalloutVerdict.UNDECIDED) {
            return new Lookup(new Known(standing, true, false, null), false);
        }
        AddressRecord exact = addresses.getIfPresent(question.address());
        if (exact != null && exact.isFresh(now)) {
            return new Lookup(new Known(exact, false, false, null), false);
        }
        AddressRecord stale = exact != null && exact.isServable(now) ? exact : null;
        for (String family : question.families()) {
            AddressRecord answer = addresses.getIfPresent(family);
            if (answer != null && answer.isPositive() && answer.isFresh(now)) {
                return new Lookup(new Known(answer, false, false, null), false);
            }
            if (stale == null && answer != null && answer.isPositive() && answer.isServable(now)) {
                stale = answer;
            }
        }
        // A domain that cannot be asked now takes nothing from what was known to be good.
        if (stale != null) {
            return new Lookup(new Known(stale, false, true, null), standing == null);
        }
        return new Lookup(standing == null ? null : new Known(standing, true, false, null), standing == null);
    }

    @Nullable
    AddressRecord ofAddress(Question question) {
        return addresses.getIfPresent(question.address());
    }

    DomainFacts ofDomain(Question question, Instant now) {
        DomainFacts facts = domains.getIfPresent(question.domain());
        return facts == null ? DomainFacts.NONE : facts.at(now);
    }

    HostRecord ofHost(InetAddress address) {
        return Optional.ofNullable(hosts.getIfPresent(address)).orElse(HostRecord.NONE);
    }

    Grant.@Nullable Family staleFamily(Question question, Instant now) {
        for (String family : question.families()) {
            AddressRecord answer = addresses.getIfPresent(family);
            if (answer != null && answer.isPositive() && answer.isServable(now)) {
                return new Grant.Family(family, answer);
            }
        }
        return null;
    }

    void learn(Lesson lesson) {
        addresses.putAll(lesson.addresses());
        if (lesson.domain() != null) {
            domains.put(lesson.grant().question().domain(), lesson.domain());
        }
        hosts.putAll(lesson.hosts());
        prove(lesson);
    }

    /** Counts what a lesson proves of the pattern that its address follows. */
    private void prove(Lesson lesson) {
        Question question = lesson.grant().question();
        String pattern = question.pattern();
        AddressRecord proof = lesson.patternProof();
        if (pattern == null || proof == null) {
            return;
        }
        Set<String> proofs = patternProofs.get(pattern, key -> new HashSet<>());
        proofs.add(question.address());
        if (proofs.size() >= Lesson.PROOFS) {
            addresses.put(pattern, proof);
            patternProofs.invalidate(pattern);
        }
    }

    void save(Path file) throws IOException {
        GoodAddresses.write(file, addresses.asMap());
    }

    void load(Path file) throws IOException {
        Instant now = clock.instant();
        GoodAddresses.read(file, size).forEach((key, record) -> {
            if (now.isBefore(record.keepUntil())) {
                addresses.put(key, record);
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

    /** Looks at every mail server. */
    long blockedHosts(Instant now) {
        return hosts.asMap().values().stream()
                .filter(host -> host.isBlocked(now))
                .count();
    }

    /** How many records went because there was no room for them. */
    long evicted() {
        return evicted.sum();
    }
}
