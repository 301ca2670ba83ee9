package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.senderauth.server.web.AcceptLimits.Limit;

class AcceptLimitsTest {

    private final ServerConnector connector = new ServerConnector(new Server());
    private final AcceptLimits limits = new AcceptLimits(connector);

    @Test
    void acceptsAgainWhenNoLimitIsReached() {
        limits.reach(Limit.CONNECTIONS);
        limits.reach(Limit.RATE);
        limits.end(Limit.CONNECTIONS);
        assertThat(connector.isAccepting()).isFalse();
        limits.end(Limit.RATE);
        assertThat(connector.isAccepting()).isTrue();
    }

    @Test
    void endOfLimitThatWasNotReachedChangesNothing() {
        limits.reach(Limit.RATE);
        limits.end(Limit.CONNECTIONS);
        assertThat(connector.isAccepting()).isFalse();
    }
}
