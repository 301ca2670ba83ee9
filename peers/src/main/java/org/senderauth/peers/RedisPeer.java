package org.senderauth.peers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;
import org.senderauth.testkit.Await;

/**
 * A real {@code redis-server} on loopback, without persistence, that a test may pause, kill and restart on the same port. An
 * absent program skips the test as in {@link PeerProcess}. Not thread-safe, except for {@link #command}.
 */
public final class RedisPeer implements AutoCloseable {

    private final Path folder;
    private final List<String> arguments;
    private int port;
    private PeerProcess peer;

    /** Starts a program with these arguments. */
    RedisPeer(Path folder, int port, List<String> arguments) {
        this.folder = folder;
        this.port = port;
        this.arguments = arguments;
        this.peer = launch();
    }

    /**
     * Starts a server on a free port.
     *
     * @param folder its directory, for its log
     * @param options more of its options, such as {@code --maxmemory 2mb}, each word for itself
     * @return the running server
     */
    public static RedisPeer start(Path folder, String... options) {
        int port = PeerProcess.freePort();
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                // A replica gets what is there at once, not after five seconds.
                "--repl-diskless-sync-delay",
                "0",
                "--enable-debug-command",
                "local"));
        arguments.addAll(List.of(options));
        return new RedisPeer(folder, port, arguments);
    }

    private PeerProcess launch() {
        List<String> command = new ArrayList<>();
        command.add(PeerProcess.program("redis-server").toString());
        command.addAll(arguments);
        return PeerProcess.start(folder, folder.resolve("redis-" + port + ".log"), command)
                .awaitTcp(port, Await.LIMIT);
    }

    /**
     * Returns the port.
     *
     * @return the port, on 127.0.0.1
     */
    public int port() {
        return port;
    }

    /**
     * Returns its address.
     *
     * @return a URI as Redis clients read it
     */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Pauses the process: connections stay open without replies. */
    public void pause() {
        signal("STOP");
    }

    /** Resumes a paused process. */
    public void resume() {
        signal("CONT");
    }

    /** Kills the process (SIGKILL). */
    public void kill() {
        peer.process().destroyForcibly();
        try {
            if (!peer.process().waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionFailedError("redis-server is still there after SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Restarts it after {@link #kill}, empty, on the same port. */
    public void restart() {
        peer = launch();
    }

    /**
     * Replaces another server: becomes a primary on its port.
     *
     * @param gone the other server, killed
     */
    public void replace(RedisPeer gone) {
        command("REPLICAOF", "NO", "ONE");
        command("CONFIG", "SET", "port", Integer.toString(gone.port));
        port = gone.port;
    }

    /**
     * Returns the id that Redis changes at each start and promotion of a replica.
     *
     * @return its {@code master_replid}
     */
    public String replicationId() {
        return command("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith("master_replid:"))
                .map(line -> line.substring(line.indexOf(':') + 1))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Repeats a command until its reply contains a text.
     *
     * @param expected the text
     * @param words the command and its arguments
     * @throws AssertionFailedError if it does not within {@link Await#LIMIT}
     */
    public void await(String expected, String... words) {
        long end = System.nanoTime() + Await.LIMIT.toNanos();
        for (String reply = command(words); !reply.contains(expected); reply = command(words)) {
            if (System.nanoTime() > end || peer.exitsWithin(Duration.ofMillis(10))) {
                throw new AssertionFailedError(String.join(" ", words) + " does not say " + expected + " after "
                        + Await.LIMIT + ":\n" + reply);
            }
        }
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder(
                            PeerProcess.program("kill").toString(),
                            "-" + name,
                            Long.toString(peer.process().pid()))
                    .start();
            if (kill.waitFor() != 0) {
                throw new AssertionFailedError("redis-server takes no SIG" + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs one command on a connection of its own.
     *
     * @param words the command and its arguments
     * @return the reply as text: a string, a number, the items of an array one a line, or an error's text
     */
    public String command(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
            OutputStream out = socket.getOutputStream();
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                int octets = word.getBytes(StandardCharsets.UTF_8).length;
                request.append('$').append(octets).append("\r\n").append(word).append("\r\n");
            }
            out.write(request.toString().getBytes(StandardCharsets.UTF_8));
            return reply(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reply(InputStream in) throws IOException {
        String head = line(in);
        String rest = head.substring(1);
        return switch (head.charAt(0)) {
            case '$' -> {
                int octets = Integer.parseInt(rest);
                if (octets < 0) {
                    yield "";
                }
                String text = new String(in.readNBytes(octets), StandardCharsets.UTF_8);
                line(in);
                yield text;
            }
            case '*' -> {
                List<String> items = new ArrayList<>(Collections.nCopies(Math.max(0, Integer.parseInt(rest)), ""));
                for (int i = 0; i < items.size(); i++) {
                    items.set(i, reply(in));
                }
                yield String.join("\n", items);
            }
            default -> rest;
        };
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("redis-server closed the connection");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    /** Ends the process, paused or not. */
    @Override
    public void close() {
        if (peer.process().isAlive()) {
            resume();
        }
        peer.close();
    }
}
