package org.senderauth.ses;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The serial numbers of signatures, one for each message. The same number for the same time unit and the same address is the same signature,
 * so a number must never be issued twice in one time unit: not by two threads, not by two servers, not after a restart,
 * not when the clock is set back.
 *
 * <p>Implementations are thread-safe and return within a bounded time.
 */
@FunctionalInterface
public interface SerialNumbers {

    /**
     * Returns a number that was not issued before for this time unit.
     *
     * @param timecode the time unit ({@link SesLayout#timecode(java.time.Instant)}), positive
     * @return the number, at least 1
     * @throws IOException if no number is available now, for instance because the store is unreachable
     */
    long next(long timecode) throws IOException;

    /**
     * Returns the numbers of one of several servers that each count alone: {@code n * servers + server}. No two servers
     * issue the same number, and none has to contact another.
     *
     * @param own the source of this server's n
     * @param servers the number of servers that sign
     * @param server the number of this one, from 0
     * @return the numbers of this server
     * @throws IllegalArgumentException if {@code server} is not one of {@code servers}
     */
    static SerialNumbers ofServer(SerialNumbers own, int servers, int server) {
        if (servers < 1 || server < 0 || server >= servers) {
            throw new IllegalArgumentException(
                    "of " + servers + " servers the number must be 0 to " + (servers - 1) + ", not " + server);
        }
        return timecode -> {
            try {
                return Math.addExact(Math.multiplyExact(own.next(timecode), (long) servers), server);
            } catch (ArithmeticException e) {
                throw new IOException("the serial numbers are used up", e);
            }
        };
    }

    /**
     * Returns numbers without a store: they begin at a random number below 2^40, so a restart or another server repeats
     * one with negligible probability only. Signatures become seven characters longer than with
     * {@link FileSerialNumbers}.
     *
     * @param random the source of the first number
     * @return the numbers
     */
    static SerialNumbers ofRandomStart(RandomGenerator random) {
        AtomicLong last = new AtomicLong(random.nextLong(1L << 40));
        return timecode -> last.incrementAndGet();
    }
}
