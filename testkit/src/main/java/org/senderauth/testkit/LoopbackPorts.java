package org.senderauth.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.AssertionFailedError;

/** Free ports of the loopback address. Thread-safe. */
public final class LoopbackPorts {

    // Below the default range of ephemeral ports of Linux.
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;
    // Several JVMs may look for ports at the same time.
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(new SecureRandom().nextInt(PORTS));

    private LoopbackPorts() {}

    /**
     * Returns a TCP and UDP port of the loopback address that was free a moment ago. No other call in this JVM returns it, and
     * the system does not assign it to clients.
     *
     * @return the port
     * @throws AssertionFailedError if there is none
     */
    public static int free() {
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionFailedError("no port is free from " + FIRST_PORT + " on");
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
