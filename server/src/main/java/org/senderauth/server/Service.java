package org.senderauth.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.state.CalloutLimits;
import org.senderauth.core.MonotonicClock;
import org.senderauth.milter.MilterCommand;
import org.senderauth.milter.MilterHandler;
import org.senderauth.milter.MilterProtocol;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.postfix.PolicyRequest;
import org.senderauth.postfix.PolicyService;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.postfix.SocketmapProtocol;
import org.senderauth.server.control.ControlProtocol;
import org.senderauth.server.control.HistoryRequests;
import org.senderauth.server.history.HistoryFiles;
import org.senderauth.server.history.HistoryStore;
import org.senderauth.server.history.HistoryWriter;
import org.senderauth.server.history.MemoryHistory;
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

    private static final int HTTP_THREADS = 2;
    private static final int LIST_CHECK_SECONDS = 2;

    // A client that sends its request slowly holds a thread for at most five seconds; a monitor comes in between.
    private static final int MAX_HTTP_THREADS = 64;

    // A search may read gigabytes; the command waits for it.
    private static final ServerLimits CONTROL_LIMITS = ServerLimits.builder()
            .connections(8)
            .answerTime(Duration.ofMinutes(5))
            .writeTime(Duration.ofSeconds(30))
            .idleTime(Duration.ofMinutes(1))
            .stopTime(Duration.ofSeconds(1))
            .build();

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
    private final List<ExecutorService> workers = new ArrayList<>();
    private final List<MtaServer> servers = new CopyOnWriteArrayList<>();
    private final Map<MtaServer, String> names = new HashMap<>();
    private final List<ListenerProbe> probes = new CopyOnWriteArrayList<>();
    private final HealthCheck health = new HealthCheck(
            this::listeners,
            List.of(
                    new HealthCheck.Dependency("the DNS", this::dnsWorks),
                    new HealthCheck.Dependency("the SES ledger", this::ledgerWorks),
                    new HealthCheck.Dependency("the DNS of a served SPF record", this::spfZoneWorks)),
            System::nanoTime);
    private final ReloadableProtocol<PolicyRequest> policy = new ReloadableProtocol<>();
    private final ReloadableProtocol<SocketmapProtocol.Lookup> socketmap = new ReloadableProtocol<>();
    private final ReloadableProtocol<MilterCommand> milter = new ReloadableProtocol<>();
    private final ReloadableProtocol<MilterCommand> milterBeforeDkim = new ReloadableProtocol<>();
    private @Nullable HttpEndpoint http;
    private @Nullable WebServer web;
    private final DecisionFigures figures;
    private @Nullable HistoryWriter history;
    private @Nullable PastFigures past;
    private @Nullable MtaServer control;
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
            service.keepHistory(config.history());
            PolicyFactory defences = service.defences(config);
            service.current = defences;
            service.trials = service.trials(config);
            service.policy.set(policy(defences));
            service.socketmap.set(service.socketmap(defences));
            service.milter.set(service.milter(defences.milter()));
            service.milterBeforeDkim.set(service.milter(defences.milterBeforeDkim()));
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
        this.zone = new ZoneServer(config.listen(), log, failures);
        this.spfZone = new SpfZoneRefresher(log, metrics.meters(), memory.monotonicClock()::nanoTime);
        memory.serve(spfZone::records);
        this.probeThreads = WorkerThreads.create();
    }

    // Without its directory the history is in memory: mail does not depend on it.
    private void keepHistory(HistorySettings settings) {
        if (settings.directory() == null && started.listen().control() == null && started.web() == null) {
            return;
        }
        Consumer<String> problems = problem -> log.line("history: " + LogText.safe(problem));
        HistoryStore store = new MemoryHistory(settings.memoryBytes());
        if (settings.directory() != null) {
            try {
                store = HistoryFiles.open(settings.directory(), settings.files(), memory.clock(), problems);
                if (started.web() != null) {
                    past = PastFigures.start(settings.directory(), figures, memory.clock(), problems);
                }
            } catch (IOException e) {
                problems.accept("is in memory only: " + ErrorText.of(e));
            }
        }
        history = HistoryWriter.start(
                store,
                settings.traces(),
                memory.clock(),
                System::nanoTime,
                problems,
                started.web() == null ? metrics.policy() : figures);
        metrics.meters().counter(Metric.HISTORY_DECISIONS_DROPPED, history, HistoryWriter::dropped);
    }

    private PolicyFactory defences(ServeConfig wanted) throws IOException {
        return new PolicyFactory(
                wanted,
                memory,
                probeThreads,
                new Observers(
                        new DecisionLog(log, memory.clock(), failures, history == null ? metrics.policy() : history),
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

    private static Protocol<PolicyRequest> policy(PolicyFactory defences) {
        return new PolicyProtocol(new PolicyService(defences.policy()));
    }

    private Protocol<SocketmapProtocol.Lookup> socketmap(PolicyFactory defences) {
        Map<String, Function<String, MapReply>> counted = new HashMap<>();
        defences.maps().keySet().forEach(metrics::presentMap);
        defences.maps()
                .forEach((name, map) -> counted.put(name, key -> {
                    MapReply reply = map.apply(key);
                    metrics.mapped(name, reply);
                    if (reply instanceof MapReply.Temp deferred) {
                        log.line("deferred map=" + name + " key=" + LogText.quoted(key) + " reason="
                                + LogText.quoted(deferred.reason()));
                    }
                    return reply;
                }));
        return new SocketmapProtocol(counted);
    }

    private Protocol<MilterCommand> milter(MilterHandler handler) {
        return new MilterProtocol(handler, probeThreads, new MilterLog(log, metrics.milter()));
    }

    private void listen(PolicyFactory defences) throws IOException {
        ServeConfig.Listen listen = started.listen();
        ServerLimits limits = serverLimits(listen);
        for (SocketAddress address : listen.policy()) {
            bind("policy", policy, address, limits, ListenerProbe::policy);
        }
        for (SocketAddress address : listen.socketmap()) {
            bind("socketmap", socketmap, address, limits, ListenerProbe::socketmap);
        }
        for (SocketAddress address : listen.milter()) {
            bind("milter", milter, address, MilterProtocol.limits(limits), ListenerProbe::milter);
        }
        for (SocketAddress address : listen.milterBeforeDkim()) {
            bind(
                    "milter-before-dkim",
                    milterBeforeDkim,
                    address,
                    MilterProtocol.limits(started.limits().ofServer()),
                    ListenerProbe::milter);
        }
        if (listen.control() != null && history != null) {
            control(listen.control(), serviceControl(history));
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
                            history.source(),
                            figures,
                            this::parts,
                            serviceControl(history),
                            metrics::publicLookups,
                            memory.clock(),
                            log::line));
            web = pages;
            log.line("serving web pages on " + ListenAddress.text(pages.address()));
        }
        InetSocketAddress metricsAt = listen.http();
        if (metricsAt != null) {
            ThreadPoolExecutor executor = new ThreadPoolExecutor(
                    HTTP_THREADS,
                    MAX_HTTP_THREADS,
                    1,
                    TimeUnit.MINUTES,
                    new SynchronousQueue<>(),
                    task -> daemon(task, "senderauth-http"));
            // Now, since later the system may have no thread to give.
            executor.prestartAllCoreThreads();
            workers.add(executor);
            located("http", () -> {
                HttpEndpoint endpoint =
                        HttpEndpoint.start(metricsAt, task -> execute(executor, task), this::scrape, this::health);
                http = endpoint;
                log.line("serving metrics and health on http://"
                        + endpoint.address().getHostString() + ":"
                        + endpoint.address().getPort());
            });
        }
        located(
                listen.nameServer() == null ? "powerdns" : "dns",
                () -> zone.serve(defences.zones(), started.signingKey()));
        refresh(defences, started);
        // All addresses are ours: a start that fails has served nobody.
        servers.forEach(server -> {
            server.start();
            log.line("serving " + names.get(server) + " on " + ListenAddress.text(server.address()));
        });
    }

    private void refresh(PolicyFactory defences, ServeConfig config) {
        ServeConfig.SpfZoneSettings settings = config.spfZone();
        spfZone.serve(defences.spfZone(), settings == null ? Duration.ZERO : settings.refresh());
    }

    private ServerLimits serverLimits(ServeConfig.Listen listen) {
        int wanted = started.limits().connections();
        int listeners = listen.policy().size()
                + listen.socketmap().size()
                + listen.milter().size();
        int share = DescriptorShare.connections(wanted, listeners, DescriptorShare.max());
        if (share < wanted) {
            log.line("limits: connections: " + wanted + " is reduced to " + share + " for each of " + listeners
                    + " addresses; the process may open " + DescriptorShare.max()
                    + " files (LimitNOFILE, ulimit -n)");
        }
        return started.limits().ofServer().withConnections(share);
    }

    // The HTTP server closes the connection of a task that is rejected, and would die of an error.
    private static void execute(ThreadPoolExecutor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (OutOfMemoryError e) {
            throw new RejectedExecutionException("no thread can be started", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private interface Listening {
        void open() throws IOException;
    }

    // Names the line of the setting whose address cannot be used.
    private void located(String setting, Listening listening) throws IOException {
        try {
            listening.open();
        } catch (IOException e) {
            int line = ConfigFile.parse(applied, new ConfigSection.Problems(file.toString()))
                    .map(root -> root.section("listen").line(setting))
                    .orElse(1);
            throw new IOException(file + ":" + line + ": " + setting + ": " + ErrorText.of(e), e.getCause());
        }
    }

    private <R> void bind(
            String name,
            Protocol<R> protocol,
            SocketAddress address,
            ServerLimits limits,
            Function<SocketAddress, ListenerProbe> probe)
            throws IOException {
        ExecutorService executor = WorkerThreads.platformThreads();
        workers.add(executor);
        MtaServer[] self = new MtaServer[1];
        MtaServer.Builder<R> builder = MtaServer.builder(protocol, executor)
                .limits(limits)
                .observer(new WatchedServer(
                        name + " on " + ListenAddress.text(address),
                        log,
                        failures,
                        metrics.server(
                                name, ListenAddress.text(address), () -> self[0] == null ? 0 : self[0].connections())))
                .socketPermissions(started.listen().socketMode());
        located(name, () -> {
            MtaServer server = builder.bind(address);
            self[0] = server;
            servers.add(server);
            probes.add(probe.apply(server.address()));
            names.put(server, name);
        });
    }

    // For its owner only, and not one of the listeners that the health depends on.
    private void control(SocketAddress address, ControlProtocol.Handler handler) throws IOException {
        ExecutorService executor = WorkerThreads.platformThreads();
        workers.add(executor);
        MtaServer server = MtaServer.builder(new ControlProtocol(handler), executor)
                .limits(CONTROL_LIMITS)
                .observer(new WatchedServer("control", log, failures, ServerObserver.NONE))
                .socketPermissions(PosixFilePermissions.fromString("rw-------"))
                .start(address);
        control = server;
        log.line("serving control on " + ListenAddress.text(server.address()));
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

    private List<ListenerProbe> listeners() {
        List<ListenerProbe> all = new ArrayList<>(probes);
        all.addAll(zone.listeners());
        return all;
    }

    /** The served protocols, for the line of {@code systemctl status}. */
    String summary() {
        int count = listeners().size();
        return "serving " + count + (count == 1 ? " listener" : " listeners");
    }

    /**
     * The addresses for mail servers.
     *
     * @return the addresses, policy first, with the ports that the system gave
     */
    public List<SocketAddress> addresses() {
        return servers.stream().map(MtaServer::address).toList();
    }

    /**
     * The address of the metrics.
     *
     * @return the address; null if it does not
     */
    public @Nullable SocketAddress httpAddress() {
        return http == null ? null : http.address();
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
                Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "senderauth-lists"));
        workers.add(timer);
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
        policy.set(policy(made));
        socketmap.set(socketmap(made));
        milter.set(milter(made.milter()));
        milterBeforeDkim.set(milter(made.milterBeforeDkim()));
        if (!wanted.listen().equals(started.listen())
                || wanted.limits().connections() != started.limits().connections()) {
            log.line("reload: listen addresses and connection limits change only on restart");
        }
        if (!Objects.equals(
                wanted.steps().callout().stateFile(), started.steps().callout().stateFile())) {
            log.line("reload: the state-file of callouts changes only on restart");
        }
        if (!limitsOfState(wanted).equals(limitsOfState(started))) {
            log.line("reload: the limits of callouts change only on restart");
        }
        if (!Objects.equals(wanted.web(), started.web())) {
            log.line("reload: the web settings change only on restart");
        }
        if (!wanted.history().equals(started.history())) {
            log.line("reload: the history settings change only on restart");
        }
        if (!Objects.equals(wanted.redis(), started.redis())) {
            log.line("reload: the redis settings change only on restart");
        }
        if (!Objects.equals(numbers(wanted), numbers(started))) {
            log.line("reload: the serial-file settings change only on restart");
        }
        hasSes = wanted.ses() != null;
        zone.exchange(made.zones(), wanted.signingKey());
        refresh(made, wanted);
        log.line("reload: " + what + " applied");
        metrics.reloaded(true);
        return List.of();
    }

    private static CalloutLimits limitsOfState(ServeConfig config) {
        // Not part of the state: a reload changes it.
        return config.steps().callout().limits().toBuilder()
                .responseTimeout(CalloutLimits.DEFAULT.responseTimeout())
                .build();
    }

    private static ServeConfig.@Nullable Numbers numbers(ServeConfig config) {
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
        // All at once: each may wait for its requests.
        List<Thread> stoppers = servers.stream()
                .map(server -> new Thread(server::close, "senderauth-stop"))
                .toList();
        stoppers.forEach(Thread::start);
        try {
            for (Thread stopper : stoppers) {
                stopper.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (http != null) {
            http.close();
        }
        if (web != null) {
            web.close();
        }
        if (control != null) {
            control.close();
        }
        zone.close();
        spfZone.close();
        workers.forEach(ExecutorService::shutdown);
        probeThreads.shutdown();
        remembered.save();
        memory.close();
        closeHistory();
        if (ownsLog) {
            log.close();
        }
    }

    private void closeHistory() {
        if (past != null) {
            past.close();
        }
        if (history != null) {
            try {
                history.close();
            } catch (IOException e) {
                log.line("history: " + ErrorText.of(e));
            }
        }
    }
}
