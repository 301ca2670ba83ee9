package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.CalloutVerdict;
import org.senderauth.callout.probe.ProbeRequest;
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

    /** How long a budget is kept that nobody uses: longer than it takes to fill up again. */
    private static final Duration BUDGET_IDLE = Duration.ofHours(2);

    private static final Admission RUNNING = new Running();

    private final CalloutLimits limits;
    private final InstantSource clock;
    private final Instant start;
    private final Cache<String, AddressRecord> addresses;
    private final Cache<String, DomainFacts> domains;
    private final Cache<InetAddress, HostRecord> hosts;
    private final Cache<String, Set<String>> patternProofs;

    /** Guards all below: what must be decided together. Held for no I/O. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Cache<String, DomainBudget> domainBudgets;
    private final Cache<String, Gcra> hostBudgets;
    private final Cache<String, Set<String>> clientBadSenders;
    private final Gcra overall = new Gcra();
    private final Leases leases = new Leases();
    private long grants;
    private @Nullable Instant emptied;

    private static final class DomainBudget {
        final Gcra probes = new Gcra();
        final ForgeryWatch preferred = new ForgeryWatch();
        final ForgeryWatch others = new ForgeryWatch();

        ForgeryWatch watch(Question question) {
            return question.preferred() ? preferred : others;
        }
    }

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
        this.domainBudgets = bounded(half).expireAfterAccess(BUDGET_IDLE).build();
        this.hostBudgets = bounded(half).expireAfterAccess(BUDGET_IDLE).build();
        this.clientBadSenders =
                bounded(half).expireAfterWrite(StateRules.CLIENT_WINDOW).build();
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
        DomainBudget budget = domainBudget(question);
        Optional<Limiter> limiter = limiter(question, facts, budget, now);
        if (limiter.isPresent()) {
            return new Limited(limiter.get());
        }
        overall.take(limits.overall(), question.preferred(), 1, now);
        budget.probes.take(limits.perDomain(), question.preferred(), question.boost(), now);
        String token = Long.toString(++grants);
        leases.begin(token, question, now);
        AddressRecord prior = addresses.getIfPresent(question.address());
        return new Granted(new Grant(question, token, prior, staleFamily(question, now), facts));
    }

    private Optional<Limiter> limiter(Question question, DomainFacts facts, DomainBudget budget, Instant now) {
        if (!question.mayProbe()) {
            return Optional.of(Limiter.OVERALL);
        }
        Set<String> badSenders = clientBadSenders.getIfPresent(question.client());
        if (badSenders != null && badSenders.size() >= limits.badSendersPerClient()) {
            return Optional.of(Limiter.CLIENT);
        }
        // One probe alone finds out whether the domain takes anything; two would cost its owner twice.
        int probes = facts.catchAll() == ProbeRequest.Known.UNKNOWN ? 1 : limits.probesPerDomain() * question.boost();
        if (leases.probesOf(question.registrable(), now) >= probes) {
            return Optional.of(Limiter.DOMAIN_PROBES);
        }
        if (!budget.probes.allows(limits.perDomain(), question.preferred(), question.boost(), now)) {
            return Optional.of(Limiter.DOMAIN);
        }
        if (!overall.allows(limits.overall(), question.preferred(), 1, now)) {
            return Optional.of(Limiter.OVERALL);
        }
        return budget.watch(question).admits(now) ? Optional.empty() : Optional.of(Limiter.FORGERY);
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
        if (host.trouble() != null && now.isBefore(host.blockedUntil())) {
            return new HostAdmission.Blocked(host.trouble());
        }
        lock.lock();
        try {
            Gcra budget = hostBudgets.get(HostKeys.budget(address), key -> emptied(new Gcra(), limits.perHost()));
            return budget.take(limits.perHost(), question.preferred(), 1, now)
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
            domainBudget(question).watch(question).count(lesson.tally(), limits.forgeriesPerDomain(), now);
            if (lesson.badSender()) {
                countBadSender(question);
            }
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

    private void countBadSender(Question question) {
        Set<String> senders = clientBadSenders.getIfPresent(question.client());
        Set<String> counted = senders == null ? new HashSet<>() : senders;
        if (counted.size() < limits.badSendersPerClient() && counted.add(question.address())) {
            // The last one is written anew: from it on the client is exhausted for the whole time.
            if (senders == null || counted.size() == limits.badSendersPerClient()) {
                clientBadSenders.put(question.client(), counted);
            }
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
            emptied = clock.instant();
            emptied(overall, limits.overall());
            domainBudgets.asMap().values().forEach(budget -> emptied(budget.probes, limits.perDomain()));
            hostBudgets.asMap().values().forEach(budget -> emptied(budget, limits.perHost()));
        } finally {
            lock.unlock();
        }
    }

    private DomainBudget domainBudget(Question question) {
        return domainBudgets.get(question.registrable(), key -> {
            DomainBudget budget = new DomainBudget();
            emptied(budget.probes, limits.perDomain());
            return budget;
        });
    }

    private Gcra emptied(Gcra budget, Rate rate) {
        if (emptied != null) {
            budget.empty(rate, emptied);
        }
        return budget;
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
                .expireAfter(Expiry.writing((K key, V value) -> {
                    Duration left = Duration.between(clock.instant(), end.apply(value));
                    return left.isNegative() ? Duration.ZERO : left;
                }))
                .build();
    }
}
