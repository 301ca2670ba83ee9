package org.senderauth.postfix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.ServerObserver.End;

/**
 * Serves one {@link Protocol} on one TCP or UNIX socket. Each connection has a thread of the executor for its whole
 * life and carries any number of requests; everything that a peer can draw out has an end ({@link ServerLimits}).
 *
 * <p>Trouble is never answered as if it were a verdict: a broken request, a failed answer and a time that is over close
 * the connection without a reply, and the mail server then does what it is configured to do.
 *
 * <p>Thread-safe. {@link #close} lets the requests under way end.
 */
public final class MtaServer implements AutoCloseable {

    /** How often connections are looked at whose time may be over. */
    static final Duration SWEEP = Duration.ofMillis(250);

    /** Who may connect to a UNIX socket if nobody says otherwise: its owner and its group. */
    public static final Set<PosixFilePermission> DEFAULT_SOCKET_PERMISSIONS =
            PosixFilePermissions.fromString("rw-rw----");

    private final ListenSocket listener;
    private final Selector selector;
    private final ConnectionFactory factory;
    private final ServerLimits limits;
    private final Executor executor;
    private final ServerObserver observer;
    private final LongSupplier nanoTime;
    private final Set<Connection<?>> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean stopping;

    private interface ConnectionFactory {
        Connection<?> create(SocketChannel channel, Runnable onEnd);
    }

    private <R> MtaServer(Builder<R> builder, ListenSocket listener) throws IOException {
        this.listener = listener;
        this.limits = builder.limits;
        this.executor = builder.executor;
        this.observer = builder.observer;
        this.nanoTime = builder.nanoTime;
        this.factory =
                (channel, onEnd) -> new Connection<>(channel, builder.protocol, limits, observer, nanoTime, onEnd);
        this.selector = Selector.open();
        listener.channel().register(selector, SelectionKey.OP_ACCEPT);
        this.acceptor = new Thread(this::accept, "senderauth-" + ListenAddress.text(listener.address()));
        acceptor.setDaemon(true);
    }

    /**
     * Starts to describe a server.
     *
     * @param protocol what it speaks
     * @param executor gives each connection its thread: one of virtual threads, or a pool with as many threads as
     *     {@link ServerLimits#connections} at least, since a connection without a thread waits; the caller ends it
     * @param <R> a request
     * @return a builder
     */
    public static <R> Builder<R> builder(Protocol<R> protocol, Executor executor) {
        return new Builder<>(protocol, executor);
    }

    /**
     * Where it listens.
     *
     * @return the address, with the port that the system gave if 0 was asked for
     */
    public SocketAddress address() {
        return listener.address();
    }

    /**
     * Whether it accepts connections.
     *
     * @return true until it is closed, or its socket fails
     */
    public boolean isServing() {
        return acceptor.isAlive() && !stopping;
    }

    /**
     * How many connections are open.
     *
     * @return their number
     */
    public int connections() {
        return connections.size();
    }

    /**
     * Stops: nothing is accepted any more, waiting connections are closed, and requests under way are answered as long
     * as {@link ServerLimits#stopTime} allows. Returns when the last connection has ended.
     */
    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        try {
            acceptor.join();
            connections.forEach(Connection::stop);
            long end = System.nanoTime() + limits.stopTime().toNanos();
            synchronized (connections) {
                for (long left = limits.stopTime().toMillis();
                        left > 0 && !connections.isEmpty();
                        left = (end - System.nanoTime()) / 1_000_000) {
                    connections.wait(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(connection -> connection.close(End.STOP));
    }

    // The only thread that accepts; it also ends connections whose time is over.
    private void accept() {
        try (selector;
                listener) {
            SelectionKey key = listener.channel().keyFor(selector);
            boolean rest = false;
            while (!stopping) {
                boolean room = !rest && connections.size() < limits.connections();
                key.interestOps(room ? SelectionKey.OP_ACCEPT : 0);
                selector.select(SWEEP.toMillis());
                selector.selectedKeys().clear();
                rest = room && !stopping && !acceptWhatWaits();
                long now = nanoTime.getAsLong();
                connections.forEach(connection -> connection.expire(now));
            }
        } catch (IOException e) {
            observer.failed(e);
        }
    }

    // False if accepting fails: the process has no descriptor left, perhaps, and must not try in a circle.
    private boolean acceptWhatWaits() {
        while (connections.size() < limits.connections()) {
            try {
                SocketChannel channel = listener.channel().accept();
                if (channel == null) {
                    return true;
                }
                serve(channel);
            } catch (IOException e) {
                observer.failed(e);
                return false;
            }
        }
        observer.full();
        return true;
    }

    private void serve(SocketChannel channel) {
        Connection<?>[] self = new Connection<?>[1];
        Connection<?> connection = factory.create(channel, () -> ended(self[0]));
        self[0] = connection;
        connections.add(connection);
        observer.opened();
        try {
            channel.configureBlocking(true);
            if (listener.address() instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            executor.execute(connection);
        } catch (IOException | RejectedExecutionException | OutOfMemoryError e) {
            // The error says that the system gives no more threads, which is this connection's trouble only.
            observer.failed(e);
            connection.close(End.LOST);
            observer.closed(End.LOST);
            ended(connection);
        }
    }

    private void ended(@Nullable Connection<?> connection) {
        synchronized (connections) {
            connections.remove(connection);
            connections.notifyAll();
        }
        // The acceptor may wait for room.
        selector.wakeup();
    }

    /**
     * Describes a server. Not thread-safe.
     *
     * @param <R> a request
     */
    public static final class Builder<R> {

        private final Protocol<R> protocol;
        private final Executor executor;
        private ServerLimits limits = ServerLimits.DEFAULT;
        private ServerObserver observer = ServerObserver.NONE;
        private Set<PosixFilePermission> socketPermissions = DEFAULT_SOCKET_PERMISSIONS;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(Protocol<R> protocol, Executor executor) {
            this.protocol = protocol;
            this.executor = executor;
        }

        /**
         * Sets the limits, instead of {@link ServerLimits#DEFAULT}.
         *
         * @param newLimits the limits
         * @return this
         */
        public Builder<R> limits(ServerLimits newLimits) {
            this.limits = newLimits;
            return this;
        }

        /**
         * Sets who is told what happens.
         *
         * @param newObserver the observer
         * @return this
         */
        public Builder<R> observer(ServerObserver newObserver) {
            this.observer = newObserver;
            return this;
        }

        /**
         * Sets who may connect to a UNIX socket, instead of {@link MtaServer#DEFAULT_SOCKET_PERMISSIONS}.
         *
         * @param permissions the permissions of its file
         * @return this
         */
        public Builder<R> socketPermissions(Set<PosixFilePermission> permissions) {
            this.socketPermissions = Set.copyOf(permissions);
            return this;
        }

        /** Sets the clock that tells when a time is over, for tests. */
        Builder<R> nanoTime(LongSupplier clock) {
            this.nanoTime = clock;
            return this;
        }

        /**
         * Starts the server. The file of a UNIX socket that nobody listens on any more is replaced.
         *
         * @param address where to listen: an internet address, or a UNIX one
         * @return the running server
         * @throws IOException if it cannot listen there; the message names the address
         */
        public MtaServer start(SocketAddress address) throws IOException {
            ListenSocket socket = ListenSocket.open(address, socketPermissions);
            try {
                MtaServer server = new MtaServer(this, socket);
                server.acceptor.start();
                return server;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
    }
}
