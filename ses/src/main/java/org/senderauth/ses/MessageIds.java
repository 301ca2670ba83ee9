package org.senderauth.ses;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Gives every message its number. The same number for the same time unit and the same address is the same signature,
 * so a number must never be given twice in one time unit: not by two threads, not by two servers, not after a restart,
 * not when the clock is set back.
 *
 * <p>Implementations are thread-safe and return within a bounded time.
 */
@FunctionalInterface
public interface MessageIds {

    /**
     * A number that was not given before for this time unit.
     *
     * @param timecode the time unit ({@link SesLayout#timecode(java.time.Instant)}), positive
     * @return the number, at least 1
     * @throws IOException if there is none now, for instance because its store is not reachable
     */
    long next(long timecode) throws IOException;

    /**
     * The numbers of one of several servers that count each for itself: {@code n * servers + server}. No two servers
     * give the same number, and none needs to ask another.
     *
     * @param own where this server's n come from
     * @param servers how many servers sign
     * @param server which one this is, from 0
     * @return the numbers of this server
     * @throws IllegalArgumentException if {@code server} is not one of {@code servers}
     */
    static MessageIds ofServer(MessageIds own, int servers, int server) {
        if (servers < 1 || server < 0 || server >= servers) {
            throw new IllegalArgumentException(
                    "of " + servers + " servers the number must be 0 to " + (servers - 1) + ", not " + server);
        }
        return timecode -> {
            try {
                return Math.addExact(Math.multiplyExact(own.next(timecode), (long) servers), server);
            } catch (ArithmeticException e) {
                throw new IOException("the message ids are used up", e);
            }
        };
    }

    /**
     * Numbers without a store: they begin somewhere among 2^40, drawn anew for every instance, so that a restart or
     * another server repeats one with negligible probability. Signatures become seven characters longer than with
     * {@link FileMessageIds}.
     *
     * @param random where the beginning comes from
     * @return the numbers
     */
    static MessageIds ofRandomStart(RandomGenerator random) {
        AtomicLong last = new AtomicLong(random.nextLong(1L << 40));
        return timecode -> last.incrementAndGet();
    }
}
