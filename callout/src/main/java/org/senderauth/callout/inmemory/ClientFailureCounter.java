package org.senderauth.callout.inmemory;

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
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateEntry;

/**
 * Counts the undeliverable senders of each client: a client with too many causes no more probes for a while. Not
 * thread-safe.
 */
final class ClientFailureCounter {

    // A number in a set.
    private static final int SENDER_BYTES = 72;

    /**
     * Undeliverable senders by client, as the first 64 bits of their SHA-256: senders are long, and an attacker who
     * chooses them must not find two that count as one. An entry expires {@link StateConstants#CLIENT_WINDOW} after it was
     * written.
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

    /** Returns the clients with undeliverable senders, with the time until which one at the limit is blocked. */
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
            // The last one is written again, so the client is blocked for the whole time from now on.
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
            throw new IllegalStateException("the JVM has no SHA-256, which every Java platform must support", e);
        }
    }
}
