package org.senderauth.server.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose client is slow. An idle timeout alone is not enough: a client that sends a byte now and then could
 * keep its connection for hours. Thread-safe.
 */
final class ConnectionDeadline implements Connection.Listener {

    private final Scheduler scheduler;
    private final Duration request;
    private final Duration response;
    // One entry for each open connection, which the connection limit bounds.
    private final Map<Connection, Scheduler.Task> tasks = new ConcurrentHashMap<>();

    /**
     * Creates a deadline.
     *
     * @param scheduler runs it
     * @param request how long a client may take for its request, from the connection on
     * @param response how long the response may take after that
     */
    ConnectionDeadline(Scheduler scheduler, Duration request, Duration response) {
        this.scheduler = scheduler;
        this.request = request;
        this.response = response;
    }

    @Override
    public void onOpened(Connection connection) {
        replace(connection, request);
    }

    /** The request of a connection is complete. */
    void onRequest(Connection connection) {
        if (tasks.containsKey(connection)) {
            replace(connection, response);
        }
    }

    private void replace(Connection connection, Duration time) {
        Scheduler.Task next =
                scheduler.schedule(() -> connection.getEndPoint().close(), time.toMillis(), TimeUnit.MILLISECONDS);
        Scheduler.Task before = tasks.put(connection, next);
        if (before != null) {
            before.cancel();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Scheduler.Task task = tasks.remove(connection);
        if (task != null) {
            task.cancel();
        }
    }
}
