package org.senderauth.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
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
    private final ServiceHealth health;
    private final ServedProtocols protocols;
    private volatile @Nullable WebServer web;
    private final DecisionFigures figures;
    private @Nullable KeptHistory history;
    private volatile @Nullable PolicyFactory trials;
    private boolean stopping;

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
            service.memory.keepAliases(aliasFile(config), log);
            service.remembered.load();
            service.metrics.meters().counter(Metric.LOG_LINES_DROPPED, log, LogQueue::dropped);
            service.history = KeptHistory.start(config, service.figures, service.memory, service.metrics, log);
            PolicyFactory defences = service.defences(config);
            service.health.decisionsBy(defences, config.ses() != null);
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
        this.health = new ServiceHealth(config.hostname(), listeners, zone, spfZone, memory);
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
                            health::parts,
                            serviceControl(history.writer()),
                            metrics::publicLookups,
                            memory.clock(),
                            log::line));
            web = pages;
            health.pagesOn(pages);
            log.line("serving web pages on " + ListenAddress.text(pages.address()));
        }
        if (listen.http() != null) {
            listeners.http(listen.http(), this::scrape, health::result);
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

    private ServiceControl serviceControl(HistoryWriter kept) {
        HistoryRequests requests = new HistoryRequests(kept.source(), memory.clock());
        return new ServiceControl(requests, memory, () -> inUse, zone);
    }

    /** The served protocols, for the line of {@code systemctl status}. */
    String summary() {
        return health.summary();
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
            memory.keepAliases(aliasFile(wanted), log);
        } catch (ConfigException e) {
            return refused(e.problems(), what);
        } catch (IOException | RuntimeException e) {
            return refused(List.of(ErrorText.of(e)), what);
        }
        applied = text;
        lists.watch(wanted.lists());
        health.decisionsBy(made, wanted.ses() != null);
        inUse = wanted;
        trials = madeTrials;
        protocols.serve(made);
        RestartSettings.changed(started, wanted).forEach(name -> log.line("reload: " + name + " only on restart"));
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
        health.stopping();
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
