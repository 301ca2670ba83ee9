package org.senderauth.ses;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsZone;

/**
 * Serves a {@link SesZone} and other computed zones by UDP and TCP as an authoritative name server: no recursion, no transfers, no NXDOMAIN; EDNS and cookies
 * with at most 1232 bytes; responses are limited for each network ({@code /24}, {@code /56}) and none larger than two and a
 * half times its question. Everything that a client can make grow is bounded.
 *
 * <p>Running from {@link Builder#start} until {@link #close}. Thread-safe.
 */
public final class SesDnsServer implements Closeable {

    /** The default of {@link Builder#rate}. */
    public static final int DEFAULT_RATE = 200;

    /** The default number of TCP connections. */
    public static final int DEFAULT_CONNECTIONS = 200;

    /** The default number of TCP connections of one client. */
    public static final int DEFAULT_CONNECTIONS_PER_CLIENT = 20;

    /** The default of {@link Builder#tcpTimeout}. */
    public static final Duration DEFAULT_TCP_TIMEOUT = Duration.ofSeconds(5);

    private static final int MAX_RATE = 1_000_000;
    private static final Duration DEFAULT_STOP_TIME = Duration.ofSeconds(5);

    private final List<UdpListener> udp;
    private final TcpListener tcp;
    private final ExecutorService threads;
    private final InetSocketAddress address;
    private final Duration stopTime;

    private SesDnsServer(
            List<UdpListener> udp,
            TcpListener tcp,
            ExecutorService threads,
            InetSocketAddress address,
            Duration stopTime) {
        this.udp = udp;
        this.tcp = tcp;
        this.threads = threads;
        this.address = address;
        this.stopTime = stopTime;
    }

    /**
     * Returns a builder of a server.
     *
     * @param zone the zone to serve
     * @return a builder
     */
    public static Builder builder(DnsZone zone) {
        return new Builder(Objects.requireNonNull(zone, "zone"));
    }

    /**
     * {@return the address and port on which the server listens, over UDP and TCP}
     */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops: accepts no more queries, and lets those in progress finish for at most five seconds. */
    @Override
    public void close() throws IOException {
        long end = System.nanoTime() + stopTime.toNanos();
        udp.forEach(UdpListener::stop);
        tcp.close();
        threads.shutdown();
        try {
            for (UdpListener listener : udp) {
                listener.awaitAnswers(end - System.nanoTime());
                listener.close();
            }
            threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            for (UdpListener listener : udp) {
                listener.close();
            }
            tcp.abort();
            threads.shutdownNow();
        }
    }

    /** A builder of {@link SesDnsServer}. Not thread-safe. */
    public static final class Builder {

        private final DnsZone zone;
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoTime = System::nanoTime;
        private int rate = DEFAULT_RATE;
        private int connections = DEFAULT_CONNECTIONS;
        private int connectionsPerClient = DEFAULT_CONNECTIONS_PER_CLIENT;
        private Duration tcpTimeout = DEFAULT_TCP_TIMEOUT;
        private Duration stopTime = DEFAULT_STOP_TIME;
        private Consumer<Throwable> onTermination = cause -> {};
        private int udpThreads = Runtime.getRuntime().availableProcessors();

        private Builder(DnsZone zone) {
            this.zone = zone;
        }

        /**
         * Sets the UDP responses per second to one network; by default {@value #DEFAULT_RATE}. As many may come at once.
         * Clients with a valid DNS cookie (RFC 7873) have no limit.
         *
         * @param perSecond responses, at most a million; 0 for no limit, where another server in front has one
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder rate(int perSecond) {
            if (perSecond < 0 || perSecond > MAX_RATE) {
                throw new IllegalArgumentException("rate must be between 0 and " + MAX_RATE + ", was " + perSecond);
            }
            this.rate = perSecond;
            return this;
        }

        /**
         * Sets the number of TCP connections; by default {@value #DEFAULT_CONNECTIONS}, and {@value
         * #DEFAULT_CONNECTIONS_PER_CLIENT} of one client.
         *
         * @param all in all, at least 1
         * @param perClient of one client address, at least 1
         * @throws IllegalArgumentException if one is not positive
         */
        public Builder connections(int all, int perClient) {
            if (all < 1 || perClient < 1) {
                throw new IllegalArgumentException(
                        "connections must be at least 1, were " + all + " and " + perClient + " per client");
            }
            this.connections = all;
            this.connectionsPerClient = perClient;
            return this;
        }

        /**
         * Sets how long a TCP client may take to send a query, and to read its response; by default five seconds.
         *
         * @param timeout 1 ms to 1 day
         * @throws IllegalArgumentException if it is shorter or longer
         */
        public Builder tcpTimeout(Duration timeout) {
            if (Objects.requireNonNull(timeout, "tcpTimeout").compareTo(Duration.ofMillis(1)) < 0
                    || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("tcpTimeout must be between 1 ms and 1 day, was " + timeout);
            }
            this.tcpTimeout = timeout;
            return this;
        }

        /**
         * Sets the number of UDP threads; by default one for each processor.
         *
         * @param count threads, at least 1
         * @throws IllegalArgumentException if there are none
         */
        public Builder udpThreads(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("udpThreads must be at least 1, was " + count);
            }
            this.udpThreads = count;
            return this;
        }

        /**
         * Sets a listener that is called when part of the server stopped because of an error, not because the server was
         * closed; by default there is none. Its socket is closed then, and a program that needs the server should exit or
         * start another one. A temporary failure (no descriptor, thread or memory) only costs the connection or query.
         *
         * @param listener receives the exception; called on the thread that ends
         */
        public Builder onTermination(Consumer<Throwable> listener) {
            this.onTermination = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Sets how long {@link SesDnsServer#close} lets queries in progress finish, for tests that answer them late. */
        Builder stopTime(Duration time) {
            this.stopTime = time;
            return this;
        }

        /**
         * Sets the clock of the DNS cookies; by default the system's.
         *
         * @param clock the clock
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the monotonic clock of the rate limit; by default {@link System#nanoTime}.
         *
         * @param ticker nanoseconds that never go back
         */
        public Builder nanoTime(LongSupplier ticker) {
            this.nanoTime = Objects.requireNonNull(ticker, "nanoTime");
            return this;
        }

        /**
         * Binds the sockets and starts the server.
         *
         * @param listen the address; port 0 binds any free port
         * @return the running server
         * @throws IOException if the port cannot be bound
         */
        public SesDnsServer start(InetSocketAddress listen) throws IOException {
            // A socket that is bound to null listens on every address.
            Objects.requireNonNull(listen, "listen");
            DnsResponder responder = new DnsResponder(zone, clock);
            @Nullable
            ResponseRateLimiter limit =
                    rate == 0 ? null : new ResponseRateLimiter(rate, nanoTime, new SecureRandom().nextLong());
            ExecutorService threads = Executors.newCachedThreadPool(Builder::thread);
            List<UdpListener> udp = new ArrayList<>();
            try {
                // TCP first: it fails if the port is taken, where shared UDP sockets would not.
                TcpListener tcp =
                        TcpListener.open(listen, responder, threads, connections, connectionsPerClient, tcpTimeout);
                try {
                    InetSocketAddress address = tcp.address();
                    for (int i = 0; i < udpThreads; i++) {
                        udp.add(UdpListener.open(address, udpThreads > 1, responder, limit));
                    }
                    udp.forEach(listener -> threads.execute(reporting(listener, listener)));
                    threads.execute(reporting(tcp, tcp));
                    return new SesDnsServer(udp, tcp, threads, address, stopTime);
                } catch (IOException | RuntimeException | Error e) {
                    tcp.close();
                    tcp.abort();
                    throw e;
                }
            } catch (IOException | RuntimeException | Error e) {
                for (UdpListener listener : udp) {
                    listener.close();
                }
                threads.shutdown();
                throw e;
            }
        }

        // An error ends the listener; with its socket open the kernel would still hand it queries.
        private Runnable reporting(Runnable listener, Closeable socket) {
            return () -> {
                try (socket) {
                    listener.run();
                } catch (IOException | RuntimeException | Error e) {
                    onTermination.accept(e);
                }
            };
        }

        private static Thread thread(Runnable work) {
            Thread thread = new Thread(work, "ses-dns");
            thread.setDaemon(true);
            return thread;
        }
    }
}
