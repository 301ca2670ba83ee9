package org.senderauth.callout.inmemory;

import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.StateConstants;

/**
 * The leases of addresses that are being probed, counted for each registrable domain. Bounded by the number of concurrent
 * probes, since each permit is released; one that is not ends after {@link StateConstants#LEASE}. Not thread-safe.
 */
final class Leases {

    private record Lease(String address, String registrable, Instant end) {}

    /** Leases by token, the oldest first. */
    private final Map<String, Lease> running = new LinkedHashMap<>();

    private final Map<String, String> tokenByAddress = new HashMap<>();
    private final Map<String, Integer> probesByDomain = new HashMap<>();

    boolean isLeased(String address, Instant now) {
        expire(now);
        return tokenByAddress.containsKey(address);
    }

    int probesOf(String registrable, Instant now) {
        expire(now);
        return probesByDomain.getOrDefault(registrable, 0);
    }

    void begin(String token, AdmissionRequest question, Instant now) {
        running.put(token, new Lease(question.address(), question.registrable(), now.plus(StateConstants.LEASE)));
        tokenByAddress.put(question.address(), token);
        probesByDomain.merge(question.registrable(), 1, Integer::sum);
    }

    /** The result is stored: the lease of the address ends, while the probe continues to its end. */
    void answered(String token) {
        Lease lease = running.get(token);
        if (lease != null) {
            tokenByAddress.remove(lease.address(), token);
        }
    }

    void end(String token) {
        Lease lease = running.remove(token);
        if (lease != null) {
            tokenByAddress.remove(lease.address(), token);
            probesByDomain.computeIfPresent(lease.registrable(), (domain, count) -> count == 1 ? null : count - 1);
        }
    }

    private void expire(Instant now) {
        Iterator<Map.Entry<String, Lease>> oldest = running.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Lease> entry = oldest.next();
            if (now.isBefore(entry.getValue().end())) {
                return;
            }
            end(entry.getKey());
            oldest = running.entrySet().iterator();
        }
    }
}
