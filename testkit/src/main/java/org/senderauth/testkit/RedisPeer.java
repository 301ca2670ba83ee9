package org.senderauth.testkit;

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

/**
 * A real {@code redis-server} on loopback, without persistence, that a test may pause, kill and start again on the same
 * port. Skipped and failed as {@link RealPeer} says. Not thread-safe, but for {@link #command}.
 */
public final class RedisPeer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final int REPLY_TIMEOUT_MILLIS = 10_000;

    private final Path folder;
    private final int port;
    private final List<String> options;
    private RealPeer peer;

    private RedisPeer(Path folder, int port, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.options = options;
        this.peer = launch();
    }

    /**
     * Starts a server on a free port.
     *
     * @param folder where it runs and logs
     * @param options more of its options, such as {@code --maxmemory 2mb}, each word for itself
     * @return the running server
     */
    public static RedisPeer start(Path folder, String... options) {
        return new RedisPeer(folder, RealPeer.freePort(), List.of(options));
    }

    /**
     * Starts the nodes of a cluster without replicas and waits until all of them know that it is whole.
     *
     * @param folder where they run and log
     * @param nodes how many
     * @return the running nodes
     */
    public static List<RedisPeer> startCluster(Path folder, int nodes) {
        List<RedisPeer> cluster = new ArrayList<>();
        List<Integer> busPorts = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            busPorts.add(RealPeer.freePort());
            cluster.add(start(
                    folder,
                    "--cluster-enabled",
                    "yes",
                    "--cluster-config-file",
                    "nodes-" + i + ".conf",
                    "--cluster-port",
                    busPorts.get(i).toString()));
        }
        int slots = 16_384;
        for (int i = 0; i < nodes; i++) {
            RedisPeer node = cluster.get(i);
            String first = Integer.toString(slots * i / nodes);
            String last = Integer.toString(slots * (i + 1) / nodes - 1);
            node.command("CLUSTER", "ADDSLOTSRANGE", first, last);
            node.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (int i = 1; i < nodes; i++) {
            String port = Integer.toString(cluster.get(i).port);
            cluster.get(0)
                    .command(
                            "CLUSTER",
                            "MEET",
                            "127.0.0.1",
                            port,
                            busPorts.get(i).toString());
        }
        long end = System.nanoTime() + START_LIMIT.toNanos();
        for (RedisPeer node : cluster) {
            while (!node.command("CLUSTER", "INFO").contains("cluster_state:ok")) {
                if (System.nanoTime() > end) {
                    cluster.forEach(RedisPeer::close);
                    throw new AssertionFailedError("the cluster is not whole after " + START_LIMIT);
                }
                Thread.onSpinWait();
            }
        }
        return List.copyOf(cluster);
    }

    private RealPeer launch() {
        List<String> command = new ArrayList<>(List.of(
                RealPeer.program("redis-server").toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--enable-debug-command",
                "local"));
        command.addAll(options);
        return RealPeer.start(folder, folder.resolve("redis-" + port + ".log"), command)
                .awaitTcp(port, START_LIMIT);
    }

    /**
     * The port that it listens on.
     *
     * @return the port, on 127.0.0.1
     */
    public int port() {
        return port;
    }

    /**
     * Where it is.
     *
     * @return a URI as Redis clients read it
     */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Stops the process where it is: connections stay, nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused process go on. */
    public void resume() {
        signal("CONT");
    }

    /** Ends the process at once, without a chance to say anything. */
    public void kill() {
        peer.process().destroyForcibly();
        try {
            if (!peer.process().waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionFailedError("redis-server is still there after SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again after {@link #kill}, empty, on the same port. */
    public void restart() {
        peer = launch();
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder(
                            RealPeer.program("kill").toString(),
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
            socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
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
                throw new IOException("redis-server hung up");
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
