package org.senderauth.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.testkit.RedisPeer;

/** Connections to real servers, each with keys of its own. */
final class RedisFixture {

    /** Enough for a busy machine that no test is about the deadline by accident. */
    static final Duration PATIENT = Duration.ofSeconds(5);

    /** For tests that are not about trouble: there must be none. */
    static final RedisObserver NO_TROUBLE = new RedisObserver() {
        @Override
        public void lost(String cause) {
            throw new AssertionError(cause);
        }
    };

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private RedisFixture() {}

    static RedisSettings settings(RedisPeer redis) {
        return settings(List.of(redis.uri()), false);
    }

    static RedisSettings settings(List<String> uris, boolean cluster) {
        return new RedisSettings(uris, cluster, null, null, null, "test" + PREFIXES.incrementAndGet(), PATIENT, 1);
    }

    /** A state that goes by the given clock, on a Redis that has been there for a long time. */
    static RedisCalloutState state(
            SharedRedis redis, RedisSettings settings, CalloutLimits limits, InstantSource clock) {
        RedisSettings own = settings(settings.uris(), settings.cluster()).withHosts(settings.hosts());
        KeyNames names = new KeyNames(own.prefix(), own.cluster());
        String hourAgo = micros(clock.instant().minus(Duration.ofHours(1)));
        for (int bucket = 0; bucket < (own.cluster() ? KeyNames.BUCKETS : 1); bucket++) {
            redis.link()
                    .run(Script.START, names.start(KeyNames.bucket(bucket)), hourAgo)
                    .join();
        }
        return new RedisCalloutState(redis.link(), names, own, limits, new RedisTime(clock, true));
    }

    private static String micros(Instant time) {
        return Long.toString(time.toEpochMilli() * 1_000);
    }
}
