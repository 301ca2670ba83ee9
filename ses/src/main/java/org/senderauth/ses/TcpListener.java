package org.senderauth.ses;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * DNS over TCP (RFC 7766): messages with their length before them, several on one connection. The connections are
 * bounded in number, in all and for one client, in the time that a message may take to come in, and in messages.
 */
final class TcpListener implements Runnable, AutoCloseable {

    /** Messages on one connection. */
    static final int MAX_MESSAGES = 1000;

    private static final int BACKLOG = 128;

    private static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

    private final ServerSocket socket;
    private final DnsResponder responder;
    private final ExecutorService executor;
    private final int connections;
    private final int connectionsPerClient;
    private final Duration timeout;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
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
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = client.getInputStream();
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            for (int i = 0; i < MAX_MESSAGES && !socket.isClosed(); i++) {
                byte[] query = read(client, in);
                // The zone answers within the ledger's timeout.
                byte[] answer =
                        responder.answer(query, false).toCompletableFuture().join();
                if (answer == null) {
                    return;
                }
                byte[] framed = new byte[2 + answer.length];
                framed[0] = (byte) (answer.length >> 8);
                framed[1] = (byte) answer.length;
                System.arraycopy(answer, 0, framed, 2, answer.length);
                out.write(framed);
                out.flush();
            }
        } catch (EOFException | SocketTimeoutException e) {
            // The client has finished, or has nothing to say.
            LOG.log(System.Logger.Level.TRACE, "tcp", e);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "tcp", e);
        } finally {
            forget(client, address);
        }
    }

    /** One message within the timeout, however slowly its octets drip. */
    private byte[] read(Socket client, InputStream in) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        byte[] length = read(client, in, 2, end);
        return read(client, in, (length[0] & 0xff) << 8 | length[1] & 0xff, end);
    }

    private static byte[] read(Socket client, InputStream in, int count, long end) throws IOException {
        byte[] octets = new byte[count];
        for (int have = 0; have < count; ) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new SocketTimeoutException("a message takes too long");
            }
            client.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
            int got = in.read(octets, have, count - have);
            if (got < 0) {
                throw new EOFException();
            }
            have += got;
        }
        return octets;
    }

    private void forget(Socket client, InetAddress address) {
        open.remove(client);
        clients.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
        try {
            client.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "tcp", e);
        }
    }

    /** Accepts no more; connections that are open finish the message they are at. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Ends the connections that are still open. */
    void abort() {
        for (Socket client : open) {
            try {
                client.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "tcp", e);
            }
        }
    }

    int openConnections() {
        return open.size();
    }
}
