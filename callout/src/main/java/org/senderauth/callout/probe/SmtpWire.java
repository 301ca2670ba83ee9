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
import org.senderauth.callout.outcome.ServerReply;

/**
 * One connection to a mail server: lines out, replies in, every wait bounded. The thread that uses it blocks; whatever
 * it is blocked in ends when the time for the whole is over, because the socket is closed then. Not thread-safe.
 */
final class SmtpWire implements Closeable {

    private final DeadlineSocket socket;
    private final Deadline whole;
    // Completed when the wire is closed; its timeout is the time of the whole.
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
     * @param target where to
     * @param local the local address to connect from, or null for any
     * @param limit how long connecting may take
     * @param whole when the connection is closed at the latest
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
            // A read minds its deadline by itself; a write to a peer that does not read, as TLS may want one, does not.
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
     * Sends lines in one write. If that fails, the next {@link #receive} fails, after it has given what the server said
     * before it left.
     *
     * @param lines lines without line ends
     * @throws IllegalArgumentException if one holds CR, LF or NUL: such a line would be several, or cut short
     */
    void send(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("an SMTP command must not hold CR, LF or NUL");
            }
            text.append(line).append("\r\n");
        }
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException left) {
            // The reading side tells more: a server may say why it leaves.
        }
    }

    /**
     * Waits for a reply.
     *
     * @param by when it must be there
     * @throws SocketTimeoutException if it is not
     * @throws ProtocolViolationException if what came is none
     * @throws IOException if the server closed
     */
    ServerReply receive(Deadline by) throws IOException {
        socket.readBy(whole.orEarlier(by));
        return replies.read();
    }

    /** Whether the server has said something that was not received yet. */
    boolean hasUnread() throws IOException {
        return replies.hasUnread();
    }

    /**
     * Goes on encrypted.
     *
     * @param host the name of the server, for SNI
     * @param limit how long the handshake may take
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

    /** Closes the connection at once; what TLS would still say is not said. */
    @Override
    public void close() {
        closeQuietly(socket);
        open.complete(null);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing more to be done with it.
        }
    }
}
