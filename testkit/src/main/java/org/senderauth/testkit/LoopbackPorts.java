package org.senderauth.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.AssertionFailedError;

/**
 * Free ports of the loopback address. Thread-safe.
 *
 * <p>Tests often run in several JVMs at once, and a port is free until its later user listens. So a JVM only returns ports of
 * blocks that it has for itself: it listens on the first port of each until it ends.
 */
public final class LoopbackPorts {

    // Below the default range of ephemeral ports of Linux.
    private static final int FIRST_PORT = 20_000;
    private static final int BLOCKS = 48;
    private static final int BLOCK_SIZE = 250;

    private static final LoopbackPorts OF_THIS_JVM =
            new LoopbackPorts(FIRST_PORT, BLOCKS, new SecureRandom().nextInt(BLOCKS));

    // The sockets keep the blocks; they are closed when the JVM ends.
    private final List<ServerSocket> claims = new ArrayList<>();
    private final int firstPort;
    private final int blocks;
    private int nextBlock;
    private int blocksTried;
    private int port;
    private int left;

    LoopbackPorts(int firstPort, int blocks, int firstBlock) {
        this.firstPort = firstPort;
        this.blocks = blocks;
        this.nextBlock = firstBlock;
    }

    /**
     * Returns a TCP and UDP port of the loopback address that was free a moment ago. The system does not assign it to clients,
     * and this method does not return it again in any JVM while this one runs; only a JVM that finds no other port returns its
     * own again.
     *
     * @return the port
     * @throws AssertionFailedError if there is none
     */
    public static int free() {
        return OF_THIS_JVM.next();
    }

    synchronized int next() {
        for (int attempt = 0; attempt < blocks * BLOCK_SIZE; attempt++) {
            if (left == 0) {
                enterBlock();
            }
            port++;
            left--;
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionFailedError("no port of this JVM is free from " + firstPort + " on");
    }

    private void enterBlock() {
        while (blocksTried < blocks) {
            int first = firstPort + Math.floorMod(nextBlock++, blocks) * BLOCK_SIZE;
            blocksTried++;
            try {
                claims.add(new ServerSocket(first, 1, InetAddress.getLoopbackAddress()));
                begin(first);
                return;
            } catch (IOException claimed) {
                // Another JVM, or another program listens there: the next block.
            }
        }
        if (claims.isEmpty()) {
            throw new AssertionFailedError("other JVMs have all ports from " + firstPort + " on");
        }
        // Used longest ago.
        ServerSocket oldest = claims.remove(0);
        claims.add(oldest);
        begin(oldest.getLocalPort());
    }

    private void begin(int first) {
        port = first;
        left = BLOCK_SIZE - 1;
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Gives the blocks back. */
    void close() throws IOException {
        for (ServerSocket claim : claims) {
            claim.close();
        }
    }
}
