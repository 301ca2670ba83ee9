package org.senderauth.redis;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.senderauth.ses.SerialNumbers;

/**
 * Serial numbers of SES signatures from a counter for each time unit, which all hosts share. A host reserves a block of
 * numbers at a time, so most numbers need no round trip. Thread-safe.
 *
 * <p>A Redis that may have lost the last numbers continues at a random number among 2^40, so a repeated number has negligible
 * probability: a new or emptied one, a restarted one, whose file may lack the last moments, and a promoted replica, which may
 * lack them as well. From the time unit after the next, numbers start at 1 again, for shorter signatures.
 */
public final class RedisSerialNumbers implements SerialNumbers {

    /** The size of a block. */
    public static final int BLOCK = 100;

    /** The lifetime of a counter: longer than that of any signature of its time unit. */
    static final Duration KEPT = Duration.ofDays(400);

    private static final String BUCKET = "ids";
    private static final long BEGINNINGS = 1L << 40;

    private final RedisGateway link;
    private final KeyNames names;
    private final SecureRandom random = new SecureRandom();
    private long timecode;
    private long last;
    private long end;

    RedisSerialNumbers(RedisGateway link, KeyNames names) {
        this.link = link;
        this.names = names;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException if Redis is unavailable; after the deadline at the latest
     */
    @Override
    public synchronized long next(long asked) throws IOException {
        if (asked != timecode || last == end) {
            last = take(asked);
            timecode = asked;
            end = last + BLOCK;
        }
        return ++last;
    }

    /**
     * These numbers with others for the time that Redis is away. The others must never give the same as Redis does:
     * {@link SerialNumbers#ofRandomStart} does not, but with negligible probability.
     *
     * @param local numbers while Redis is away
     * @return numbers that are always to be had, if the others are
     */
    public SerialNumbers withFallback(SerialNumbers local) {
        return asked -> {
            try {
                return next(asked);
            } catch (IOException away) {
                return local.next(asked);
            }
        };
    }

    private long take(long asked) throws IOException {
        List<String> keys =
                List.of(names.in(BUCKET, "start", BUCKET), names.in(BUCKET, "counter", Long.toString(asked)));
        List<String> arguments = List.of(
                "0",
                Integer.toString(BLOCK),
                Long.toString(asked),
                Long.toString(random.nextLong(BEGINNINGS)),
                Long.toString(KEPT.toMillis()));
        try {
            List<Object> reply =
                    link.run(Script.IDS, keys, arguments, late -> {}).join();
            return Long.parseLong((String) reply.get(0));
        } catch (CompletionException e) {
            link.fellBack(RedisObserver.Operation.SES_NUMBERS);
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (RuntimeException notANumber) {
            link.fellBack(RedisObserver.Operation.SES_NUMBERS);
            throw new IOException("Redis' counter of message ids is none", notANumber);
        }
    }
}
