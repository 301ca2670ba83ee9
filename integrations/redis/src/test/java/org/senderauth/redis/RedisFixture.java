package org.senderauth.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.Question;
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

    /** How long a test waits for what a busy machine may do late. */
    static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private RedisFixture() {}

    static RedisSettings settings(RedisPeer redis) {
        return settings(List.of(redis.uri()), false);
    }

    static RedisSettings settings(List<String> uris, boolean cluster) {
        return new RedisSettings(
                uris, cluster, null, null, null, null, "test" + PREFIXES.incrementAndGet(), PATIENT, 1);
    }

    /** As patient as a test about outages can be, which waits for it each time. */
    static RedisSettings impatient(RedisPeer redis) {
        return settings(redis).withDeadline(Duration.ofSeconds(2));
    }

    /** Asks until Redis is there again; a question is what causes the looking. */
    static void awaitAvailable(SharedRedis redis, CalloutState state) {
        long end = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        while (!redis.isAvailable()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Redis was not found again after " + LONGEST_OUTAGE);
            }
            state.admit(question("nobody@found-again.test", true).withMayProbe(false))
                    .toCompletableFuture()
                    .join();
        }
    }

    static Question question(String address, boolean preferred) {
        String domain = address.substring(address.indexOf('@') + 1);
        return new Question(address, null, null, domain, domain, "198.51.100.1", preferred, 1, true);
    }

    /** As if a Redis had been there for a long time: a new one begins with empty budgets. */
    static void longThere(RedisPeer server, RedisSettings settings) {
        server.command("SET", settings.prefix() + ":start", "1 " + server.replicationId() + " 1");
    }

    /** A state that goes by the given clock, on a Redis that has been there for a long time. */
    static RedisCalloutState state(
            SharedRedis redis, RedisSettings settings, CalloutLimits limits, InstantSource clock) {
        RedisSettings own = settings(settings.uris(), settings.cluster()).withHosts(settings.hosts());
        KeyNames names = new KeyNames(own.prefix(), own.cluster());
        String hourAgo = micros(clock.instant().minus(Duration.ofHours(1)));
        CompletableFuture.allOf(names.starts()
                        .map(start -> redis.link().run(Script.START, start, hourAgo))
                        .toArray(CompletableFuture[]::new))
                .join();
        return new RedisCalloutState(redis.link(), names, own, limits, new RedisTime(clock, true));
    }

    private static String micros(Instant time) {
        return Long.toString(time.toEpochMilli() * 1_000);
    }
}
