package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Weigher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the bad senders of each client: one that shows too many causes no more probes for a while. Not thread-safe.
 */
final class ClientFailureCounter {

    // A number in a set.
    private static final int SENDER_BYTES = 72;

    /**
     * Bad senders by client, as the first 64 bits of their SHA-256: senders are long, and chosen by clients, who must
     * find no two that count as one. An entry is over {@link StateConstants#CLIENT_WINDOW} after it was written.
     */
    private final Cache<String, Set<Long>> badSenders;

    private final int most;

    ClientFailureCounter(CacheFactory tables, int clients, int most) {
        this.most = most;
        // A set grows after it was weighed.
        Weigher<String, Set<Long>> bytes = (client, senders) -> CacheFactory.bytes(client) + most * SENDER_BYTES;
        this.badSenders = tables.bounded(clients, bytes)
                .expireAfterWrite(StateConstants.CLIENT_WINDOW)
                .build();
    }

    boolean isExhausted(String client) {
        Set<Long> senders = badSenders.getIfPresent(client);
        return senders != null && senders.size() >= most;
    }

    /** Returns the clients with bad senders, the exhausted ones with their time. */
    List<StateEntry> entries(Instant now) {
        return badSenders.asMap().entrySet().stream()
                .map(entry -> StateEntry.ofClient(
                        entry.getKey(),
                        entry.getValue().size(),
                        most,
                        badSenders
                                .policy()
                                .expireAfterWrite()
                                .flatMap(expiry -> expiry.ageOf(entry.getKey()))
                                .map(age ->
                                        now.plus(StateConstants.CLIENT_WINDOW).minus(age))))
                .toList();
    }

    void count(String client, String sender) {
        Set<Long> known = badSenders.getIfPresent(client);
        Set<Long> senders = known == null ? new HashSet<>() : known;
        if (senders.size() < most && senders.add(digest(sender))) {
            // The last one is written anew: from it on the client is exhausted for the whole time.
            if (known == null || senders.size() == most) {
                badSenders.put(client, senders);
            }
        }
    }

    private static long digest(String sender) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(sender.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
