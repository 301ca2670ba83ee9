package org.senderauth.powerdns;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsZone;

/**
 * A remote backend that serves the lookup zones to a PowerDNS server ({@code launch=remote}, {@code 8bit-dns=yes}, {@code
 * zone-cache-refresh-interval=0}) over a UNIX socket: one JSON object per line in each direction. PowerDNS adds rate
 * limits and what else a public name server needs; with a key and {@code remote-dnssec=yes} it signs each answer.
 *
 * <p>Running from {@link #start} until {@link #close}. A temporary failure (no descriptor, thread or memory is left) costs
 * only a connection; any other error of the accepting thread goes to that thread's uncaught-exception handler. Thread-safe.
 */
public final class PowerDnsBackend implements Closeable {

    /** The maximum number of connections; PowerDNS has one for each of its threads. */
    public static final int MAX_CONNECTIONS = 64;

    /** The maximum length of a request in characters. */
    static final int MAX_LINE = 16 * 1024;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final System.Logger LOG = System.getLogger(PowerDnsBackend.class.getName());

    private volatile RemoteProtocol protocol;
    private final Path socket;
    private final ServerSocketChannel server;
    private final ExecutorService threads;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private PowerDnsBackend(RemoteProtocol protocol, Path socket, ServerSocketChannel server, ExecutorService threads) {
        this.protocol = protocol;
        this.socket = socket;
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts a backend for zones without DNSSEC.
     *
     * @param zone the zones
     * @param socket the socket that PowerDNS connects to, for its owner and group; one that an ended process left
     *     is replaced
     * @return the running backend
     * @throws IOException if the socket cannot be created, or another process listens on it
     */
    public static PowerDnsBackend start(DnsZone zone, Path socket) throws IOException {
        return start(new RemoteProtocol(zone, null), socket);
    }

    /**
     * Starts a backend for zones that PowerDNS signs with DNSSEC.
     *
     * @param zone the zones
     * @param signingKey the key of all of them
     * @param socket the socket that PowerDNS connects to, for its owner and group; one that an ended process left
     *     is replaced
     * @return the running backend
     * @throws IOException if the socket cannot be created, or another process listens on it
     */
    public static PowerDnsBackend start(DnsZone zone, SigningKey signingKey, Path socket) throws IOException {
        return start(new RemoteProtocol(zone, signingKey), socket);
    }

    private static PowerDnsBackend start(RemoteProtocol protocol, Path socket) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        if (Files.exists(socket)) {
            if (Files.isRegularFile(socket) || Files.isDirectory(socket) || answers(address)) {
                throw new IOException(socket + ": is there already and in use");
            }
            Files.delete(socket);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "ses-powerdns");
            thread.setDaemon(true);
            return thread;
        });
        PowerDnsBackend backend = new PowerDnsBackend(protocol, socket, server, threads);
        threads.execute(backend::accept);
        return backend;
    }

    /**
     * Changes the zones from the next request on; PowerDNS keeps its connections.
     *
     * @param zone the zones
     * @param signingKey the key of all of them; null for zones without DNSSEC
     */
    public void exchange(DnsZone zone, @Nullable SigningKey signingKey) {
        protocol = new RemoteProtocol(zone, signingKey);
    }

    private static boolean answers(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                accept(server.accept());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (server.isOpen()) {
                    LOG.log(System.Logger.Level.WARNING, "powerdns: no connection", e);
                    // Out of file descriptors, threads or memory: temporary, so retry after a pause.
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void accept(SocketChannel client) throws IOException {
        if (open.size() >= MAX_CONNECTIONS) {
            client.close();
            return;
        }
        open.add(client);
        try {
            threads.execute(() -> serve(client));
        } catch (RuntimeException | OutOfMemoryError e) {
            // No thread is available: the connection is no longer open.
            open.remove(client);
            client.close();
            throw e;
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                Writer out = Channels.newWriter(client, StandardCharsets.UTF_8)) {
            for (String line = line(in); line != null; line = line(in)) {
                out.write(protocol.answer(line) + "\n");
                out.flush();
            }
        } catch (IOException e) {
            // PowerDNS reconnects when needed.
            LOG.log(System.Logger.Level.DEBUG, "powerdns", e);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING, "powerdns: a request without an answer", e);
        } finally {
            open.remove(client);
        }
    }

    /** Returns one line; null at the end of the stream, or for a line that is too long. */
    private static @Nullable String line(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && line.length() < MAX_LINE; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            line.append((char) c);
        }
        return null;
    }

    /** Stops: accepts no more requests, closes the connections and removes the socket. */
    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel client : open) {
            client.close();
        }
        threads.shutdown();
        Files.deleteIfExists(socket);
    }
}
