package org.senderauth.callout.probe;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.reply.ServerReply;

/**
 * One connection to a mail server: sends lines and reads replies, with a bound on every wait. The calling thread blocks; at
 * the total deadline the socket is closed, which ends any wait. Not thread-safe.
 */
final class SmtpWire implements Closeable {

    private final DeadlineSocket socket;
    private final Deadline whole;
    // Completed when the wire is closed; its timeout is the total deadline.
    private final CompletableFuture<Void> open = new CompletableFuture<>();
    private OutputStream out;
    private ReplyReader replies;
    private boolean encrypted;

    private SmtpWire(DeadlineSocket socket, Deadline whole) throws IOException {
        this.socket = socket;
        this.whole = whole;
        this.out = socket.getOutputStream();
        this.replies = new ReplyReader(socket.getInputStream());
    }

    /**
     * Connects.
     *
     * @param target the address and port
     * @param local the local address to connect from, or null for any
     * @param limit the maximum time to connect
     * @param whole the deadline at which the connection is closed
     */
    static SmtpWire connect(InetSocketAddress target, @Nullable InetAddress local, Duration limit, Deadline whole)
            throws IOException {
        DeadlineSocket socket = new DeadlineSocket(whole);
        try {
            socket.setTcpNoDelay(true);
            if (local != null) {
                socket.bind(new InetSocketAddress(local, 0));
            }
            socket.connect(
                    target, Math.max(1, whole.orEarlier(Deadline.in(limit)).millisLeft()));
            SmtpWire wire = new SmtpWire(socket, whole);
            // A read has its own deadline. A write, of which TLS may need one, to a peer that does not read has none.
            wire.open.orTimeout(whole.millisLeft(), TimeUnit.MILLISECONDS).exceptionally(timeout -> {
                closeQuietly(socket);
                return null;
            });
            return wire;
        } catch (IOException | RuntimeException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    /**
     * Sends lines in one write. If that fails, the next {@link #receive} returns what the server sent before it closed the
     * connection, and then fails.
     *
     * @param lines lines without newlines
     * @throws IllegalArgumentException if one contains CR, LF or NUL, which would inject or truncate a command
     */
    void send(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("an SMTP command must not contain CR, LF or NUL");
            }
            text.append(line).append("\r\n");
        }
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException left) {
            // The next read shows more: a server may say why it closed the connection.
        }
    }

    /**
     * Waits for a reply.
     *
     * @param by the deadline
     * @throws SocketTimeoutException if there is no reply by then
     * @throws ProtocolViolationException if it is not a reply
     * @throws IOException if the server closed the connection
     */
    ServerReply receive(Deadline by) throws IOException {
        socket.readBy(whole.orEarlier(by));
        return replies.read();
    }

    /** {@return true if the server has sent bytes that were not received yet} */
    boolean hasUnread() throws IOException {
        return replies.hasUnread();
    }

    /**
     * Continues under TLS.
     *
     * @param host the name of the server, for SNI
     * @param limit the maximum time of the handshake
     * @throws ProtocolViolationException if the server sent plain text before the handshake, which
     *     could be taken for an encrypted reply
     * @throws IOException if the handshake fails
     */
    void startTls(String host, Duration limit) throws IOException {
        if (hasUnread()) {
            throw new ProtocolViolationException("plain text after the reply to STARTTLS");
        }
        socket.readBy(whole.orEarlier(Deadline.in(limit)));
        SSLSocket tls = (SSLSocket)
                OpportunisticTls.socketFactory().createSocket((Socket) socket, host, socket.getPort(), true);
        tls.setUseClientMode(true);
        tls.startHandshake();
        out = tls.getOutputStream();
        replies = new ReplyReader(tls.getInputStream());
        encrypted = true;
    }

    boolean isEncrypted() {
        return encrypted;
    }

    /** Closes the connection at once, without the closing messages of TLS. */
    @Override
    public void close() {
        closeQuietly(socket);
        open.complete(null);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing else can be done with it.
        }
    }
}
