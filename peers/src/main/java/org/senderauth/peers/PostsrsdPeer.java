package org.senderauth.peers;

import java.nio.file.Path;
import java.util.List;
import org.senderauth.testkit.Await;

/**
 * A real PostSRSd 1 on loopback, which Postfix asks by tcp_table(5) to rewrite the senders of forwarded mail and to reverse
 * SRS addresses. An absent program skips the test as in {@link PeerProcess}.
 */
public final class PostsrsdPeer implements AutoCloseable {

    private final PeerProcess peer;
    private final int forwardPort;
    private final int reversePort;

    private PostsrsdPeer(PeerProcess peer, int forwardPort, int reversePort) {
        this.peer = peer;
        this.forwardPort = forwardPort;
        this.reversePort = reversePort;
    }

    /**
     * Finds the program, or skips the test.
     *
     * @return its path
     */
    public static Path program() {
        return PeerProcess.program(
                System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers") + "/postsrsd/usr/sbin/postsrsd");
    }

    /**
     * Starts it on free ports.
     *
     * @param folder its directory, for its log {@code postsrsd.out}
     * @param domain the domain of its SRS addresses
     * @param secret the file with its secret, in one line
     * @return the running program, which accepts connections on both ports
     */
    public static PostsrsdPeer start(Path folder, String domain, Path secret) {
        Path program = program();
        int forward = PeerProcess.freePort();
        int reverse = PeerProcess.freePort();
        List<String> command =
                List.of(program.toString(), "-4", "-s" + secret, "-d" + domain, "-f" + forward, "-r" + reverse);
        PeerProcess peer = PeerProcess.start(folder, folder.resolve("postsrsd.out"), command);
        try {
            peer.awaitTcp(forward, Await.LIMIT).awaitTcp(reverse, Await.LIMIT);
        } catch (AssertionError e) {
            peer.close();
            throw e;
        }
        return new PostsrsdPeer(peer, forward, reverse);
    }

    /**
     * Returns the port that rewrites senders.
     *
     * @return the port, on 127.0.0.1
     */
    public int forwardPort() {
        return forwardPort;
    }

    /**
     * Returns the port that reverses SRS addresses.
     *
     * @return the port, on 127.0.0.1
     */
    public int reversePort() {
        return reversePort;
    }

    /** Ends the process. */
    @Override
    public void close() {
        peer.close();
    }
}
