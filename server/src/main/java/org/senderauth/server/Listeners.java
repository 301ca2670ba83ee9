package org.senderauth.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.postfix.ServerObserver;
import org.senderauth.server.control.ControlProtocol;

/**
 * The listeners for mail servers, metrics and the control socket, with the threads that serve them. Addresses are bound one
 * by one and accept connections only after {@link #start}, so a start that fails has served no one.
 */
final class Listeners {

    private static final int HTTP_THREADS = 2;

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
    private final String text;
    private final ServeConfig config;
    private final LogQueue log;
    private final FailurePolicy failures;
    private final ServiceMetrics metrics;
    private final List<ExecutorService> workers = new ArrayList<>();
    private final List<MtaServer> servers = new CopyOnWriteArrayList<>();
    private final Map<MtaServer, String> names = new HashMap<>();
    private final List<ListenerProbe> probes = new CopyOnWriteArrayList<>();
    private @Nullable HttpEndpoint http;
    private @Nullable MtaServer control;

    /**
     * Prepares listeners.
     *
     * @param file the configuration file
     * @param text its content, in which errors are located
     * @param config the configuration
     */
    Listeners(
            Path file, String text, ServeConfig config, LogQueue log, FailurePolicy failures, ServiceMetrics metrics) {
        this.file = file;
        this.text = text;
        this.config = config;
        this.log = log;
        this.failures = failures;
        this.metrics = metrics;
    }

    /** {@return the limits of each listener for mail servers: all share the file descriptors of the process} */
    ServerLimits limits() {
        ServeConfig.Listen listen = config.listen();
        int wanted = config.limits().connections();
        int listeners = listen.policy().size()
                + listen.socketmap().size()
                + listen.milter().size();
        int share = DescriptorShare.connections(wanted, listeners, DescriptorShare.max());
        if (share < wanted) {
            log.line("limits: connections: " + wanted + " is reduced to " + share + " for each of " + listeners
                    + " addresses; the process may open " + DescriptorShare.max()
                    + " files (LimitNOFILE, ulimit -n)");
        }
        return config.limits().ofServer().withConnections(share);
    }

    /** Binds a listener for mail servers. */
    <R> void bind(
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
                .socketPermissions(config.listen().socketMode());
        located(name, () -> {
            MtaServer server = builder.bind(address);
            self[0] = server;
            servers.add(server);
            probes.add(probe.apply(server.address()));
            names.put(server, name);
        });
    }

    /** Starts the control socket: for its owner only, and not one of the listeners that the health depends on. */
    void control(SocketAddress address, ControlProtocol.Handler handler) throws IOException {
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

    /** Starts the HTTP server for metrics and health. */
    void http(InetSocketAddress address, Supplier<String> scrape, Supplier<HealthCheck.Result> health)
            throws IOException {
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
            HttpEndpoint endpoint = HttpEndpoint.start(address, task -> execute(executor, task), scrape, health);
            http = endpoint;
            log.line("serving metrics and health on http://"
                    + endpoint.address().getHostString() + ":"
                    + endpoint.address().getPort());
        });
    }

    /** A step that opens an address. */
    interface Listening {
        void open() throws IOException;
    }

    /** Opens an address; an error names the line of its setting. */
    void located(String setting, Listening listening) throws IOException {
        try {
            listening.open();
        } catch (IOException e) {
            int line = ConfigFile.parse(text, new ConfigSection.Problems(file.toString()))
                    .map(root -> root.section("listen").line(setting))
                    .orElse(1);
            throw new IOException(file + ":" + line + ": " + setting + ": " + ErrorText.of(e), e.getCause());
        }
    }

    /** Accepts connections at all bound addresses. */
    void start() {
        servers.forEach(server -> {
            server.start();
            log.line("serving " + names.get(server) + " on " + ListenAddress.text(server.address()));
        });
    }

    List<ListenerProbe> probes() {
        return List.copyOf(probes);
    }

    List<SocketAddress> addresses() {
        return servers.stream().map(MtaServer::address).toList();
    }

    @Nullable
    SocketAddress httpAddress() {
        return http == null ? null : http.address();
    }

    /** Ends all listeners at once, since each may wait for its requests. */
    void close() {
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
        if (control != null) {
            control.close();
        }
    }

    /** Ends other threads together with those of the listeners. */
    void endLater(ExecutorService threads) {
        workers.add(threads);
    }

    /** Ends the threads, after everything that uses them is closed. */
    void endThreads() {
        workers.forEach(ExecutorService::shutdown);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    // The HTTP server closes the connection of a task that is rejected, and would die of an error.
    private static void execute(ThreadPoolExecutor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (OutOfMemoryError e) {
            throw new RejectedExecutionException("no thread can be started", e);
        }
    }
}
