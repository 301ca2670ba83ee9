package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.postfix.PolicyRequest;
import org.senderauth.postfix.PolicyService;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.SocketmapProtocol;

/**
 * The running service. A reload exchanges what stands behind the listeners, and the listeners stay with all their
 * connections; other addresses need a restart.
 */
public final class Service implements AutoCloseable {

    private final Path file;
    private final ServeConfig started;
    private final PrintWriter log;
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final Memory memory;
    private final RememberedCallouts remembered;
    private final ServedZone zone;
    private final ExecutorService probes;
    private final List<ExecutorService> workers = new ArrayList<>();
    private final List<MtaServer> servers = new ArrayList<>();
    private final Current<PolicyRequest> policy = new Current<>();
    private final Current<SocketmapProtocol.Lookup> socketmap = new Current<>();
    private @Nullable HttpEndpoint http;
    private volatile boolean stopping;

    /**
     * Reads a configuration and tells all that is wrong with it, without starting anything.
     *
     * @param file the configuration file
     * @throws IOException if it cannot be read
     * @throws ConfigException if anything is wrong with it
     */
    public static void check(Path file) throws IOException, ConfigException {
        ServeConfig config = ConfigReader.read(file);
        new Defences(config, new Memory(InstantSource.system()), Runnable::run, Observers.NONE);
    }

    /**
     * Reads a configuration and starts what it asks for.
     *
     * @param file the configuration file
     * @param log takes a line for each decision and each event
     * @param clock tells the time
     * @return the running service
     * @throws IOException if the configuration cannot be read, or an address cannot be listened on
     * @throws ConfigException if anything is wrong with the configuration
     */
    public static Service start(Path file, PrintWriter log, InstantSource clock) throws IOException, ConfigException {
        ServeConfig config = ConfigReader.read(file);
        Service service = new Service(file, config, log, clock);
        try {
            if (config.redis() != null) {
                service.memory.share(config.redis(), log, service.metrics.meters());
            }
            ServeConfig.Numbers numbers = numbers(config);
            if (numbers != null) {
                service.memory.number(numbers);
            }
            service.remembered.load();
            Defences defences = service.defences(config);
            service.policy.set(policy(defences));
            service.socketmap.set(service.socketmap(defences));
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

    private Service(Path file, ServeConfig config, PrintWriter log, InstantSource clock) {
        this.file = file;
        this.started = config;
        this.log = log;
        this.memory = new Memory(clock);
        this.remembered = new RememberedCallouts(config.steps().callout().stateFile(), memory.ownCallouts(), log);
        this.zone = new ServedZone(config.listen(), log);
        this.probes = WorkerThreads.create();
    }

    private Defences defences(ServeConfig wanted) throws IOException {
        return new Defences(
                wanted,
                memory,
                probes,
                new Observers(
                        new DecisionLog(log, metrics.policy()),
                        CalloutObserver.all(new ProbeLog(log), metrics.callout()),
                        metrics.ses(),
                        dns -> new MeteredDnsClient(dns, metrics.meters())));
    }

    private static Protocol<PolicyRequest> policy(Defences defences) {
        return new PolicyProtocol(new PolicyService(defences.policy()));
    }

    private Protocol<SocketmapProtocol.Lookup> socketmap(Defences defences) {
        Map<String, Function<String, MapReply>> counted = new HashMap<>();
        defences.maps()
                .forEach((name, map) -> counted.put(name, key -> {
                    MapReply reply = map.apply(key);
                    metrics.mapped(name, reply);
                    return reply;
                }));
        return new SocketmapProtocol(counted);
    }

    private void listen(Defences defences) throws IOException {
        ServeConfig.Listen listen = started.listen();
        for (SocketAddress address : listen.policy()) {
            serve("policy", policy, address);
        }
        for (SocketAddress address : listen.socketmap()) {
            serve("socketmap", socketmap, address);
        }
        zone.serve(defences.zone(), started.ses());
        if (listen.http() != null) {
            ExecutorService executor = Executors.newFixedThreadPool(2, task -> daemon(task, "senderauth-http"));
            workers.add(executor);
            HttpEndpoint endpoint = HttpEndpoint.start(listen.http(), executor, this::scrape, this::health);
            http = endpoint;
            log.println(
                    "serving metrics and health on http://" + endpoint.address().getHostString() + ":"
                            + endpoint.address().getPort());
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private <R> void serve(String name, Protocol<R> protocol, SocketAddress address) throws IOException {
        ExecutorService executor = WorkerThreads.create();
        workers.add(executor);
        MtaServer[] self = new MtaServer[1];
        MtaServer server = MtaServer.builder(protocol, executor)
                .limits(started.limits().ofServer())
                .observer(metrics.server(
                        name, ListenAddress.text(address), () -> self[0] == null ? 0 : self[0].connections()))
                .socketPermissions(started.listen().socketMode())
                .start(address);
        self[0] = server;
        servers.add(server);
        log.println("serving " + name + " on " + ListenAddress.text(server.address()));
    }

    private String scrape() {
        metrics.callout().look(memory.calloutFigures());
        return metrics.scrape();
    }

    private HttpEndpoint.Health health() {
        if (stopping) {
            return new HttpEndpoint.Health(false, "stopping");
        }
        for (MtaServer server : servers) {
            if (!server.isServing()) {
                return new HttpEndpoint.Health(false, ListenAddress.text(server.address()) + " is not served");
            }
        }
        return zone.trouble()
                .map(trouble -> new HttpEndpoint.Health(false, trouble))
                .orElseGet(() -> new HttpEndpoint.Health(true, "good, serving " + servers.size() + " addresses"));
    }

    /**
     * Where the service listens for mail servers.
     *
     * @return the addresses, policy first, with the ports that the system gave
     */
    public List<SocketAddress> addresses() {
        return servers.stream().map(MtaServer::address).toList();
    }

    /**
     * Where it serves metrics.
     *
     * @return the address; null if it does not
     */
    public @Nullable SocketAddress httpAddress() {
        return http == null ? null : http.address();
    }

    /**
     * Reads the configuration again. If anything is wrong with it, that is logged and the service goes on as before.
     *
     * @return whether the new configuration is in force
     */
    public synchronized boolean reload() {
        if (stopping) {
            return false;
        }
        Defences made;
        ServeConfig wanted;
        try {
            wanted = ConfigReader.read(file);
            made = defences(wanted);
        } catch (ConfigException e) {
            e.problems().forEach(log::println);
            return refused();
        } catch (IOException | RuntimeException e) {
            log.println(Reasons.of(e));
            return refused();
        }
        policy.set(policy(made));
        socketmap.set(socketmap(made));
        if (!wanted.listen().equals(started.listen())
                || wanted.limits().connections() != started.limits().connections()) {
            log.println("reload: addresses and numbers of connections stay as they are; restart to change them");
        }
        if (!Objects.equals(
                wanted.steps().callout().stateFile(), started.steps().callout().stateFile())) {
            log.println("reload: the state-file of callouts stays as it is; restart to change it");
        }
        if (!Objects.equals(wanted.redis(), started.redis())) {
            log.println("reload: what is shared through Redis stays as it is; restart to change it");
        }
        if (!Objects.equals(numbers(wanted), numbers(started))) {
            log.println("reload: message ids come from where they came from; restart to change it");
        }
        zone.exchange(made.zone(), wanted.ses());
        log.println("reload: the new configuration is in force");
        metrics.reloaded(true);
        return true;
    }

    private static ServeConfig.@Nullable Numbers numbers(ServeConfig config) {
        return config.ses() == null ? null : config.ses().numbers();
    }

    private boolean refused() {
        log.println("reload: refused, the service goes on with the old configuration");
        metrics.reloaded(false);
        return false;
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
        zone.close();
        workers.forEach(ExecutorService::shutdown);
        probes.shutdown();
        remembered.save();
        memory.close();
    }
}
