package org.senderauth.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * An SMTP server on loopback that plays a script with every connection:
 *
 * <pre>{@code
 * try (ScriptedSmtpServer server = ScriptedSmtpServer.start(peer -> {
 *     peer.say("220 mx.example.org ESMTP");
 *     peer.hear("EHLO ");
 *     peer.say("250-mx.example.org", "250 PIPELINING");
 *     peer.hear("MAIL FROM:<>");
 *     peer.silence();
 * })) {
 *     // let a client talk to server.address()
 * }
 * }</pre>
 *
 * {@link SmtpRules} is a ready-made script for servers that answer each command on its own. Thread-safe. Closing it
 * fails the test if a script failed.
 */
public final class ScriptedSmtpServer implements AutoCloseable {

    /** The script of a server for one connection; when it returns, the server closes. */
    @FunctionalInterface
    public interface Script {

        /**
         * Plays the server's part.
         *
         * @param peer the connection
         * @throws IOException if the client closes, which ends the script and is no failure
         */
        void play(SmtpPeer peer) throws IOException;
    }

    private static final int BACKLOG = 1024;

    private final ServerSocket listener;
    private final Script script;
    private final List<SmtpPeer> begun = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final BlockingQueue<SmtpPeer> ended = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ScriptedSmtpServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    /**
     * Starts a server on a free port of the loopback address.
     *
     * @param script what it does with each connection, each in a thread of its own
     * @return the server
     */
    public static ScriptedSmtpServer start(Script script) {
        return start(InetAddress.getLoopbackAddress(), 0, script);
    }

    /**
     * Starts a server.
     *
     * @param address a loopback address
     * @param port the port, or 0 for a free one
     * @param script what it does with each connection, each in a thread of its own
     * @return the server
     * @throws UncheckedIOException if it cannot listen there
     */
    public static ScriptedSmtpServer start(InetAddress address, int port, Script script) {
        try {
            ServerSocket listener = new ServerSocket(port, BACKLOG, address);
            ScriptedSmtpServer server = new ScriptedSmtpServer(listener, script);
            daemon("smtp-listener", server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The address.
     *
     * @return address and port
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /**
     * The port on which it listens.
     *
     * @return the port
     */
    public int port() {
        return listener.getLocalPort();
    }

    /**
     * The number of connections accepted so far.
     *
     * @return their number
     */
    public int connections() {
        return begun.size();
    }

    /**
     * Waits for the next connection to end, in the order in which they end.
     *
     * @return the connection
     * @throws AssertionFailedError if none ends within a minute
     */
    public SmtpPeer nextEnded() {
        try {
            SmtpPeer peer = ended.poll(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (peer == null) {
                throw new AssertionFailedError("no connection ended within " + Await.LIMIT.toSeconds() + " s");
            }
            return peer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted");
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                SmtpPeer peer = new SmtpPeer(socket);
                begun.add(peer);
                daemon("smtp-peer", () -> play(socket, peer));
            } catch (IOException closed) {
                // Either the listener was closed, which ends the loop, or a client left at once.
            }
        }
    }

    private void play(Socket socket, SmtpPeer peer) {
        try (socket) {
            try {
                peer.play(script);
            } catch (RuntimeException | Error e) {
                // Noted before the connection closes: who has seen its end finds the failure in close().
                failure.compareAndSet(null, e);
            }
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        } finally {
            open.remove(socket);
            ended.add(peer);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionFailedError("a script failed: " + thrown.getMessage(), thrown);
        }
    }
}
