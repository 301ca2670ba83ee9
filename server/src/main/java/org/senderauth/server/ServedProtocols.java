package org.senderauth.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.milter.MilterCommand;
import org.senderauth.milter.MilterHandler;
import org.senderauth.milter.MilterProtocol;
import org.senderauth.postfix.MapReply;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.postfix.SocketmapProtocol;

/** The protocols for mail servers over the policy that is in use; a reload exchanges it while connections stay. */
final class ServedProtocols {

    private final PolicyProtocol policy = new PolicyProtocol(
            request -> requests().answers().apply(request),
            former -> requests().ended().accept(former));
    private final ReloadableProtocol<SocketmapProtocol.Lookup> socketmap = new ReloadableProtocol<>();
    private final ReloadableProtocol<MilterCommand> milter = new ReloadableProtocol<>();
    private final ReloadableProtocol<MilterCommand> milterBeforeDkim = new ReloadableProtocol<>();
    private final LogQueue log;
    private final ServiceMetrics metrics;
    private final ExecutorService probeThreads;
    private volatile PolicyFactory.@Nullable PolicyRequests requests;

    /** Protocols that decide by nothing yet; {@link #serve} comes before {@link #bind}. */
    ServedProtocols(LogQueue log, ServiceMetrics metrics, ExecutorService probeThreads) {
        this.log = log;
        this.metrics = metrics;
        this.probeThreads = probeThreads;
    }

    /** Decides by this policy from now on. */
    void serve(PolicyFactory made) {
        requests = made.policyRequests();
        socketmap.set(counted(made.maps()));
        milter.set(milter(made.milter()));
        milterBeforeDkim.set(milter(made.milterBeforeDkim()));
    }

    private PolicyFactory.PolicyRequests requests() {
        return Objects.requireNonNull(requests, "set before a server starts");
    }

    private Protocol<SocketmapProtocol.Lookup> counted(Map<String, Function<String, MapReply>> maps) {
        Map<String, Function<String, MapReply>> counted = new HashMap<>();
        maps.keySet().forEach(metrics::presentMap);
        maps.forEach((name, map) -> counted.put(name, key -> {
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

    /** Binds a listener for each address of the configuration. */
    void bind(Listeners listeners, ServeConfig config) throws IOException {
        ServeConfig.Listen listen = config.listen();
        ServerLimits limits = listeners.limits();
        for (SocketAddress address : listen.policy()) {
            listeners.bind("policy", policy, address, limits, ListenerProbe::policy);
        }
        for (SocketAddress address : listen.socketmap()) {
            listeners.bind("socketmap", socketmap, address, limits, ListenerProbe::socketmap);
        }
        for (SocketAddress address : listen.milter()) {
            listeners.bind("milter", milter, address, MilterProtocol.limits(limits), ListenerProbe::milter);
        }
        for (SocketAddress address : listen.milterBeforeDkim()) {
            listeners.bind(
                    "milter-before-dkim",
                    milterBeforeDkim,
                    address,
                    MilterProtocol.limits(config.limits().ofServer()),
                    ListenerProbe::milter);
        }
    }
}
