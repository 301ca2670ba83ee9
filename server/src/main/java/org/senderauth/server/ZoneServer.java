package org.senderauth.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsZone;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.ses.SesDnsServer;

/**
 * The servers of the SES zone and the SPF records: the own name server, and the socket of a PowerDNS server. The name server has no connections
 * that a reload must keep, so it is closed and opened again; resolvers ask again what gets lost. PowerDNS keeps its own.
 */
final class ZoneServer {

    private final ServeConfig.Listen listen;
    private final LogQueue log;
    private final FailurePolicy failures;
    private @Nullable SesDnsServer server;
    private @Nullable PowerDnsBackend powerDns;
    private volatile @Nullable String trouble;
    private volatile List<ListenerProbe> listeners = List.of();

    /**
     * A zone that is not served yet.
     *
     * @param listen where it is going to be served
     */
    ZoneServer(ServeConfig.Listen listen, LogQueue log, FailurePolicy failures) {
        this.listen = listen;
        this.log = log;
        this.failures = failures;
    }

    /**
     * Serves a zone instead of the one that is served.
     *
     * @param zone the zone; null for none
     * @param signingKey the key with which PowerDNS signs it; null for none
     * @throws IOException if it cannot listen; then nothing is served
     */
    void serve(@Nullable DnsZone zone, @Nullable SigningKey signingKey) throws IOException {
        if (zone == null) {
            close();
            return;
        }
        try {
            serveByDns(zone);
            serveToPowerDns(zone, signingKey);
            listeners = probes(zone);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void serveByDns(DnsZone zone) throws IOException {
        if (listen.nameServer() != null) {
            listeners = List.of();
            close(server);
            SesDnsServer started = SesDnsServer.builder(zone)
                    .onTermination(cause -> failures.terminated("the name server", cause))
                    .start(listen.nameServer());
            server = started;
            log.line("serving zones on " + ListenAddress.text(started.address()));
        }
    }

    private void serveToPowerDns(DnsZone zone, @Nullable SigningKey key) throws IOException {
        Path socket = listen.powerDns();
        if (powerDns != null) {
            powerDns.exchange(zone, key);
        } else if (socket != null) {
            powerDns = key == null ? PowerDnsBackend.start(zone, socket) : PowerDnsBackend.start(zone, key, socket);
            log.line("serving zones to PowerDNS on unix:" + socket);
        }
    }

    /** Serves a zone instead of the one that is served; what goes wrong is logged and stays {@link #trouble}. */
    void exchange(@Nullable DnsZone zone, @Nullable SigningKey signingKey) {
        try {
            serve(zone, signingKey);
            trouble = null;
        } catch (IOException e) {
            trouble = "the zones are not served: " + ErrorText.of(e);
            log.line("reload: " + trouble);
        }
    }

    private List<ListenerProbe> probes(DnsZone zone) {
        List<ListenerProbe> probes = new ArrayList<>();
        if (server != null) {
            probes.add(ListenerProbe.dns(server.address(), zone.names().get(0), true));
            probes.add(ListenerProbe.dns(server.address(), zone.names().get(0), false));
        }
        if (powerDns != null && listen.powerDns() != null) {
            probes.add(ListenerProbe.powerDns(listen.powerDns()));
        }
        return List.copyOf(probes);
    }

    /** The queries of the health check to the servers of the zone. */
    List<ListenerProbe> listeners() {
        return listeners;
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    void close() {
        listeners = List.of();
        close(server);
        close(powerDns);
        server = null;
        powerDns = null;
    }

    private void close(@Nullable Closeable running) {
        try {
            if (running != null) {
                running.close();
            }
        } catch (IOException e) {
            log.line("dns: close failed: " + ErrorText.of(e));
        }
    }
}
