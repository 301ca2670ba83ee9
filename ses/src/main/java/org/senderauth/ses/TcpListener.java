package org.senderauth.ses;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
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
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;

/**
 * DNS over TCP (RFC 7766): messages with their length before them, several on one connection. The connections are
 * bounded in number, in all and for one client, in the time that a query and its answer may take, and in messages.
 */
final class TcpListener implements Runnable, AutoCloseable {

    /** Messages on one connection. */
    static final int MAX_MESSAGES = 1000;

    private static final int BACKLOG = 128;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

    private final ServerSocket socket;
    private final DnsResponder responder;
    private final ExecutorService executor;
    private final int connections;
    private final int connectionsPerClient;
    private final Duration timeout;
    private final ScheduledThreadPoolExecutor watchdog;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    // Those that wait for a query, or for the rest of it.
    private final Set<Socket> idle = ConcurrentHashMap.newKeySet();
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
        watchdog.setRemoveOnCancelPolicy(true);
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
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.log(System.Logger.Level.WARNING, "tcp: no connection", e);
                    // Out of file descriptors, for instance: they come back, but not at once.
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void accept(Socket client) throws IOException {
        InetAddress address = client.getInetAddress();
        // Only this thread opens connections, so the set cannot outgrow its bound between look and leap.
        if (open.size() >= connections || clients.getOrDefault(address, 0) >= connectionsPerClient) {
            client.close();
            return;
        }
        open.add(client);
        clients.merge(address, 1, Integer::sum);
        try {
            executor.execute(() -> serve(client, address));
        } catch (RejectedExecutionException e) {
            forget(client, address);
        }
    }

    private void serve(Socket client, InetAddress address) {
        try {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            for (int i = 0; i < MAX_MESSAGES; i++) {
                // However slowly the octets drip in, and even if nobody takes the answer.
                ScheduledFuture<?> end = watchdog.schedule(() -> hangUp(client), timeout.toNanos(), NANOSECONDS);
                try {
                    if (!exchange(client, in, out)) {
                        return;
                    }
                } finally {
                    end.cancel(false);
                }
            }
        } catch (EOFException e) {
            // The client has finished.
            LOG.log(System.Logger.Level.TRACE, "tcp", e);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "tcp", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "tcp: a query without an answer", e);
        } finally {
            forget(client, address);
        }
    }

    /** One query and its answer; false if there is none. */
    private boolean exchange(Socket client, DataInputStream in, OutputStream out) throws IOException {
        idle.add(client);
        if (socket.isClosed()) {
            // close() may have been through with the idle ones before this was one.
            return false;
        }
        byte[] query = new byte[in.readUnsignedShort()];
        in.readFully(query);
        idle.remove(client);
        // The zone answers within the ledger's timeout.
        byte[] answer = responder.answer(query, false).toCompletableFuture().join();
        if (answer == null) {
            return false;
        }
        byte[] framed = new byte[2 + answer.length];
        framed[0] = (byte) (answer.length >> 8);
        framed[1] = (byte) answer.length;
        System.arraycopy(answer, 0, framed, 2, answer.length);
        out.write(framed);
        return true;
    }

    // Hangs up last: whoever sees the end of a connection has room for another.
    private void forget(Socket client, InetAddress address) {
        idle.remove(client);
        open.remove(client);
        clients.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
        hangUp(client);
    }

    private static void hangUp(Socket client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "tcp", e);
        }
    }

    /** Accepts no more, and ends the connections that have no query at work; the others end with their answer. */
    @Override
    public void close() throws IOException {
        socket.close();
        idle.forEach(TcpListener::hangUp);
    }

    /** Ends the connections that are still open. */
    void abort() {
        open.forEach(TcpListener::hangUp);
        watchdog.shutdownNow();
    }
}
