package org.senderauth.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.state.Gcra;

/**
 * What an admission on a cluster cannot decide in its one step, since it is not in the domain's slot. The budget for all
 * is divided among the hosts, so that they never exceed it together. Which clients are exhausted is known from the
 * answers to bad senders that this host has counted: a client may show each host one more before that. Thread-safe.
 */
final class AcrossBuckets {

    private final @Nullable Rate share;
    private final InstantSource clock;
    private final Gcra overall = new Gcra();
    private final Cache<String, Instant> exhausted;

    AcrossBuckets(CalloutLimits limits, int hosts, InstantSource clock) {
        this.share = LocalShare.share(limits.overall(), hosts);
        this.clock = clock;
        this.exhausted = Caffeine.newBuilder()
                .maximumSize(limits.addresses())
                .executor(Runnable::run)
                .build();
    }

    synchronized boolean isOverallSpent(boolean preferred) {
        return share == null || !overall.allows(share, preferred, 1, clock.instant());
    }

    synchronized void spend(boolean preferred) {
        if (share != null) {
            overall.take(share, preferred, 1, clock.instant());
        }
    }

    boolean isExhausted(String client) {
        Instant end = exhausted.getIfPresent(client);
        return end != null && clock.instant().isBefore(end);
    }

    void exhausted(String client, Instant end) {
        exhausted.put(client, end);
    }
}
