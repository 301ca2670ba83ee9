package org.senderauth.redis;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.senderauth.ses.MessageIds;

/**
 * Numbers of SES signatures from a counter for each time unit, which all hosts share. A host takes a block of numbers
 * at once: the others cost no round trip. Thread-safe.
 *
 * <p>A Redis that may not know what was given last goes on somewhere among 2^40, so that a number comes twice with
 * negligible probability: one that is new or was emptied, one that has started again, since its file may lack the last
 * moments, and a replica that has taken over, which may lack them as well. The numbers of the time unit after the next
 * begin at 1 again and make shorter signatures.
 */
public final class RedisMessageIds implements MessageIds {

    /** Numbers that a host takes at once. */
    public static final int BLOCK = 100;

    /** How long a counter is kept: longer than any signature of its time unit holds. */
    static final Duration KEPT = Duration.ofDays(400);

    private static final String BUCKET = "ids";
    private static final long BEGINNINGS = 1L << 40;

    private final RedisLink link;
    private final KeyNames names;
    private final SecureRandom random = new SecureRandom();
    private long timecode;
    private long last;
    private long end;

    RedisMessageIds(RedisLink link, KeyNames names) {
        this.link = link;
        this.names = names;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException if Redis is away; after the deadline at the latest
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
     * {@link MessageIds#ofRandomStart} does not, but with negligible probability.
     *
     * @param local numbers while Redis is away
     * @return numbers that are always to be had, if the others are
     */
    public MessageIds withFallback(MessageIds local) {
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
            link.bypassed(RedisObserver.Work.SES_NUMBERS);
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (RuntimeException notANumber) {
            link.bypassed(RedisObserver.Work.SES_NUMBERS);
            throw new IOException("Redis' counter of message ids is none", notANumber);
        }
    }
}
