package org.senderauth.callout.inmemory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.senderauth.callout.inmemory.AnswerCache.Lookup;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateAdmin;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.RegistrableDomain;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.dns.DomainNames;

/**
 * The caches and limits of callouts in one process. Thread-safe.
 *
 * <p>All tables are bounded by their entries and bytes, and keep frequently used entries, so a flood of keys that occur
 * once cannot evict the useful ones.
 */
// A verifier uses it by an interface of our own modules; the other methods are for all.
@SuppressWarnings("exports")
public final class InMemoryCalloutState implements CalloutState, CalloutStateAdmin {

    private static final Admission RUNNING = new Running();

    private final MonotonicClock clock;
    private final AnswerCache remembered;

    /** Guards all fields after it, and updates, which must be decided together. No I/O happens under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final RateLimits budgets;
    private final Leases leases = new Leases();
    private long grants;

    private InMemoryCalloutState(CalloutLimits limits, MonotonicClock clock) {
        CacheFactory tables = new CacheFactory(clock);
        this.clock = clock;
        this.remembered = new AnswerCache(limits, clock, tables);
        this.budgets = new RateLimits(limits, tables);
    }

    /**
     * Creates an empty state.
     *
     * @param limits the limits and sizes
     * @param clock the clock for all lifetimes; the verifier that uses the state must have the same one
     * @return the state
     */
    public static InMemoryCalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return new InMemoryCalloutState(limits, clock);
    }

    @Override
    public CompletionStage<Admission> admit(AdmissionRequest question) {
        Instant now = clock.instant();
        Lookup first = remembered.lookUp(question, now);
        if (first.answers()) {
            return CompletableFuture.completedFuture(first.known());
        }
        lock.lock();
        try {
            // Another thread's probe may have ended between the look above and the lock.
            Lookup second = remembered.lookUp(question, now);
            if (second.answers()) {
                return CompletableFuture.completedFuture(second.known());
            }
            Admission granted = grant(question, now);
            return CompletableFuture.completedFuture(
                    second.known() == null ? granted : withRefresh(second.known(), granted));
        } finally {
            lock.unlock();
        }
    }

    private static Known withRefresh(Known stale, Admission granted) {
        ProbePermit refresh = granted instanceof Granted leave ? leave.grant() : null;
        return new Known(stale.answer(), stale.ofDomain(), true, refresh);
    }

    /** Decides on a probe. A denied one uses no rate limit. */
    private Admission grant(AdmissionRequest question, Instant now) {
        if (leases.isLeased(question.address(), now)) {
            return RUNNING;
        }
        DomainEntry facts = remembered.ofDomain(question, now);
        int running = leases.probesOf(question.registrable(), now);
        boolean reserved = budgets.isReserved(question, now);
        Optional<CalloutLimiter> limiter = budgets.take(question, reserved, facts.catchAll(), running, now);
        if (limiter.isPresent()) {
            return new Limited(limiter.get());
        }
        String token = Long.toString(++grants);
        leases.begin(token, question, now);
        AddressEntry prior = remembered.ofAddress(question);
        return new Granted(
                new ProbePermit(question, token, prior, remembered.staleFamily(question, now), facts, reserved));
    }

    @Override
    public HostAdmission admitHost(MailServer server, ProbePermit permit) {
        Instant now = clock.instant();
        HostEntry host = remembered.ofHost(server.address());
        if (host.isBlocked(now)) {
            return new HostAdmission.BackingOff(Objects.requireNonNull(host.trouble()));
        }
        lock.lock();
        try {
            return switch (budgets.takeHost(server, permit, now)) {
                case ADMITTED -> new HostAdmission.Admitted(host);
                case RATE_LIMITED -> new HostAdmission.RateLimited();
                case BREAKER_OPEN -> new HostAdmission.UnderAttack();
            };
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void apply(StateUpdate update) {
        Instant now = clock.instant();
        lock.lock();
        try {
            // Looked up after the lock: a caller that is being admitted has looked up the cache already, and must not
            // find a
            // catch-all domain when it is decided how many may probe.
            remembered.apply(update);
            budgets.count(update, now);
            leases.answered(update.grant().token());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(ProbePermit grant) {
        lock.lock();
        try {
            leases.end(grant.token());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the whole burst of every rate limit, which is then refilled from now on. For a state that takes over from
     * another one: what was used there must not be used here again.
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
     * The sizes of the state, for monitoring.
     *
     * @param addresses the number of cached addresses
     * @param domains the number of cached domains
     * @param hosts the number of cached mail server addresses
     * @param evicted the number of these entries that were evicted for lack of space
     * @param forgedDomains the number of registrable domains with an open circuit breaker
     * @param blockedHosts the number of mail server addresses in backoff
     * @param hostBreakersOpen the number of mail servers and MX registrable domains with an open circuit breaker
     */
    public record Figures(
            long addresses,
            long domains,
            long hosts,
            long evicted,
            long forgedDomains,
            long blockedHosts,
            long hostBreakersOpen) {}

    /**
     * Counts the entries of the state. It reads every domain and mail server, so call it once a minute at most.
     *
     * @return the current figures
     */
    public Figures figures() {
        Instant now = clock.instant();
        long blocked = remembered.blockedHosts(now);
        lock.lock();
        try {
            return new Figures(
                    remembered.addresses(),
                    remembered.domains(),
                    remembered.hosts(),
                    remembered.evicted(),
                    budgets.forgedDomains(now),
                    blocked,
                    budgets.openHostBreakers(now));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes the positive entries to a file and replaces the previous one: for the end of a process.
     *
     * @param file the file; it contains addresses, so only its owner should be able to read it
     * @param wallClock the clock that dates the file
     * @throws IOException if it cannot be written; the previous file is then unchanged
     */
    public void save(Path file, InstantSource wallClock) throws IOException {
        remembered.save(file, wallClock);
    }

    /**
     * Loads the addresses that {@link #save} wrote, except those that have expired.
     *
     * @param file the file
     * @param wallClock the clock that dated it
     * @throws IOException if it cannot be read, or was not written by {@code save}
     */
    public void load(Path file, InstantSource wallClock) throws IOException {
        Instant known = clock.instant().minus(StateConstants.NEW_DOMAIN);
        lock.lock();
        try {
            remembered.load(
                    file, wallClock, (kind, domain) -> budgets.seen(kind + ":" + RegistrableDomain.of(domain), known));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Contents entries(Listing listing, int max, InstantSource dates) {
        Instant now = clock.instant();
        // One more of each table: then it is seen that there are more.
        int most = max + 1;
        List<StateEntry> first = switch (listing) {
            case CALLOUTS -> remembered.entries(now, most);
            case BREAKERS -> remembered.backoffs(now, most);
            case LIMITS -> List.of();
        };
        List<StateEntry> second = List.of();
        lock.lock();
        try {
            if (listing != Listing.CALLOUTS) {
                second = listing == Listing.BREAKERS ? budgets.openBreakers(now, most) : budgets.used(now, most);
            }
        } finally {
            lock.unlock();
        }
        Duration offset = clock.offsetOf(dates);
        List<StateEntry> entries = Stream.of(first, second)
                .flatMap(part -> part.stream().limit(max))
                .map(entry -> entry.shifted(offset))
                .toList();
        return new Contents(entries, first.size() <= max && second.size() <= max);
    }

    @Override
    public int forget(MailAddress address) {
        return remembered.evict(address);
    }

    @Override
    public int forgetDomain(String domain) {
        String name = DomainNames.canonical(domain);
        lock.lock();
        try {
            return remembered.evictDomain(name) + budgets.closeBreakers(RegistrableDomain.of(name), clock.instant());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int forgetHost(InetAddress host) {
        return remembered.evictHost(host);
    }
}
