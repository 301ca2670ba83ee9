package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutVerdict;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.callout.state.Admission.Running;

/**
 * The state of callouts of one process. Thread-safe.
 *
 * <p>All tables are bounded by their number of entries and keep what is asked for often, so that a flood of keys that
 * are seen once cannot drive out the useful ones.
 */
public final class InMemoryCalloutState implements CalloutState {

    private static final Admission RUNNING = new Running();

    private final CalloutLimits limits;
    private final InstantSource clock;
    private final Instant start;
    private final Cache<String, AddressRecord> addresses;
    private final Cache<String, DomainFacts> domains;
    private final Cache<InetAddress, HostRecord> hosts;
    private final Cache<String, Set<String>> patternProofs;
    private final LongAdder evicted = new LongAdder();

    /** Guards all below: what must be decided together. Held for no I/O. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Budgets budgets;
    private final Leases leases = new Leases();
    private long grants;

    private InMemoryCalloutState(CalloutLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.start = clock.instant();
        int half = Math.max(1, limits.addresses() / 2);
        this.addresses = untilTold(limits.addresses(), AddressRecord::keepUntil);
        this.domains = untilTold(half, DomainFacts::keepUntil);
        this.hosts = untilTold(half, HostRecord::keepUntil);
        this.patternProofs =
                bounded(half).expireAfterAccess(StateRules.PATTERN_WINDOW).build();
        this.budgets = new Budgets(limits, this::bounded);
    }

    /**
     * An empty state.
     *
     * @param limits the budgets and sizes
     * @param clock tells when things are over
     * @return the state
     */
    public static InMemoryCalloutState create(CalloutLimits limits, InstantSource clock) {
        return new InMemoryCalloutState(limits, clock);
    }

    /** What is known, and whether it should be asked again. */
    private record Lookup(@Nullable Known known, boolean askAgain) {}

    @Override
    public CompletionStage<Admission> admit(Question question) {
        Instant now = clock.instant();
        Lookup first = lookUp(question, now);
        if (first.known() != null && !first.askAgain()) {
            return CompletableFuture.completedFuture(first.known());
        }
        lock.lock();
        try {
            // Another thread's probe may have ended between the look above and the lock.
            Lookup second = lookUp(question, now);
            if (second.known() != null && !second.askAgain()) {
                return CompletableFuture.completedFuture(second.known());
            }
            Admission granted = grant(question, now);
            return CompletableFuture.completedFuture(
                    second.known() == null ? granted : withRefresh(second.known(), granted));
        } finally {
            lock.unlock();
        }
    }

    private Lookup lookUp(Question question, Instant now) {
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

    private static Known withRefresh(Known stale, Admission granted) {
        Grant refresh = granted instanceof Granted leave ? leave.grant() : null;
        return new Known(stale.answer(), stale.ofDomain(), true, refresh);
    }

    /** Decides on a probe; whatever refuses it has taken nothing from any budget. */
    private Admission grant(Question question, Instant now) {
        if (leases.isLeased(question.address(), now)) {
            return RUNNING;
        }
        DomainFacts facts = factsOf(question, now);
        int running = leases.probesOf(question.registrable(), now);
        Optional<Limiter> limiter = budgets.take(question, facts.catchAll(), running, now);
        if (limiter.isPresent()) {
            return new Limited(limiter.get());
        }
        String token = Long.toString(++grants);
        leases.begin(token, question, now);
        AddressRecord prior = addresses.getIfPresent(question.address());
        return new Granted(new Grant(question, token, prior, staleFamily(question, now), facts));
    }

    private DomainFacts factsOf(Question question, Instant now) {
        DomainFacts facts = domains.getIfPresent(question.domain());
        return facts == null ? DomainFacts.NONE : facts.at(now);
    }

    private Grant.@Nullable Family staleFamily(Question question, Instant now) {
        for (String family : question.families()) {
            AddressRecord answer = addresses.getIfPresent(family);
            if (answer != null && answer.isPositive() && answer.isServable(now)) {
                return new Grant.Family(family, answer);
            }
        }
        return null;
    }

    @Override
    public HostAdmission enterHost(InetAddress address, Question question) {
        Instant now = clock.instant();
        HostRecord host = Optional.ofNullable(hosts.getIfPresent(address)).orElse(HostRecord.NONE);
        if (host.isBlocked(now)) {
            return new HostAdmission.Blocked(Objects.requireNonNull(host.trouble()));
        }
        lock.lock();
        try {
            return budgets.takeHost(address, question, now)
                    ? new HostAdmission.Open(host)
                    : new HostAdmission.Exhausted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void learn(Lesson lesson) {
        Question question = lesson.grant().question();
        addresses.putAll(lesson.addresses());
        if (lesson.domain() != null) {
            domains.put(question.domain(), lesson.domain());
        }
        hosts.putAll(lesson.hosts());
        Instant now = clock.instant();
        lock.lock();
        try {
            if (question.pattern() != null && lesson.patternProof() != null) {
                prove(question.pattern(), question.address(), lesson.patternProof());
            }
            budgets.count(lesson, now);
            leases.answered(lesson.grant().token());
        } finally {
            lock.unlock();
        }
    }

    private void prove(String pattern, String address, AddressRecord record) {
        Set<String> proofs = patternProofs.get(pattern, key -> new HashSet<>());
        proofs.add(address);
        if (proofs.size() >= Lesson.PROOFS) {
            addresses.put(pattern, record);
            patternProofs.invalidate(pattern);
        }
    }

    @Override
    public void release(Grant grant) {
        lock.lock();
        try {
            leases.end(grant.token());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes from every budget all that there is, so that each fills up from now on. For a state that takes over from
     * another one: what was spent there must not be spent here once more.
     */
    public void emptyBudgets() {
        lock.lock();
        try {
            budgets.empty(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the state holds, for monitoring.
     *
     * @param addresses addresses that are remembered
     * @param domains domains that are remembered
     * @param hosts mail servers' addresses that are remembered
     * @param evicted how many of these went so far because there was no room for them
     * @param forgedDomains registrable domains that are asked next to nothing, because their senders are forged
     * @param blockedHosts mail servers' addresses that are not connected to, because of the trouble that they gave
     */
    public record Figures(
            long addresses, long domains, long hosts, long evicted, long forgedDomains, long blockedHosts) {}

    /**
     * Counts what the state holds. It looks at every domain and mail server: for a look now and then.
     *
     * @return the figures of this moment
     */
    public Figures figures() {
        Instant now = clock.instant();
        long blocked = hosts.asMap().values().stream()
                .filter(host -> host.isBlocked(now))
                .count();
        lock.lock();
        try {
            return new Figures(
                    addresses.asMap().size(),
                    domains.asMap().size(),
                    hosts.asMap().size(),
                    evicted.sum(),
                    budgets.forgedDomains(now),
                    blocked);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes the addresses that are known to be good to a file, in place of what is there: for the end of a process.
     *
     * @param file the file; it holds addresses, so nobody else should be able to read it
     * @throws IOException if it cannot be written; the old file is then still there
     */
    public void save(Path file) throws IOException {
        GoodAddresses.write(file, addresses.asMap());
    }

    /**
     * Takes over the addresses that {@link #save} wrote, as far as they are not forgotten by now.
     *
     * @param file the file
     * @throws IOException if it cannot be read, or is none that {@code save} wrote
     */
    public void load(Path file) throws IOException {
        Instant now = clock.instant();
        GoodAddresses.read(file, limits.addresses()).forEach((key, record) -> {
            if (now.isBefore(record.keepUntil())) {
                addresses.put(key, record);
            }
        });
    }

    private Caffeine<Object, Object> bounded(int size) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .ticker(() -> Duration.between(start, clock.instant()).toNanos())
                .executor(Runnable::run);
    }

    private <K, V> Cache<K, V> untilTold(int size, Function<V, Instant> end) {
        return bounded(size)
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
}
