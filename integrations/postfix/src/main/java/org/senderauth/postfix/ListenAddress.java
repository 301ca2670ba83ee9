package org.senderauth.postfix;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses to listen on, written as in Postfix's configuration. */
public final class ListenAddress {

    private static final Pattern INET = Pattern.compile("inet:(\\[([0-9A-Fa-f:.]+)]|[0-9.]+|localhost):([0-9]{1,5})");
    private static final String UNIX = "unix:";
    // sun_path of Linux has 108 bytes with its NUL.
    private static final int MAX_UNIX_PATH = 107;

    private ListenAddress() {}

    /**
     * Parses {@code inet:127.0.0.1:10031}, {@code inet:[::1]:10031}, {@code inet:localhost:10031} or {@code
     * unix:/run/senderauth/policy}.
     *
     * @param text the address; its host is never looked up in the DNS
     * @return the address, or nothing if the text is none
     */
    public static Optional<SocketAddress> parse(String text) {
        if (text.startsWith(UNIX)) {
            return unix(text.substring(UNIX.length()));
        }
        Matcher inet = INET.matcher(text);
        if (!inet.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(inet.group(3));
        String host = inet.group(2) == null ? inet.group(1) : inet.group(2);
        try {
            return port > 65535
                    ? Optional.empty()
                    : Optional.of(new InetSocketAddress(
                            host.equals("localhost")
                                    ? InetAddress.getLoopbackAddress()
                                    : InetAddress.getByName(literal(host)),
                            port));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String literal(String host) throws UnknownHostException {
        boolean ipv4 = host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        if (!ipv4 && host.indexOf(':') < 0) {
            throw new UnknownHostException();
        }
        return host;
    }

    private static Optional<SocketAddress> unix(String path) {
        try {
            return path.startsWith("/") && path.length() <= MAX_UNIX_PATH
                    ? Optional.of(UnixDomainSocketAddress.of(Path.of(path)))
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * An address as {@link #parse} reads it.
     *
     * @param address an internet or UNIX address
     * @return its text
     */
    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getAddress().getHostAddress();
            return "inet:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return UNIX + address;
    }

    /**
     * Removes the file of a UNIX socket that no process listens on any more, as a killed server leaves it. A running one
     * accepts a connection. A file that is not a socket is left alone.
     *
     * @param address the socket
     * @throws IOException if a process listens on it, or the file cannot be removed
     */
    public static void removeStaleSocket(UnixDomainSocketAddress address) throws IOException {
        Path file = address.getPath();
        boolean socket = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
        if (!socket) {
            return;
        }
        try {
            SocketChannel.open(address).close();
        } catch (ConnectException e) {
            Files.delete(file);
            return;
        }
        throw new IOException("another server listens there");
    }
}
