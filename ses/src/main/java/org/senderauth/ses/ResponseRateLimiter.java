package org.senderauth.ses;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Limits the UDP responses to each network, so that forged queries cannot flood it with our responses. A resolver over the
 * limit gets a short response to every second query, after which it retries with a cookie or over TCP; a forged source
 * address never does.
 *
 * <p>Networks share a fixed table of {@value #SLOTS} buckets by a hash that outsiders cannot predict: it never grows.
 * Thread-safe, without locks.
 */
final class ResponseRateLimiter {

    /** The handling of a query. */
    enum Verdict {
        /** Send it. */
        SEND,
        /** Send a short one: truncated, or with a new cookie. */
        SLIP,
        /** Send nothing. */
        DROP
    }

    static final int SLOTS = 1 << 16;

    private static final int IPV4_PREFIX_OCTETS = 3; // a /24
    private static final int IPV6_PREFIX_OCTETS = 7; // a /56
    private static final long SECOND = 1_000_000;

    // For each slot the microsecond at which it would be empty again (generic cell rate algorithm).
    private final AtomicLongArray emptyAt = new AtomicLongArray(SLOTS);
    private final AtomicInteger limited = new AtomicInteger();
    private final LongSupplier nanoTime;
    private final long start;
    private final long seed;
    private final long interval;
    private final long burst;

    /**
     * A limit.
     *
     * @param perSecond answers to one network in a second, from 1 to a million
     * @param nanoTime measures the time: nanoseconds that never go back
     * @param seed a random number
     */
    ResponseRateLimiter(int perSecond, LongSupplier nanoTime, long seed) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.seed = seed;
        this.interval = SECOND / perSecond;
        // A second's worth may come at once.
        this.burst = SECOND;
    }

    Verdict count(InetAddress client) {
        int slot = slot(client.getAddress());
        long now = (nanoTime.getAsLong() - start) / 1_000;
        while (true) {
            long empty = emptyAt.get(slot);
            long next = Math.max(empty, now) + interval;
            if (next - now > burst) {
                return (limited.incrementAndGet() & 1) == 0 ? Verdict.SLIP : Verdict.DROP;
            }
            if (emptyAt.compareAndSet(slot, empty, next)) {
                return Verdict.SEND;
            }
        }
    }

    private int slot(byte[] address) {
        int octets = address.length == 4 ? IPV4_PREFIX_OCTETS : IPV6_PREFIX_OCTETS;
        long prefix = address.length;
        for (int i = 0; i < octets; i++) {
            prefix = prefix << 8 | address[i] & 0xff;
        }
        // The finaliser of MurmurHash3 over prefix and seed.
        long hash = prefix ^ seed;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) (hash ^ hash >>> 33) & SLOTS - 1;
    }
}
