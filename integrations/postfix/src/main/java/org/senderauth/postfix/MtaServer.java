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
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.ServerObserver.CloseReason;

/**
 * Serves one {@link Protocol} on one TCP or UNIX socket. Each connection has a thread of the executor for its whole
 * life and carries any number of requests; everything that a peer can draw out has an end ({@link ServerLimits}).
 *
 * <p>Trouble is never answered as if it were a verdict: a broken request, a failed answer and a time that is over close
 * the connection without a reply, and the mail server then does what it is configured to do.
 *
 * <p>A connection that cannot be accepted, or for which no thread is available, is given up, and the server continues
 * after a short rest. If the server itself fails it closes its socket and its connections, and reports {@link
 * ServerObserver#terminated}.
 *
 * <p>Thread-safe. {@link #close} lets the requests under way end.
 */
public final class MtaServer implements AutoCloseable {

    /** The interval at which timeouts of connections are checked. */
    static final Duration SWEEP = Duration.ofMillis(250);

    // Long enough not to spin, short enough that Postfix, which tries again at once and after a second, gets through.
    private static final Duration REST = Duration.ofMillis(100);

    /** The default permissions of a UNIX socket: its owner and its group may connect. */
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
    // True before the observer hears of it; the acceptor's thread ends after that.
    private volatile boolean failed;
    // Used by the acceptor only.
    private boolean full;

    private interface ConnectionFactory {
        Connection<?> create(SocketChannel channel, Runnable onEnd);
    }

    private <R> MtaServer(Builder<R> builder, ListenSocket listener) throws IOException {
        this.listener = listener;
        this.limits = builder.limits;
        this.executor = builder.executor;
        this.observer = new GuardedServerObserver(builder.observer);
        this.nanoTime = builder.nanoTime;
        this.factory =
                (channel, onEnd) -> new Connection<>(channel, builder.protocol, limits, observer, nanoTime, onEnd);
        this.selector = Selector.open();
        listener.channel().register(selector, SelectionKey.OP_ACCEPT);
        this.acceptor = new Thread(this::accept, "senderauth-" + ListenAddress.text(listener.address()));
        acceptor.setDaemon(true);
    }

    /**
     * Returns a builder of a server.
     *
     * @param protocol the protocol
     * @param executor gives each connection its thread: one of virtual threads, or a pool with as many threads as
     *     {@link ServerLimits#connections} at least, since a connection without a thread waits; the caller ends it
     * @param <R> a request
     * @return a builder
     */
    public static <R> Builder<R> builder(Protocol<R> protocol, Executor executor) {
        return new Builder<>(protocol, executor);
    }

    /**
     * Returns the address on which the server listens.
     *
     * @return the address, with the port that the system assigned if it was 0
     */
    public SocketAddress address() {
        return listener.address();
    }

    /**
     * Accepts connections from now on.
     *
     * @throws IllegalThreadStateException if it was started already
     */
    public void start() {
        acceptor.start();
    }

    /**
     * Tests whether the server accepts connections.
     *
     * @return true until it is closed or {@linkplain ServerObserver#terminated terminated}
     */
    public boolean isServing() {
        return acceptor.isAlive() && !stopping && !failed;
    }

    /**
     * Returns the number of open connections.
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
        if (acceptor.getState() == Thread.State.NEW) {
            closeUnstarted();
            return;
        }
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
        connections.forEach(connection -> connection.close(CloseReason.STOP));
    }

    private void closeUnstarted() {
        try (selector;
                listener) {
            connections.clear();
        } catch (IOException e) {
            // Nothing was served, so nothing is lost.
        }
    }

    // The only thread that accepts; it also closes connections that timed out.
    private void accept() {
        try (selector;
                listener) {
            SelectionKey key = listener.channel().keyFor(selector);
            while (!stopping) {
                if (!acceptAndExpire(key)) {
                    LockSupport.parkNanos(REST.toNanos());
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            if (!stopping) {
                failed = true;
                // Nothing would end them any more, however long they take.
                connections.forEach(connection -> connection.close(CloseReason.TROUBLE));
                observer.terminated(e);
            }
        }
    }

    // False if something failed that may pass: no descriptor, thread or memory is left, perhaps, and the next attempt
    // must not follow at once. Whatever else is thrown ends the server.
    private boolean acceptAndExpire(SelectionKey key) throws IOException {
        boolean room = hasRoom();
        if (!room && !full) {
            observer.full();
        }
        full = !room;
        key.interestOps(room ? SelectionKey.OP_ACCEPT : 0);
        selector.select(SWEEP.toMillis());
        selector.selectedKeys().clear();
        try {
            boolean good = !room || stopping || acceptWaiting();
            long now = nanoTime.getAsLong();
            connections.forEach(connection -> connection.expire(now));
            return good;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            if (!listener.channel().isOpen()) {
                throw e;
            }
            observer.failed(e);
            return false;
        }
    }

    private boolean acceptWaiting() throws IOException {
        while (hasRoom()) {
            SocketChannel channel = listener.channel().accept();
            if (channel == null) {
                return true;
            }
            if (connections.size() >= limits.connections()) {
                observer.full();
                longestWaiting().ifPresent(this::giveWay);
            }
            if (!serve(channel)) {
                return false;
            }
        }
        return true;
    }

    // A mail server opens a connection again that was closed between two requests, so an idle one holds no place.
    private boolean hasRoom() {
        return connections.size() < limits.connections() || connections.stream().anyMatch(Connection::isWaiting);
    }

    private Optional<Connection<?>> longestWaiting() {
        long now = nanoTime.getAsLong();
        return connections.stream()
                .filter(Connection::isWaiting)
                .max(Comparator.comparingLong(connection -> now - connection.waitingSince()));
    }

    // If its request has just come it stays, and the limit is exceeded by one connection.
    private void giveWay(Connection<?> connection) {
        if (connection.giveWay()) {
            ended(connection);
        }
    }

    // False if the connection could not be given a thread, and was closed.
    private boolean serve(SocketChannel channel) throws IOException {
        Connection<?>[] self = new Connection<?>[1];
        Connection<?> connection;
        try {
            connection = factory.create(channel, () -> ended(self[0]));
            self[0] = connection;
            connections.add(connection);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
        try {
            observer.opened();
            channel.configureBlocking(true);
            if (listener.address() instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            executor.execute(connection);
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // OutOfMemoryError: the system gives no more threads.
            observer.failed(e);
            connection.close(CloseReason.LOST);
            observer.closed(CloseReason.LOST);
            ended(connection);
            return e instanceof IOException;
        } catch (Error e) {
            connection.close(CloseReason.TROUBLE);
            ended(connection);
            throw e;
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
            this.protocol = Objects.requireNonNull(protocol, "protocol");
            this.executor = Objects.requireNonNull(executor, "executor");
        }

        /**
         * Sets the limits, instead of {@link ServerLimits#DEFAULT}.
         *
         * @param newLimits the limits
         * @return this
         */
        public Builder<R> limits(ServerLimits newLimits) {
            this.limits = Objects.requireNonNull(newLimits, "limits");
            return this;
        }

        /**
         * Sets the observer.
         *
         * @param newObserver the observer
         * @return this
         */
        public Builder<R> observer(ServerObserver newObserver) {
            this.observer = Objects.requireNonNull(newObserver, "observer");
            return this;
        }

        /**
         * Sets who may connect to a UNIX socket, instead of {@link MtaServer#DEFAULT_SOCKET_PERMISSIONS}.
         *
         * @param permissions the permissions of its file
         * @return this
         */
        public Builder<R> socketPermissions(Set<PosixFilePermission> permissions) {
            this.socketPermissions = Set.copyOf(Objects.requireNonNull(permissions, "permissions"));
            return this;
        }

        /** Sets the clock of the timeouts, for tests. */
        Builder<R> nanoTime(LongSupplier clock) {
            this.nanoTime = clock;
            return this;
        }

        /**
         * Starts the server. The file of a UNIX socket without a listening process is replaced.
         *
         * @param address where to listen: an internet address, or a UNIX one
         * @return the running server
         * @throws IOException if it cannot listen there; the message names the address
         */
        public MtaServer start(SocketAddress address) throws IOException {
            MtaServer server = bind(address);
            server.start();
            return server;
        }

        /**
         * Binds a server that accepts no connections yet, for a program that serves on all its addresses or on none: clients
         * wait until {@link MtaServer#start}. The file of a UNIX socket without a listening process is replaced.
         *
         * @param address where to listen: an internet address, or a UNIX one
         * @return the server; start or close it
         * @throws IOException if it cannot listen there; the message names the address
         */
        public MtaServer bind(SocketAddress address) throws IOException {
            ListenSocket socket = ListenSocket.open(Objects.requireNonNull(address, "address"), socketPermissions);
            try {
                return new MtaServer(this, socket);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
    }
}
