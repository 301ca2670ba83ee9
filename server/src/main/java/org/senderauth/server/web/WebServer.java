package org.senderauth.server.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.senderauth.postfix.ListenAddress;

/**
 * The HTTP server of the pages. It has few threads, connections and requests a second, and its clients little time, so that
 * none of them slows a decision. Thread-safe.
 */
public final class WebServer implements AutoCloseable {

    /** The maximum of open connections; further ones are closed at once. */
    static final int MAX_CONNECTIONS = 64;

    /** The maximum of connections in a second, each with one request; further clients wait. */
    static final int MAX_RATE = 50;

    private static final int MAX_THREADS = 8;
    private static final int MAX_QUEUED = 256;
    private static final int MAX_REQUEST_HEADER = 32 << 10;
    private static final int MAX_RESPONSE_HEADER = 8 << 10;
    private static final int BACKLOG = 64;

    // Without a thread that accepts, Jetty closes the listening socket when a limit ends in the moment in which it
    // began.
    private static final int ACCEPTORS = 1;

    private final Server server;
    private final AbstractConnector connector;
    private final SocketAddress address;

    /**
     * Time limits of clients.
     *
     * @param request for a request, from the connection on
     * @param response for the response after that; longer than a decision may take
     */
    record Times(Duration request, Duration response) {
        static final Times DEFAULT = new Times(Duration.ofSeconds(15), Duration.ofSeconds(120));
    }

    private WebServer(Server server, AbstractConnector connector, SocketAddress address) {
        this.server = server;
        this.connector = connector;
        this.address = address;
    }

    /**
     * Starts to serve.
     *
     * @param settings where, and for whom
     * @param socketPermissions the permissions of a UNIX socket
     * @param source what the pages show
     * @return the server
     * @throws IOException if it cannot listen; the message names the address
     */
    public static WebServer start(WebSettings settings, Set<PosixFilePermission> socketPermissions, WebSource source)
            throws IOException {
        return start(settings, socketPermissions, new Site(source), Times.DEFAULT);
    }

    static WebServer start(WebSettings settings, Set<PosixFilePermission> socketPermissions, Pages pages, Times times)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 2, 60_000, new ArrayBlockingQueue<>(MAX_QUEUED));
        threads.setName("senderauth-web");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        Server server = new Server(threads);
        server.setStopAtShutdown(false);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration());
        boolean isUnix = settings.address() instanceof UnixDomainSocketAddress;
        AbstractConnector connector = isUnix
                ? new UnixDomainServerConnector(server, null, null, null, ACCEPTORS, 1, http)
                : new ServerConnector(server, null, null, null, ACCEPTORS, 1, http);
        connector.setIdleTimeout(times.request().toMillis());
        ConnectionDeadline deadline =
                new ConnectionDeadline(connector.getScheduler(), times.request(), times.response());
        connector.addBean(deadline);
        server.addConnector(connector);
        AcceptLimits.add(server, connector, MAX_CONNECTIONS, MAX_RATE);
        server.setHandler(new WebHandler(new Access(settings, isUnix, new SecureRandom()), deadline, pages));
        try {
            configure(connector, settings.address());
            server.start();
            if (settings.address() instanceof UnixDomainSocketAddress unix) {
                Files.setPosixFilePermissions(unix.getPath(), socketPermissions);
                return new WebServer(server, connector, unix);
            }
            InetSocketAddress wanted = (InetSocketAddress) settings.address();
            int port = ((ServerConnector) connector).getLocalPort();
            return new WebServer(server, connector, new InetSocketAddress(wanted.getAddress(), port));
        } catch (Exception e) {
            stop(server);
            throw new IOException(
                    "cannot listen on " + ListenAddress.text(settings.address()) + ": " + e.getMessage(), e);
        }
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_REQUEST_HEADER);
        configuration.setResponseHeaderSize(MAX_RESPONSE_HEADER);
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        configuration.setUriCompliance(UriCompliance.DEFAULT);
        // One request on a connection, so that the limits of connections limit requests.
        configuration.setPersistentConnectionsEnabled(false);
        return configuration;
    }

    private static void configure(AbstractConnector connector, SocketAddress wanted) throws IOException {
        if (connector instanceof UnixDomainServerConnector unix) {
            UnixDomainSocketAddress address = (UnixDomainSocketAddress) wanted;
            ListenAddress.removeStaleSocket(address);
            unix.setUnixDomainPath(address.getPath());
            unix.setAcceptQueueSize(BACKLOG);
        } else {
            ServerConnector tcp = (ServerConnector) connector;
            InetSocketAddress address = (InetSocketAddress) wanted;
            tcp.setHost(address.getAddress().getHostAddress());
            tcp.setPort(address.getPort());
            tcp.setAcceptQueueSize(BACKLOG);
        }
    }

    /** {@return where it listens, with the port that the system gave} */
    public SocketAddress address() {
        return address;
    }

    /** {@return whether it listens; a UNIX socket does until the server stops} */
    public boolean isListening() {
        return connector instanceof ServerConnector tcp ? tcp.isOpen() : connector.isRunning();
    }

    /** {@return how many connections are open} */
    int connections() {
        return connector.getConnectedEndPoints().size();
    }

    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            // The threads are daemons, and the sockets end with the process.
        }
    }
}
