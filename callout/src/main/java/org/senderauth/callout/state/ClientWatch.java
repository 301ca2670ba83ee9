package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the bad senders of each client: one that shows too many causes no more probes for a while. Not thread-safe.
 */
final class ClientWatch {

    /** Bad senders by client; an entry is over {@link StateRules#CLIENT_WINDOW} after it was written. */
    private final Cache<String, Set<String>> badSenders;

    private final int most;

    ClientWatch(Cache<String, Set<String>> badSenders, int most) {
        this.badSenders = badSenders;
        this.most = most;
    }

    boolean isExhausted(String client) {
        Set<String> senders = badSenders.getIfPresent(client);
        return senders != null && senders.size() >= most;
    }

    void count(String client, String sender) {
        Set<String> known = badSenders.getIfPresent(client);
        Set<String> senders = known == null ? new HashSet<>() : known;
        if (senders.size() < most && senders.add(sender)) {
            // The last one is written anew: from it on the client is exhausted for the whole time.
            if (known == null || senders.size() == most) {
                badSenders.put(client, senders);
            }
        }
    }
}
