package org.senderauth.callout.state;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.RememberedAnswers.Lookup;

/**
 * The state of callouts of one process. Thread-safe.
 *
 * <p>All tables are bounded by their number of entries and keep what is asked for often, so that a flood of keys that
 * are seen once cannot drive out the useful ones.
 */
public final class InMemoryCalloutState implements CalloutState {

    private static final Admission RUNNING = new Running();

    private final InstantSource clock;
    private final RememberedAnswers remembered;

    /** Guards all below, and what is learnt: what must be decided together. Held for no I/O. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Budgets budgets;
    private final Leases leases = new Leases();
    private long grants;

    private InMemoryCalloutState(CalloutLimits limits, InstantSource clock) {
        Tables tables = new Tables(clock);
        this.clock = clock;
        this.remembered = new RememberedAnswers(limits, clock, tables);
        this.budgets = new Budgets(limits, tables::bounded);
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

    @Override
    public CompletionStage<Admission> admit(Question question) {
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
        Grant refresh = granted instanceof Granted leave ? leave.grant() : null;
        return new Known(stale.answer(), stale.ofDomain(), true, refresh);
    }

    /** Decides on a probe; whatever refuses it has taken nothing from any budget. */
    private Admission grant(Question question, Instant now) {
        if (leases.isLeased(question.address(), now)) {
            return RUNNING;
        }
        DomainFacts facts = remembered.ofDomain(question, now);
        int running = leases.probesOf(question.registrable(), now);
        Optional<Limiter> limiter = budgets.take(question, facts.catchAll(), running, now);
        if (limiter.isPresent()) {
            return new Limited(limiter.get());
        }
        String token = Long.toString(++grants);
        leases.begin(token, question, now);
        AddressRecord prior = remembered.ofAddress(question);
        return new Granted(new Grant(question, token, prior, remembered.staleFamily(question, now), facts));
    }

    @Override
    public HostAdmission enterHost(InetAddress address, Question question) {
        Instant now = clock.instant();
        HostRecord host = remembered.ofHost(address);
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
        Instant now = clock.instant();
        lock.lock();
        try {
            // Not before the lock: who is being admitted has looked for an answer already, and must not find that the
            // domain takes anything when it is decided how many may ask.
            remembered.learn(lesson);
            budgets.count(lesson, now);
            leases.answered(lesson.grant().token());
        } finally {
            lock.unlock();
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
        long blocked = remembered.blockedHosts(now);
        lock.lock();
        try {
            return new Figures(
                    remembered.addresses(),
                    remembered.domains(),
                    remembered.hosts(),
                    remembered.evicted(),
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
        remembered.save(file);
    }

    /**
     * Takes over the addresses that {@link #save} wrote, as far as they are not forgotten by now.
     *
     * @param file the file
     * @throws IOException if it cannot be read, or is none that {@code save} wrote
     */
    public void load(Path file) throws IOException {
        remembered.load(file);
    }
}
