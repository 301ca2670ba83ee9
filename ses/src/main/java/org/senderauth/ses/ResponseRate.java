package org.senderauth.ses;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Limits the UDP answers to each network, so that nobody can aim our answers at somebody else's. A real resolver that
 * meets the limit gets every second answer as a short one that says "ask by TCP", which a forged address never does.
 *
 * <p>Networks share a fixed table of {@value #SLOTS} buckets by a hash that outsiders cannot foretell: it never grows.
 * Thread-safe, without locks.
 */
final class ResponseRate {

    /** What to do with an answer. */
    enum Verdict {
        /** Send it. */
        SEND,
        /** Send an empty one that says "truncated". */
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
    private final InstantSource clock;
    private final long seed;
    private final long interval;
    private final long burst;

    /**
     * A limit.
     *
     * @param perSecond answers to one network in a second, from 1 to a million
     * @param clock the time
     * @param seed a random number
     */
    ResponseRate(int perSecond, InstantSource clock, long seed) {
        this.clock = clock;
        this.seed = seed;
        this.interval = SECOND / perSecond;
        // A second's worth may come at once.
        this.burst = SECOND;
    }

    Verdict count(InetAddress client) {
        int slot = slot(client.getAddress());
        long now = clock.millis() * 1000;
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
