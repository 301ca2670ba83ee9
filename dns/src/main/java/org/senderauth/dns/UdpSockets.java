package org.senderauth.dns;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Header;

/**
 * The sockets for UDP to one name server. dnsjava's own transport opens one for each query, ends late queries only while no
 * response arrives at all, and takes any datagram from the server's address for the response.
 *
 * <p>A socket has one query in flight at a random port of its own, so a forged response must guess port and id (RFC 5452
 * section 9.2). It is used for a limited number of queries and a limited time. A datagram with another id is dropped, and
 * the query waits on, but not for ever: each is a guess.
 *
 * <p>Thread-safe. One daemon thread receives for all sockets. It ends when the last socket has been closed.
 */
final class UdpSockets {

    /** The maximum number of queries that one socket is used for. */
    static final int MAX_USES = 100;

    /** The maximum age of a socket that is used for a further query. */
    static final Duration MAX_AGE = Duration.ofSeconds(10);

    /** The maximum number of open sockets without a query in flight. */
    static final int MAX_IDLE = 32;

    /** The maximum time that a socket is kept without a query in flight. */
    static final Duration MAX_IDLE_TIME = Duration.ofSeconds(1);

    /** The maximum number of datagrams with another id that a query ignores. */
    static final int MAX_WRONG_IDS = 20;

    // How late the end of a query or of a socket may be noticed.
    private static final long TICK_MILLIS = 100;

    // 32,768 to 60,999, from which Linux takes the ports of clients: filters may let only those pass.
    private static final int FIRST_PORT = 32_768;
    private static final int PORTS = 28_232;
    private static final int MAX_BINDS = 64;

    /** The maximum size of a response. */
    static final int MAX_DATAGRAM = 4_096;

    /** A query in flight. */
    private static final class Exchange {
        final CompletableFuture<byte[]> response = new CompletableFuture<>();
        final int id;
        final int maxBytes;
        final long end;
        final UdpSocket socket;
        int wrongIds;

        Exchange(int id, int maxBytes, long end, UdpSocket socket) {
            this.id = id;
            this.maxBytes = maxBytes;
            this.end = end;
            this.socket = socket;
        }
    }

    /** A socket, and the query that it has in flight. */
    private static final class UdpSocket {
        final DatagramChannel channel;
        final long opened;
        int uses;
        long idleSince;
        volatile @Nullable Exchange exchange;

        UdpSocket(DatagramChannel channel, long opened) {
            this.channel = channel;
            this.opened = opened;
            this.idleSince = opened;
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It is of no use any more, whatever the reason.
            }
        }
    }

    private final InetSocketAddress server;
    private final LongSupplier nanoTime;
    private final RandomGenerator random = new SecureRandom();
    private final Set<Exchange> inFlight = new HashSet<>();
    private final Deque<UdpSocket> idle = new ArrayDeque<>();
    private @Nullable Selector selector;

    UdpSockets(InetSocketAddress server, LongSupplier nanoTime) {
        this.server = server;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends a query and waits for the response to it.
     *
     * @param query a whole message
     * @param maxBytes the maximum size of the response, at most {@link #MAX_DATAGRAM}; a longer one is cut
     * @param timeout how long to wait
     * @return the response; fails with an {@link IOException}, or with what ended the receiving thread
     */
    CompletableFuture<byte[]> exchange(byte[] query, int maxBytes, Duration timeout) {
        Exchange exchange = null;
        try {
            exchange = begin(idOf(ByteBuffer.wrap(query)), maxBytes, timeout);
            try {
                send(exchange, query);
            } catch (IOException e) {
                if (exchange.socket.uses == 1) {
                    throw e;
                }
                // A socket keeps the address that the host had when it was opened: once more from a new one.
                fail(exchange, e);
                closeIdle();
                exchange = begin(exchange.id, maxBytes, timeout);
                send(exchange, query);
            }
            return exchange.response;
        } catch (IOException e) {
            if (exchange != null) {
                fail(exchange, e);
            }
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void send(Exchange exchange, byte[] query) throws IOException {
        if (exchange.socket.channel.write(ByteBuffer.wrap(query)) != query.length) {
            throw new IOException("the system has no room for a query");
        }
    }

    /** Tests whether the receiving thread runs. */
    synchronized boolean isReceiving() {
        return selector != null;
    }

    private static int idOf(ByteBuffer message) {
        return message.getShort(0);
    }

    private synchronized Exchange begin(int id, int maxBytes, Duration timeout) throws IOException {
        long now = nanoTime.getAsLong();
        long end = now + timeout.toNanos();
        UdpSocket socket = idle.pollFirst();
        while (socket != null && isOld(socket, now)) {
            socket.close();
            socket = idle.pollFirst();
        }
        if (socket == null) {
            socket = open(now);
        }
        Exchange exchange = new Exchange(id, maxBytes, end, socket);
        socket.uses++;
        socket.exchange = exchange;
        inFlight.add(exchange);
        return exchange;
    }

    private static boolean isOld(UdpSocket socket, long now) {
        return now - socket.opened >= MAX_AGE.toNanos() || now - socket.idleSince >= MAX_IDLE_TIME.toNanos();
    }

    private UdpSocket open(long now) throws IOException {
        if (server.isUnresolved()) {
            throw new UnknownHostException(server.getHostString());
        }
        Selector receiving = selector == null ? startReceiving() : selector;
        UdpSocket socket = new UdpSocket(DatagramChannel.open(), now);
        try {
            socket.channel.configureBlocking(false);
            bind(socket.channel);
            socket.channel.connect(server);
            socket.channel.register(receiving, SelectionKey.OP_READ, socket);
            receiving.wakeup();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        } catch (RuntimeException e) {
            // Such as UnsupportedAddressTypeException, for IPv6 where the JVM has only IPv4.
            socket.close();
            throw new IOException("no query to " + server + ": " + e, e);
        }
    }

    private void bind(DatagramChannel channel) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                channel.bind(new InetSocketAddress(FIRST_PORT + random.nextInt(PORTS)));
                return;
            } catch (BindException taken) {
                if (attempt == MAX_BINDS) {
                    throw taken;
                }
            }
        }
    }

    private Selector startReceiving() throws IOException {
        Selector opened = Selector.open();
        Thread thread = new Thread(null, () -> receive(opened), "senderauth-dns-udp", 0, false);
        thread.setDaemon(true);
        // The thread lives as long as anyone asks, and must not keep alive what its first caller had loaded.
        thread.setContextClassLoader(null);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            opened.close();
            throw e;
        }
        selector = opened;
        return opened;
    }

    private void receive(Selector receiving) {
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
            boolean goOn = true;
            for (long lastTick = nanoTime.getAsLong(); goOn; ) {
                try {
                    int ready = receiving.select(key -> read((UdpSocket) key.attachment(), buffer), TICK_MILLIS);
                    long now = nanoTime.getAsLong();
                    if (ready == 0 || now - lastTick >= TICK_MILLIS * 1_000_000) {
                        lastTick = now;
                        goOn = endLate(now);
                    }
                } catch (RuntimeException | OutOfMemoryError e) {
                    // Without this thread no query would ever end. Those that this cost their response end at their
                    // timeout.
                    if (!receiving.isOpen()) {
                        throw e;
                    }
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            endAll(receiving, e);
        } finally {
            try {
                receiving.close();
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }

    private void read(UdpSocket socket, ByteBuffer buffer) {
        buffer.clear();
        try {
            socket.channel.read(buffer);
        } catch (IOException e) {
            // Such as "port unreachable".
            Exchange failed = drop(socket);
            if (failed != null) {
                fail(failed, e);
            }
            return;
        }
        buffer.flip();
        Exchange exchange = socket.exchange;
        if (exchange == null || buffer.remaining() < Header.LENGTH) {
            return;
        }
        if (idOf(buffer) != exchange.id) {
            if (++exchange.wrongIds > MAX_WRONG_IDS) {
                fail(
                        exchange,
                        new IOException("more than " + MAX_WRONG_IDS + " responses with the id of another query"));
            }
            return;
        }
        byte[] response = new byte[Math.min(buffer.remaining(), exchange.maxBytes)];
        buffer.get(response);
        if (end(exchange)) {
            exchange.response.complete(response);
        }
    }

    // Returns the query that the socket has in flight.
    private synchronized @Nullable Exchange drop(UdpSocket socket) {
        idle.remove(socket);
        socket.close();
        return socket.exchange;
    }

    private synchronized void closeIdle() {
        idle.forEach(UdpSocket::close);
        idle.clear();
    }

    // Returns false if the exchange has been ended before.
    private synchronized boolean end(Exchange exchange) {
        if (!inFlight.remove(exchange)) {
            return false;
        }
        UdpSocket socket = exchange.socket;
        socket.exchange = null;
        socket.idleSince = nanoTime.getAsLong();
        if (socket.uses < MAX_USES && idle.size() < MAX_IDLE) {
            idle.addFirst(socket);
        } else {
            socket.close();
        }
        return true;
    }

    // Its socket is closed, so that a late response cannot reach another query.
    private void fail(Exchange exchange, Throwable cause) {
        exchange.response.completeExceptionally(cause);
        synchronized (this) {
            if (inFlight.remove(exchange)) {
                exchange.socket.close();
            }
        }
    }

    // Returns false if nothing is left to receive, and then never uses the selector again.
    private boolean endLate(long now) {
        List<Exchange> late = new ArrayList<>();
        boolean goOn;
        synchronized (this) {
            for (Exchange exchange : inFlight) {
                if (now - exchange.end >= 0) {
                    late.add(exchange);
                }
            }
            idle.removeIf(socket -> {
                if (isOld(socket, now)) {
                    socket.close();
                    return true;
                }
                return false;
            });
            goOn = !inFlight.isEmpty() || !idle.isEmpty();
            if (!goOn) {
                selector = null;
            }
        }
        for (Exchange exchange : late) {
            fail(exchange, new SocketTimeoutException("no response in time"));
        }
        return goOn;
    }

    private void endAll(Selector receiving, Throwable cause) {
        List<Exchange> ended;
        synchronized (this) {
            if (selector != receiving) {
                return;
            }
            selector = null;
            closeIdle();
            ended = List.copyOf(inFlight);
        }
        for (Exchange exchange : ended) {
            fail(exchange, cause);
        }
    }
}
