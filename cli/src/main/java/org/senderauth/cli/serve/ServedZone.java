package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesZone;

/**
 * The name server of the SES zone. It has no connections that a reload could keep, so it is closed and opened again;
 * resolvers ask again what gets lost.
 */
final class ServedZone {

    private final @Nullable InetSocketAddress address;
    private final PrintWriter log;
    private @Nullable SesDnsServer server;
    private volatile @Nullable String trouble;

    /**
     * A zone that is not served yet.
     *
     * @param address where it is going to be served; null for nowhere
     */
    ServedZone(@Nullable InetSocketAddress address, PrintWriter log) {
        this.address = address;
        this.log = log;
    }

    /**
     * Serves a zone instead of the one that is served.
     *
     * @throws IOException if it cannot listen; then nothing is served
     */
    void serve(@Nullable SesZone zone) throws IOException {
        close();
        if (address == null || zone == null) {
            return;
        }
        SesDnsServer started = SesDnsServer.builder(zone).start(address);
        server = started;
        log.println("serving the SES zone on " + ListenAddress.text(started.address()));
    }

    /** Serves a zone instead of the one that is served; what goes wrong is logged and stays {@link #trouble}. */
    void exchange(@Nullable SesZone zone) {
        try {
            serve(zone);
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
        SesDnsServer old = server;
        server = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                log.println("the SES zone's server did not close: " + Reasons.of(e));
            }
        }
    }
}
