package org.senderauth.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.core.MonotonicClock;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.server.control.HistoryRequests;
import org.senderauth.server.history.HistoryWriter;
import org.senderauth.server.web.DecisionFigures;
import org.senderauth.server.web.WebServer;
import org.senderauth.server.web.WebSettings;
import org.senderauth.server.web.WebSource;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.SesObserver;

/**
 * The running service. A reload replaces what the listeners call, and the listeners stay with all their
 * connections; other addresses need a restart.
 */
public final class Service implements AutoCloseable {

    private static final int LIST_CHECK_SECONDS = 2;

    private final Path file;
    private final ServeConfig started;
    private volatile ServeConfig inUse;
    private volatile boolean hasSes;
    private final ListWatch lists = new ListWatch();
    private String applied;
    private final LogQueue log;
    private final FailurePolicy failures;
    private final boolean ownsLog;
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final PersistentState memory;
    private final CalloutSnapshotFile remembered;
    private final ZoneServer zone;
    private final SpfZoneRefresher spfZone;
    private final ExecutorService probeThreads;
    private final Listeners listeners;
    private final HealthCheck health = new HealthCheck(
            this::listenerProbes,
            List.of(
                    new HealthCheck.Dependency("the DNS", this::dnsWorks),
                    new HealthCheck.Dependency("the SES ledger", this::ledgerWorks),
                    new HealthCheck.Dependency("the DNS of a served SPF record", this::spfZoneWorks),
                    new HealthCheck.Dependency("the listener of the web pages", this::webWorks)),
            System::nanoTime);
    private final ServedProtocols protocols;
    private volatile @Nullable WebServer web;
    private final DecisionFigures figures;
    private @Nullable KeptHistory history;
    private volatile @Nullable PolicyFactory current;
    private volatile @Nullable PolicyFactory trials;
    private volatile boolean stopping;

    /**
     * Reads a configuration and tells all that is wrong with it, without starting anything. It tries to connect to Redis, for
     * five seconds at most.
     *
     * @param file the configuration file
     * @return what is not an error but probably not meant, such as a Redis that does not answer; empty if there is nothing
     * @throws IOException if it cannot be read
     * @throws ConfigException if anything is wrong with it
     */
    public static List<String> check(Path file) throws IOException, ConfigException {
        String text = ConfigFile.text(file);
        ServeConfig config = ConfigReader.read(file, text);
        new PolicyFactory(
                config,
                new PersistentState(
                        InstantSource.system(),
                        MonotonicClock.system(),
                        config.steps().callout().limits()),
                Runnable::run,
                Observers.NONE);
        List<String> notes = new ArrayList<>(ConfigNotes.of(config));
        notes.addAll(ConfigNotes.ofFiles(file, text));
        if (config.redis() != null) {
            Optional<String> cause = RedisServices.tryOut(config.redis());
            if (cause.filter(RedisServices::isOfSettings).isPresent()) {
                throw new ConfigException(List.of(file + ": redis: " + cause.get()));
            }
            cause.ifPresent(why ->
                    notes.add("redis: unavailable, tried for " + RedisServices.TRIAL.toSeconds() + " s: " + why));
        }
        return notes;
    }

    /**
     * Reads a configuration and starts what it asks for, in a process of its own.
     *
     * @param file the configuration file
     * @param process takes a line for each decision and each event, and ends if a part of the service dies
     * @param clock tells the time
     * @return the running service
     * @throws IOException if the configuration cannot be read, or an address cannot be listened on
     * @throws ConfigException if anything is wrong with the configuration
     */
    public static Service start(Path file, ServiceProcess process, InstantSource clock)
            throws IOException, ConfigException {
        String text = ConfigFile.text(file);
        ServeConfig config = ConfigReader.read(file, text);
        return start(new Service(file, text, config, process.log(), process.failures(), false, clock));
    }

    /**
     * Reads a configuration and starts what it asks for, within another program.
     *
     * @param file the configuration file
     * @param out takes a line for each decision and each event, on a thread of its own; a part of the service that dies is
     *     only reported there
     * @param clock tells the time
     * @return the running service
     * @throws IOException if the configuration cannot be read, or an address cannot be listened on
     * @throws ConfigException if anything is wrong with the configuration
     */
    public static Service start(Path file, PrintWriter out, InstantSource clock) throws IOException, ConfigException {
        String text = ConfigFile.text(file);
        ServeConfig config = ConfigReader.read(file, text);
        LogQueue log = LogQueue.start(out);
        FailurePolicy failures = new FailurePolicy(log, reason -> log.line("fatal: " + LogText.safe(reason)));
        return start(new Service(file, text, config, log, failures, true, clock));
    }

    private static Service start(Service service) throws IOException {
        ServeConfig config = service.started;
        LogQueue log = service.log;
        try {
            if (config.redis() != null) {
                service.memory.share(config.redis(), log, service.metrics.meters());
            }
            ServeConfig.Numbers numbers = numbers(config);
            if (numbers != null) {
                service.memory.number(numbers);
            }
            service.memory.keepAliases(aliasFile(config));
            service.remembered.load();
            service.metrics.meters().counter(Metric.LOG_LINES_DROPPED, log, LogQueue::dropped);
            service.history = KeptHistory.start(config, service.figures, service.memory, service.metrics, log);
            PolicyFactory defences = service.defences(config);
            service.current = defences;
            service.trials = service.trials(config);
            service.protocols.serve(defences);
            defences.startDns(config.hostname());
            ConfigNotes.of(config).forEach(log::line);
            service.lists.watch(config.lists());
            service.watchLists();
            service.listen(defences);
            if (config.steps().asksCallouts()) {
                defences.selfCheck(log).start(config.hostname());
            }
            return service;
        } catch (IOException | RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private Service(
            Path file,
            String text,
            ServeConfig config,
            LogQueue log,
            FailurePolicy failures,
            boolean ownsLog,
            InstantSource clock) {
        this.file = file;
        this.applied = text;
        this.started = config;
        this.inUse = config;
        this.log = log;
        this.failures = failures;
        this.ownsLog = ownsLog;
        this.memory = new PersistentState(
                clock, MonotonicClock.system(), config.steps().callout().limits());
        this.remembered = new CalloutSnapshotFile(
                config.steps().callout().stateFile(), memory.ownCallouts(), memory.clock(), log);
        this.figures = new DecisionFigures(clock, metrics.policy());
        this.listeners = new Listeners(file, text, config, log, failures, metrics);
        this.zone = new ZoneServer(config.listen(), log, failures);
        this.spfZone = new SpfZoneRefresher(log, metrics.meters(), memory.monotonicClock()::nanoTime);
        memory.serve(spfZone::records);
        this.probeThreads = WorkerThreads.create();
        this.protocols = new ServedProtocols(log, metrics, probeThreads);
    }

    private PolicyFactory defences(ServeConfig wanted) throws IOException {
        return new PolicyFactory(
                wanted,
                memory,
                probeThreads,
                new Observers(
                        new DecisionLog(
                                log, memory.clock(), failures, history == null ? metrics.policy() : history.writer()),
                        CalloutObserver.all(new ProbeLog(log), metrics.callout()),
                        metrics.ses(),
                        dns -> MeteredDnsClient.of(dns, metrics.meters()),
                        history != null && started.history().traces()));
    }

    // Decides like the policy, but no log, history or metric contains it.
    private PolicyFactory trials(ServeConfig wanted) throws IOException {
        return new PolicyFactory(
                wanted,
                memory,
                probeThreads,
                new Observers(
                        PolicyObserver.NONE,
                        CalloutObserver.all(new ProbeLog(log), metrics.callout()),
                        SesObserver.NONE,
                        dns -> MeteredDnsClient.of(dns, metrics.meters()),
                        true));
    }

    private void listen(PolicyFactory defences) throws IOException {
        ServeConfig.Listen listen = started.listen();
        protocols.bind(listeners, started);
        if (listen.control() != null && history != null) {
            listeners.control(listen.control(), serviceControl(history.writer()));
        }
        hasSes = started.ses() != null;
        WebSettings pagesFor = started.web();
        if (pagesFor != null && history != null) {
            WebServer pages = WebServer.start(
                    pagesFor,
                    listen.socketMode(),
                    new ServicePages(
                            started.hostname(),
                            () -> Objects.requireNonNull(trials),
                            history.writer().source(),
                            figures,
                            this::parts,
                            serviceControl(history.writer()),
                            metrics::publicLookups,
                            memory.clock(),
                            log::line));
            web = pages;
            log.line("serving web pages on " + ListenAddress.text(pages.address()));
        }
        if (listen.http() != null) {
            listeners.http(listen.http(), this::scrape, this::health);
        }
        listeners.located(
                listen.nameServer() == null ? "powerdns" : "dns",
                () -> zone.serve(defences.zones(), started.signingKey()));
        refresh(defences, started);
        listeners.start();
    }

    private void refresh(PolicyFactory defences, ServeConfig config) {
        ServeConfig.SpfZoneSettings settings = config.spfZone();
        spfZone.serve(defences.spfZone(), settings == null ? Duration.ZERO : settings.refresh());
    }

    private String scrape() {
        metrics.callout().look(memory.calloutFigures());
        return metrics.scrape();
    }

    private HealthCheck.Result health() {
        if (stopping) {
            return new HealthCheck.Result(false, "stopping", 0);
        }
        return zone.trouble()
                .map(trouble -> new HealthCheck.Result(false, trouble, 0))
                .orElseGet(health::result);
    }

    private ServiceControl serviceControl(HistoryWriter kept) {
        HistoryRequests requests = new HistoryRequests(kept.source(), memory.clock());
        return new ServiceControl(requests, memory, () -> inUse, zone);
    }

    private List<WebSource.Health> parts() {
        HealthCheck.Result now = health();
        List<WebSource.Health> parts = new ArrayList<>();
        parts.add(new WebSource.Health("Service and DNS", now.good(), now.text()));
        memory.redisWorks()
                .ifPresent(works -> parts.add(
                        new WebSource.Health("Redis", works, works ? "connected" : "unavailable, using local limits")));
        return parts;
    }

    private CompletionStage<Boolean> dnsWorks() {
        PolicyFactory now = current;
        return now == null ? CompletableFuture.completedFuture(true) : now.dnsWorks(started.hostname());
    }

    // Without the ledger every signed address is deferred and every lookup SERVFAIL.
    private CompletionStage<Boolean> ledgerWorks() {
        return hasSes
                ? memory.ledger()
                        .read("health")
                        .thenApply(count -> !(count instanceof ReplayLedger.UseCount.Unavailable))
                : CompletableFuture.completedFuture(true);
    }

    // Old networks are served on; without any, each query gets SERVFAIL.
    private CompletionStage<Boolean> spfZoneWorks() {
        return CompletableFuture.completedFuture(spfZone.isAvailable());
    }

    // Not asked over its port: a flood of the pages, which make clients wait, says nothing about decisions.
    private CompletionStage<Boolean> webWorks() {
        WebServer pages = web;
        return CompletableFuture.completedFuture(pages == null || pages.isListening());
    }

    private List<ListenerProbe> listenerProbes() {
        List<ListenerProbe> all = new ArrayList<>(listeners.probes());
        all.addAll(zone.listeners());
        return all;
    }

    /** The served protocols, for the line of {@code systemctl status}. */
    String summary() {
        int count = listenerProbes().size();
        return "serving " + count + (count == 1 ? " listener" : " listeners");
    }

    /**
     * The addresses for mail servers.
     *
     * @return the addresses, policy first, with the ports that the system gave
     */
    public List<SocketAddress> addresses() {
        return listeners.addresses();
    }

    /**
     * The address of the metrics.
     *
     * @return the address; null if it does not
     */
    public @Nullable SocketAddress httpAddress() {
        return listeners.httpAddress();
    }

    /** {@return the address of the web pages; null if they are not served} */
    public @Nullable SocketAddress webAddress() {
        return web == null ? null : web.address();
    }

    /**
     * Reads the configuration again. If anything is wrong with it, that is logged and the service goes on as before.
     *
     * @return whether the new configuration is in force
     */
    public boolean reload() {
        return reloadProblems().isEmpty();
    }

    /** As {@link #reload}; returns what is wrong with the new configuration, nothing if it is in use. */
    synchronized List<String> reloadProblems() {
        if (stopping) {
            return List.of("shutting down");
        }
        try {
            return apply(ConfigFile.text(file), "configuration");
        } catch (IOException e) {
            return refused(List.of(ErrorText.of(e)), "configuration");
        }
    }

    /**
     * Reads the files with lists again if they have changed, with the configuration that is in use: a file that is being
     * edited is not applied. The keys are read again too.
     */
    synchronized void reloadChangedLists() {
        if (!stopping && lists.changed()) {
            apply(applied, "lists");
        }
    }

    private void watchLists() {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(task -> Listeners.daemon(task, "senderauth-lists"));
        listeners.endLater(timer);
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        reloadChangedLists();
                    } catch (RuntimeException | Error e) {
                        log.line("failed to read the lists: " + LogText.safe(FailurePolicy.text(e)));
                        failures.check(e);
                    }
                },
                LIST_CHECK_SECONDS,
                LIST_CHECK_SECONDS,
                TimeUnit.SECONDS);
    }

    // Returns what is wrong, nothing if it is in use.
    private List<String> apply(String text, String what) {
        PolicyFactory made;
        PolicyFactory madeTrials;
        ServeConfig wanted;
        try {
            wanted = ConfigReader.read(file, text);
            made = defences(wanted);
            madeTrials = trials(wanted);
            memory.keepAliases(aliasFile(wanted));
        } catch (ConfigException e) {
            return refused(e.problems(), what);
        } catch (IOException | RuntimeException e) {
            return refused(List.of(ErrorText.of(e)), what);
        }
        applied = text;
        lists.watch(wanted.lists());
        current = made;
        inUse = wanted;
        trials = madeTrials;
        protocols.serve(made);
        RestartSettings.changed(started, wanted).forEach(name -> log.line("reload: " + name + " only on restart"));
        hasSes = wanted.ses() != null;
        zone.exchange(made.zones(), wanted.signingKey());
        refresh(made, wanted);
        log.line("reload: " + what + " applied");
        metrics.reloaded(true);
        return List.of();
    }

    static ServeConfig.@Nullable Numbers numbers(ServeConfig config) {
        return config.ses() == null ? null : config.ses().numbers();
    }

    private static @Nullable Path aliasFile(ServeConfig config) {
        return config.srs() == null ? null : config.srs().aliasFile();
    }

    private List<String> refused(List<String> problems, String what) {
        problems.forEach(log::line);
        log.line("reload: invalid " + what + ", keeping the current " + (what.equals("lists") ? "ones" : "one"));
        metrics.reloaded(false);
        return problems;
    }

    /** Stops: requests under way are answered, then everything is closed. */
    @Override
    public synchronized void close() {
        stopping = true;
        listeners.close();
        if (web != null) {
            web.close();
        }
        zone.close();
        spfZone.close();
        listeners.endThreads();
        probeThreads.shutdown();
        remembered.save();
        memory.close();
        if (history != null) {
            history.close();
        }
        if (ownsLog) {
            log.close();
        }
    }
}
