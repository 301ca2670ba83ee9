package org.senderauth.batv;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import org.senderauth.core.WindowCounts;

/**
 * Counts in memory, by IPv4 address or IPv6 /64 network, in windows that begin with a client's first failure. Holds
 * {@value #MAX_CLIENTS} clients and evicts the one that it has not met for longest. Thread-safe.
 */
public final class MemoryFailureCounter implements FailureCounter {

    /** Most clients that are counted at once. */
    public static final int MAX_CLIENTS = 10_000;

    // A customer has at least a /64 (RFC 6177 section 2), so that single IPv6 addresses cost nothing.
    private static final int IPV6_PREFIX_OCTETS = 8;

    private final WindowCounts counts;

    /**
     * A counter that holds nothing yet.
     *
     * @param window how long after a client's first failure its count starts anew
     * @throws IllegalArgumentException if it is not positive, or more than a year
     */
    public MemoryFailureCounter(Duration window) {
        this(window, System::nanoTime);
    }

    /**
     * A counter that holds nothing yet.
     *
     * @param window how long after a client's first failure its count starts anew
     * @param nanoTime measures it: nanoseconds that never go back, as {@link System#nanoTime}
     * @throws IllegalArgumentException if the window is not positive, or more than a year
     */
    public MemoryFailureCounter(Duration window, LongSupplier nanoTime) {
        this.counts = new WindowCounts(MAX_CLIENTS, window, nanoTime);
    }

    @Override
    public int failed(InetAddress client) {
        return counts.add(network(client));
    }

    @Override
    public int failures(InetAddress client) {
        return counts.get(network(client));
    }

    private static String network(InetAddress client) {
        byte[] octets = client.getAddress();
        return HexFormat.of()
                .formatHex(client instanceof Inet6Address ? Arrays.copyOf(octets, IPV6_PREFIX_OCTETS) : octets);
    }
}
