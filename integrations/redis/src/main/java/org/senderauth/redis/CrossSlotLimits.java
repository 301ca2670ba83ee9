package org.senderauth.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.state.Gcra;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.core.MonotonicClock;

/**
 * The part of an admission that a cluster cannot decide in one step, since it is not in the domain's slot. The budget for all
 * is divided among the hosts, so that they never exceed it together. Which clients are exhausted is known from the
 * answers to bad senders that this host has counted: a client may show each host one more before that. Thread-safe.
 */
final class CrossSlotLimits {

    // The part of the heap that all exhausted clients may take, and what one takes: a network address and its end.
    private static final int HEAP_PART = 64;
    private static final int ENTRY_BYTES = 256;

    private final @Nullable Rate share;
    private final MonotonicClock clock;
    private final Gcra overall = new Gcra();
    private final Cache<String, Instant> exhausted;

    CrossSlotLimits(CalloutLimits limits, int hosts, MonotonicClock clock) {
        this.share = OutageFallback.share(limits.overall(), hosts);
        this.clock = clock;
        this.exhausted = Caffeine.newBuilder()
                .maximumSize(Math.min(limits.cacheSize(), Runtime.getRuntime().maxMemory() / HEAP_PART / ENTRY_BYTES))
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

    /** The line of this host's share; empty if it is not in use. */
    synchronized Optional<StateEntry> entry() {
        return share == null
                ? Optional.empty()
                : StateEntry.ofLimit(
                        "global",
                        "all probes of this host",
                        overall.used(share, clock.instant()),
                        overall.fullAgain(),
                        share);
    }

    boolean isExhausted(String client) {
        Instant end = exhausted.getIfPresent(client);
        return end != null && clock.instant().isBefore(end);
    }

    void exhausted(String client, Instant end) {
        exhausted.put(client, end);
    }
}
