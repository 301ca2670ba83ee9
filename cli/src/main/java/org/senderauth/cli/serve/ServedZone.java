package org.senderauth.cli.serve;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesZone;

/**
 * What serves the SES zone: the own name server, and the socket of a PowerDNS server. The name server has no connections
 * that a reload must keep, so it is closed and opened again; resolvers ask again what gets lost. PowerDNS keeps its own.
 */
final class ServedZone {

    private final ServeConfig.Listen listen;
    private final PrintWriter log;
    private @Nullable SesDnsServer server;
    private @Nullable PowerDnsBackend powerDns;
    private volatile @Nullable String trouble;

    /**
     * A zone that is not served yet.
     *
     * @param listen where it is going to be served
     */
    ServedZone(ServeConfig.Listen listen, PrintWriter log) {
        this.listen = listen;
        this.log = log;
    }

    /**
     * Serves a zone instead of the one that is served.
     *
     * @param zone the zone; null for none
     * @param settings those of SES; null if there are none
     * @throws IOException if it cannot listen; then nothing is served
     */
    void serve(@Nullable SesZone zone, ServeConfig.@Nullable SesSettings settings) throws IOException {
        if (zone == null || settings == null) {
            close();
            return;
        }
        try {
            serveByDns(zone);
            serveToPowerDns(zone, settings.signingKey());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void serveByDns(SesZone zone) throws IOException {
        if (listen.sesDns() != null) {
            close(server);
            SesDnsServer started = SesDnsServer.builder(zone).start(listen.sesDns());
            server = started;
            log.println("serving the SES zone on " + ListenAddress.text(started.address()));
        }
    }

    private void serveToPowerDns(SesZone zone, @Nullable SigningKey key) throws IOException {
        Path socket = listen.sesPowerDns();
        if (powerDns != null) {
            powerDns.exchange(zone, key);
        } else if (socket != null) {
            powerDns = key == null ? PowerDnsBackend.start(zone, socket) : PowerDnsBackend.start(zone, key, socket);
            log.println("serving the SES zone to PowerDNS on unix:" + socket);
        }
    }

    /** Serves a zone instead of the one that is served; what goes wrong is logged and stays {@link #trouble}. */
    void exchange(@Nullable SesZone zone, ServeConfig.@Nullable SesSettings settings) {
        try {
            serve(zone, settings);
            trouble = null;
        } catch (IOException e) {
            trouble = "the SES zone is not served: " + Reasons.of(e);
            log.println("reload: " + trouble);
        }
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    void close() {
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
            log.println("a server of the SES zone did not close: " + Reasons.of(e));
        }
    }
}
