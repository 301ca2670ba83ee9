package org.senderauth.server.web;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/**
 * Jetty's two limits of connections, of open ones and of new ones in a second. Each alone would end the pause that the other
 * began; here new connections wait until neither is reached. Thread-safe.
 */
final class AcceptLimits {

    /** A limit: of open connections, or of new ones in a second. */
    enum Limit {
        CONNECTIONS,
        RATE
    }

    private final AbstractConnector connector;
    private final Set<Limit> reached = EnumSet.noneOf(Limit.class);

    AcceptLimits(AbstractConnector connector) {
        this.connector = connector;
    }

    /** Limits a connector of a server that is not started yet. */
    static void add(Server server, AbstractConnector connector, int connections, int perSecond) {
        AcceptLimits limits = new AcceptLimits(connector);
        server.addBean(new NetworkConnectionLimit(connections, connector) {
            @Override
            protected void limit() {
                limits.reach(Limit.CONNECTIONS);
                super.limit();
            }

            @Override
            protected void unlimit() {
                limits.end(Limit.CONNECTIONS);
            }
        });
        server.addBean(new AcceptRateLimit(perSecond, 1, TimeUnit.SECONDS, connector) {
            @Override
            protected void limit() {
                limits.reach(Limit.RATE);
                super.limit();
            }

            @Override
            protected void unlimit() {
                limits.end(Limit.RATE);
            }
        });
    }

    synchronized void reach(Limit limit) {
        reached.add(limit);
        connector.setAccepting(false);
    }

    synchronized void end(Limit limit) {
        if (reached.remove(limit) && reached.isEmpty()) {
            connector.setAccepting(true);
        }
    }
}
