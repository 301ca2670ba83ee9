package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;
import org.senderauth.testkit.Await;

/** Connections to real servers, each with keys of its own. */
final class RedisFixture {

    /** A deadline that is over at once, for what is not answered anyway. */
    static final Duration NO_WAIT = Duration.ofMillis(1);

    /** Later than any test is run. */
    static final Instant FAR_FUTURE = Instant.parse("2100-01-01T00:00:00Z");

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
        return RedisSettings.builder()
                .uris(uris)
                .cluster(cluster)
                .prefix("test" + PREFIXES.incrementAndGet())
                .deadline(RedisSettings.MAX_DEADLINE)
                .build();
    }

    /** A connection on which no reply is late, however busy the machine is. */
    static SharedRedis connect(RedisSettings settings, RedisObserver observer) {
        return SharedRedis.connect(settings, observer, () -> Await.LIMIT);
    }

    /** Asks until Redis is there again; a question is what causes the looking. */
    static void awaitAvailable(SharedRedis redis, CalloutState state) {
        Await.until("Redis to be found again", () -> {
            if (!redis.isAvailable()) {
                admit(state, question("nobody@found-again.test", true).withMayProbe(false));
            }
            return redis.isAvailable();
        });
    }

    static Admission admit(CalloutState state, AdmissionRequest question) {
        return state.admit(question).toCompletableFuture().join();
    }

    static Admission admit(CalloutState state, String address) {
        return admit(state, question(address, true));
    }

    static ProbePermit granted(CalloutState state, String address) {
        Admission admission = admit(state, address);
        assertThat(admission).isInstanceOf(Admission.Granted.class);
        return ((Admission.Granted) admission).grant();
    }

    /** An answer that holds for a week from now on. */
    static AddressEntry good(InstantSource clock) {
        Instant now = clock.instant();
        Instant later = now.plus(Duration.ofDays(7));
        return new AddressEntry(CalloutReason.ACCEPTED, null, now, later, later, later, 0);
    }

    static AdmissionRequest question(String address, boolean preferred) {
        String domain = address.substring(address.indexOf('@') + 1);
        return new AdmissionRequest(address, null, null, domain, domain, "198.51.100.1", preferred, 1, true);
    }

    /** A permit of a known domain. */
    static ProbePermit permit(AdmissionRequest question) {
        return new ProbePermit(question, "token", null, null, DomainEntry.NONE, question.preferred());
    }

    /** As if a Redis had been there for a long time: a new one begins with empty budgets. */
    static void longThere(RedisPeer server, RedisSettings settings) {
        server.command("SET", settings.prefix() + ":start", "1 " + server.replicationId() + " 1");
    }

    /** A state that goes by the given clock, on a Redis that has been there for a long time. */
    static RedisCalloutState state(
            SharedRedis redis, RedisSettings settings, CalloutLimits limits, MonotonicClock clock) {
        RedisSettings own = settings(settings.uris(), settings.cluster()).withHosts(settings.hosts());
        KeyNames names = new KeyNames(own.prefix(), own.cluster());
        String hourAgo = micros(clock.instant().minus(Duration.ofHours(1)));
        CompletableFuture.allOf(names.starts()
                        .map(start -> redis.link().run(Script.START, start, hourAgo))
                        .toArray(CompletableFuture[]::new))
                .join();
        return new RedisCalloutState(redis.link(), names, own, limits, new RedisClock(clock, true));
    }

    private static String micros(Instant time) {
        return Long.toString(time.toEpochMilli() * 1_000);
    }
}
