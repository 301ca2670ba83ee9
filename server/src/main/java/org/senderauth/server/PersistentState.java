package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateAdmin;
import org.senderauth.core.MonotonicClock;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.ses.FileSerialNumbers;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.spf.zone.ServedRecord;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.FileAliasStore;
import org.senderauth.srs.MemoryAliasStore;

/** The state that survives a reload: counters and caches must not be lost when a setting changes. */
final class PersistentState implements AutoCloseable {

    private final InstantSource clock;
    private final MonotonicClock monotonicClock;
    private final MemoryReplayLedger ledger;
    private final CalloutLimits calloutLimits;
    private final InMemoryCalloutState callouts;
    private @Nullable SenderPolicy counted;
    private ServeConfig.@Nullable Dns asked;
    private @Nullable DnsClient dns;
    private boolean fixed;
    private SerialNumbers ownMessageIds = SerialNumbers.ofRandomStart(new SecureRandom());
    private boolean numbersInFile;
    private @Nullable RedisServices shared;
    private @Nullable Path aliasFile;
    private @Nullable FileAliasStore fileAliases;
    private @Nullable AliasStore loggedAliases;
    private Supplier<List<ServedRecord>> servedRecords = List::of;
    private final MemoryAliasStore ownAliases = MemoryAliasStore.create();

    /**
     * An empty memory.
     *
     * @param clock the wall clock, for what is dated
     * @param monotonicClock for all lifetimes
     * @param calloutLimits the limits of callouts; a reload changes none but the response timeout
     */
    PersistentState(InstantSource clock, MonotonicClock monotonicClock, CalloutLimits calloutLimits) {
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.ledger = MemoryReplayLedger.create(clock, monotonicClock::nanoTime, MemoryReplayLedger.defaultSize());
        this.calloutLimits = calloutLimits;
        this.callouts = InMemoryCalloutState.create(calloutLimits, monotonicClock);
    }

    InstantSource clock() {
        return clock;
    }

    MonotonicClock monotonicClock() {
        return monotonicClock;
    }

    /** Shares with other hosts from now on what would be of this host alone. */
    void share(ServeConfig.Redis wanted, LogQueue log, MetricRegistry meters) {
        shared = RedisServices.connect(wanted, calloutLimits, ledger, clock, monotonicClock, log, meters);
    }

    /** Continues the counts of invalid signatures of the policy before, if there is one. */
    synchronized void continueCounts(SenderPolicyBuilder next) {
        if (counted != null) {
            next.continueCounts(counted);
        }
    }

    /** Stores the counts of a policy for the next one. */
    synchronized void keepCounts(SenderPolicy policy) {
        counted = policy;
    }

    /** Numbers messages from a file from now on, also where the rest is shared. */
    void number(ServeConfig.Numbers wanted) {
        ownMessageIds = SerialNumbers.ofServer(FileSerialNumbers.in(wanted.file()), wanted.servers(), wanted.server());
        numbersInFile = true;
    }

    /**
     * Stores the aliases of SRS in a file from now on; if there is none, in Redis, or else in memory.
     *
     * @param file the file
     * @param log where it is said that the file cannot be written
     * @throws IOException if the file cannot be used; then all stays as it was
     */
    synchronized void keepAliases(@Nullable Path file, LogQueue log) throws IOException {
        if (Objects.equals(file, aliasFile)) {
            return;
        }
        FileAliasStore opened =
                file == null ? null : FileAliasStore.open(file, FileAliasStore.DEFAULT_MAX_BYTES, clock);
        closeAliases();
        fileAliases = opened;
        loggedAliases = opened == null ? null : new LoggedAliases(opened, log);
        aliasFile = file;
    }

    /** Uses the state of the served SPF records of this object. */
    synchronized void serve(Supplier<List<ServedRecord>> records) {
        servedRecords = records;
    }

    /** The state of the served SPF records. */
    synchronized List<ServedRecord> servedRecords() {
        return servedRecords.get();
    }

    /** The aliases, wherever a later configuration keeps them. */
    AliasStore aliases() {
        return new AliasStore() {
            @Override
            public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
                return currentAliases().put(alias, address, lifetime);
            }

            @Override
            public CompletableFuture<Answer> get(String alias) {
                return currentAliases().get(alias);
            }
        };
    }

    private synchronized AliasStore currentAliases() {
        if (loggedAliases != null) {
            return loggedAliases;
        }
        return shared == null ? ownAliases : shared.aliases();
    }

    private void closeAliases() throws IOException {
        if (fileAliases != null) {
            fileAliases.close();
        }
    }

    /** {@return whether Redis is available now; empty if nothing is shared} */
    Optional<Boolean> redisWorks() {
        return Optional.ofNullable(shared).map(RedisServices::isAvailable);
    }

    ReplayLedger ledger() {
        return shared == null ? ledger : shared.ledger();
    }

    SerialNumbers serialNumbers() {
        return shared == null || numbersInFile ? ownMessageIds : shared.serialNumbers();
    }

    CalloutLimits calloutLimits() {
        return calloutLimits;
    }

    /** Tests whether other hosts share the state of callouts. */
    boolean isShared() {
        return shared != null;
    }

    CalloutState callouts() {
        return shared == null ? callouts : shared.callouts();
    }

    /** The cache of this host; empty if it is shared. */
    InMemoryCalloutState ownCallouts() {
        return callouts;
    }

    /** The state of callouts for an administrator, wherever it is. */
    CalloutStateAdmin calloutAdmin() {
        return shared == null ? callouts : shared.calloutAdmin();
    }

    /** The size of this host's own callout cache, shared or not. */
    InMemoryCalloutState.Figures calloutFigures() {
        return shared == null ? callouts.figures() : shared.ownFigures();
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
        try {
            closeAliases();
        } catch (IOException e) {
            // All is written already; the lock ends with the process.
        }
    }

    /** Answers with this client, whatever a configuration asks for. */
    synchronized void answerWith(DnsClient client) {
        dns = client;
        fixed = true;
    }

    /** The DNS client that a configuration requires, with its earlier cache; zone files are read again. */
    synchronized DnsClient dns(ServeConfig.Dns wanted, UnaryOperator<DnsClient> watch) throws IOException {
        DnsClient known = dns;
        if (known != null && (fixed || wanted.equals(asked) && wanted.zones().isEmpty())) {
            return known;
        }
        DnsClient made = wanted.zones().isEmpty()
                ? CachingDnsClient.of(
                        watch.apply(
                                wanted.server() == null
                                        ? ResolverDnsClient.system()
                                        : ResolverDnsClient.ofServer(wanted.server())),
                        CachingDnsClient.defaultBytes(),
                        monotonicClock::nanoTime)
                : ZoneDnsClient.ofFiles(wanted.zones());
        asked = wanted;
        dns = made;
        return made;
    }
}
