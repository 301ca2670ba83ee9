package org.senderauth.ses;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;

/**
 * Accepts TCP connections. They are bounded in number, in all and for one client, and in the time that a query and its
 * answer may take, but not in messages: RFC 7766 section 6.2.1 lets a client keep a connection. Only while all connections
 * are in use do those end that have been served for a minute.
 */
final class TcpListener implements Runnable, Closeable {

    /** The time for which a connection is served in any case. */
    private static final Duration MIN_SERVICE = Duration.ofMinutes(1);

    /** The part of the timeout by which a connection may exceed it. */
    private static final int SWEEPS_PER_TIMEOUT = 8;

    private static final int BACKLOG = 128;
    private static final Duration PAUSE = Duration.ofMillis(50);

    static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

    private final ServerSocket socket;
    private final DnsResponder responder;
    private final ExecutorService executor;
    private final int connections;
    private final int connectionsPerClient;
    private final Duration timeout;
    private final ScheduledThreadPoolExecutor watchdog;
    private final Set<TcpConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> clients = new ConcurrentHashMap<>();

    private TcpListener(
            ServerSocket socket,
            DnsResponder responder,
            ExecutorService executor,
            int connections,
            int connectionsPerClient,
            Duration timeout) {
        this.socket = socket;
        this.responder = responder;
        this.executor = executor;
        this.connections = connections;
        this.connectionsPerClient = connectionsPerClient;
        this.timeout = timeout;
        this.watchdog = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "ses-dns-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        long sweep = Math.max(1, timeout.toNanos() / SWEEPS_PER_TIMEOUT);
        // Now, since later the system may have no thread to give.
        watchdog.prestartAllCoreThreads();
        watchdog.scheduleWithFixedDelay(this::closeOverdue, sweep, sweep, NANOSECONDS);
    }

    static TcpListener open(
            InetSocketAddress address,
            DnsResponder responder,
            ExecutorService executor,
            int connections,
            int connectionsPerClient,
            Duration timeout)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
            return new TcpListener(socket, responder, executor, connections, connectionsPerClient, timeout);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void run() {
        while (!socket.isClosed()) {
            try {
                accept(socket.accept());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (!socket.isClosed()) {
                    LOG.log(System.Logger.Level.WARNING, "tcp: no connection", e);
                    // Out of file descriptors, threads or memory: they come back, but not at once.
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void accept(Socket client) throws IOException {
        InetAddress address = client.getInetAddress();
        // Only this thread opens connections, so the set cannot outgrow its bound between check and addition.
        if (open.size() >= connections || clients.getOrDefault(address, 0) >= connectionsPerClient) {
            client.close();
            return;
        }
        TcpConnection connection = new TcpConnection(client, responder, timeout);
        open.add(connection);
        clients.merge(address, 1, Integer::sum);
        try {
            executor.execute(() -> serve(client, connection, address));
        } catch (RejectedExecutionException e) {
            // The server is being closed.
            forget(connection, address);
        } catch (RuntimeException | OutOfMemoryError e) {
            // No thread is available; the connection must not be counted as open from now on.
            forget(connection, address);
            throw e;
        }
    }

    private void serve(Socket client, TcpConnection connection, InetAddress address) {
        long served = System.nanoTime() + MIN_SERVICE.toNanos();
        try {
            client.setTcpNoDelay(true);
            do {
                connection.await();
                // close() may have closed the idle connections before this one was idle.
            } while (!(connection.isIdle() && socket.isClosed())
                    && connection.exchange()
                    && !(open.size() >= connections && System.nanoTime() - served > 0 && connection.isDrained()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "tcp", e);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING, "tcp: a query without an answer", e);
        } finally {
            forget(connection, address);
        }
    }

    // However slowly the bytes arrive, and even if the client does not read the answer.
    private void closeOverdue() {
        try {
            for (TcpConnection connection : open) {
                if (connection.isOverdue()) {
                    connection.close();
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            // The next sweep must take place.
            LOG.log(System.Logger.Level.WARNING, "tcp: overdue connections remain open", e);
        }
    }

    // Closes last: a client that sees the end of a connection can open another.
    private void forget(TcpConnection connection, InetAddress address) {
        open.remove(connection);
        clients.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
        connection.close();
    }

    /** Accepts no more, and ends the connections that have no query at work; the others end with their answer. */
    @Override
    public void close() throws IOException {
        socket.close();
        for (TcpConnection connection : open) {
            if (connection.isIdle()) {
                connection.close();
            }
        }
    }

    /** Ends the connections that are still open. */
    void abort() {
        open.forEach(TcpConnection::close);
        watchdog.shutdownNow();
    }
}
