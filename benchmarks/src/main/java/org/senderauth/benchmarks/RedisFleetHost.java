package org.senderauth.benchmarks;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.core.MonotonicClock;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisSettings;
import org.senderauth.redis.SharedRedis;

/** One host of {@link RedisFleet}, in its own JVM: starts on command and prints its results. */
public final class RedisFleetHost {

    /** The argument for a host with its own cache. */
    static final String NO_REDIS = "memory";

    private static final int UNDER_WAY = 32;
    private static final Rate NO_LIMIT = new Rate(Duration.ofNanos(1_000), 1_000_000);

    private RedisFleetHost() {}

    /** The rate limits of a host, and the number of senders of its mail. */
    enum Attack {
        /** The default limits. */
        DEFAULT(CalloutLimits.DEFAULT, 20_000),

        /** No rate limit: every address is probed once. */
        WIDE(
                CalloutLimits.builder()
                        .domainRate(NO_LIMIT)
                        .hostRate(NO_LIMIT)
                        .overall(NO_LIMIT)
                        .probesPerDomain(1_000)
                        .probesPerHost(1_000)
                        .maxConcurrentProbes(1_000)
                        .forgeryThreshold(1_000_000)
                        .clientFailureLimit(1_000_000)
                        .build(),
                1_000);

        private final CalloutLimits limits;
        private final int senders;

        Attack(CalloutLimits limits, int senders) {
            this.limits = limits;
            this.senders = senders;
        }
    }

    /**
     * Reports that it is ready, and then the result.
     *
     * @param args where Redis is, how many hosts share it, the victim's port, how many messages it gets, which attack,
     *     and this host's number
     * @throws Exception if the attack cannot be made
     */
    public static void main(String[] args) throws Exception {
        int hosts = Integer.parseInt(args[1]);
        int messages = Integer.parseInt(args[3]);
        Attack attack = Attack.valueOf(args[4]);
        try (SharedRedis redis = args[0].equals(NO_REDIS) ? null : connect(args[0], hosts);
                CalloutVerifier verifier =
                        JoeJob.host(Integer.parseInt(args[2]), attack.limits, state(redis, attack.limits))) {
            System.out.println("ready");
            if (System.in.read() >= 0) {
                // All hosts get the mail of the same senders in the same order, so that they ask at the same time.
                System.out.println(send(verifier, messages, attack, new JoeJob(Long.parseLong(args[5]))));
            }
        }
    }

    private static SharedRedis connect(String uri, int hosts) {
        return SharedRedis.connect(
                RedisSettings.of(uri).withHosts(hosts).withDeadline(Duration.ofSeconds(10)), new RedisObserver() {
                    @Override
                    public void lost(String cause) {
                        System.err.println("lost: " + cause);
                    }
                });
    }

    private static CalloutState state(@Nullable SharedRedis redis, CalloutLimits limits) {
        return redis == null
                ? InMemoryCalloutState.create(limits, MonotonicClock.system())
                : redis.calloutState(limits, MonotonicClock.system());
    }

    private static String send(CalloutVerifier verifier, int messages, Attack attack, JoeJob mail) throws Exception {
        Map<CalloutReason, Integer> answers = new EnumMap<>(CalloutReason.class);
        Semaphore underWay = new Semaphore(UNDER_WAY);
        long begun = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            underWay.acquire();
            verifier.verifyAsync(mail.message(i % attack.senders, CalloutRequest.Spf.NONE))
                    .whenComplete((result, failure) -> {
                        synchronized (answers) {
                            if (result != null) {
                                answers.merge(result.reason(), 1, Integer::sum);
                            }
                        }
                        underWay.release();
                    });
        }
        underWay.acquire(UNDER_WAY);
        return String.format("%s in %.1f s", answers, (System.nanoTime() - begun) / 1e9);
    }
}
