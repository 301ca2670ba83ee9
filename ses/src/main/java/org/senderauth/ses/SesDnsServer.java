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
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link SesZone} by UDP and TCP as an authoritative name server: no recursion, no transfers, no NXDOMAIN; EDNS
 * with at most 1232 octets; answers limited to each network ({@code /24}, {@code /56}) and none larger than two and a
 * half times its question. Everything that a client can make grow is bounded.
 *
 * <p>Running from {@link Builder#start} until {@link #close}. Thread-safe.
 */
public final class SesDnsServer implements Closeable {

    /** UDP answers to one network in a second, unless the caller says otherwise. */
    public static final int DEFAULT_RATE = 200;

    /** TCP connections at once. */
    public static final int DEFAULT_CONNECTIONS = 200;

    /** TCP connections of one client at once. */
    public static final int DEFAULT_CONNECTIONS_PER_CLIENT = 20;

    /** How long a TCP client may take for one query and its answer, and may stay silent. */
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
     * Starts to set up a server.
     *
     * @param zone what it serves
     * @return a builder
     */
    public static Builder builder(SesZone zone) {
        return new Builder(Objects.requireNonNull(zone, "zone"));
    }

    /**
     * Where the server listens, by UDP and by TCP.
     *
     * @return address and port
     */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops: takes no more queries, lets those at work finish for at most five seconds. */
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

    /** Sets up a {@link SesDnsServer}. Not thread-safe. */
    public static final class Builder {

        private final SesZone zone;
        private InstantSource clock = InstantSource.system();
        private int rate = DEFAULT_RATE;
        private int connections = DEFAULT_CONNECTIONS;
        private int connectionsPerClient = DEFAULT_CONNECTIONS_PER_CLIENT;
        private Duration tcpTimeout = DEFAULT_TCP_TIMEOUT;
        private Duration stopTime = DEFAULT_STOP_TIME;
        private int udpThreads = Runtime.getRuntime().availableProcessors();

        private Builder(SesZone zone) {
            this.zone = zone;
        }

        /**
         * UDP answers to one network in a second; by default {@value #DEFAULT_RATE}. As many may come at once.
         *
         * @param perSecond answers, at most a million; 0 for no limit, behind a server that has one
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder rate(int perSecond) {
            if (perSecond < 0 || perSecond > MAX_RATE) {
                throw new IllegalArgumentException("the rate must be 0 to " + MAX_RATE + ", not " + perSecond);
            }
            this.rate = perSecond;
            return this;
        }

        /**
         * TCP connections at once; by default {@value #DEFAULT_CONNECTIONS}, and {@value
         * #DEFAULT_CONNECTIONS_PER_CLIENT} of one client.
         *
         * @param all in all, at least 1
         * @param perClient of one client address, at least 1
         * @return this
         * @throws IllegalArgumentException if one is not positive
         */
        public Builder connections(int all, int perClient) {
            if (all < 1 || perClient < 1) {
                throw new IllegalArgumentException("there must be room for at least one TCP connection");
            }
            this.connections = all;
            this.connectionsPerClient = perClient;
            return this;
        }

        /**
         * How long a TCP client may take for one query and for taking its answer; by default five seconds.
         *
         * @param timeout the time, positive
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder tcpTimeout(Duration timeout) {
            if (timeout.toMillis() <= 0) {
                throw new IllegalArgumentException("the TCP timeout must be at least a millisecond");
            }
            this.tcpTimeout = timeout;
            return this;
        }

        /**
         * Threads that answer by UDP; by default one for each processor.
         *
         * @param count how many, at least 1
         * @return this
         * @throws IllegalArgumentException if there are none
         */
        public Builder udpThreads(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("there must be at least one UDP thread");
            }
            this.udpThreads = count;
            return this;
        }

        /** How long {@link SesDnsServer#close} lets queries at work finish, for tests that answer them late. */
        Builder stopTime(Duration time) {
            this.stopTime = time;
            return this;
        }

        /**
         * The time by which answers are limited; by default the system's.
         *
         * @param instants the clock
         * @return this
         */
        public Builder clock(InstantSource instants) {
            this.clock = instants;
            return this;
        }

        /**
         * Binds the sockets and begins to answer.
         *
         * @param listen where; port 0 takes any port that is free
         * @return the running server
         * @throws IOException if the port cannot be bound
         */
        public SesDnsServer start(InetSocketAddress listen) throws IOException {
            DnsResponder responder = new DnsResponder(zone);
            @Nullable
            ResponseRate limit = rate == 0 ? null : new ResponseRate(rate, clock, new SecureRandom().nextLong());
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
                    udp.forEach(threads::execute);
                    threads.execute(tcp);
                    return new SesDnsServer(udp, tcp, threads, address, stopTime);
                } catch (IOException | RuntimeException e) {
                    tcp.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                for (UdpListener listener : udp) {
                    listener.close();
                }
                threads.shutdown();
                throw e;
            }
        }

        private static Thread thread(Runnable work) {
            Thread thread = new Thread(work, "ses-dns");
            thread.setDaemon(true);
            return thread;
        }
    }
}
