package org.senderauth.benchmarks;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisSettings;
import org.senderauth.redis.SharedRedis;

/** One host of {@link RedisFleet}, in a JVM of its own: begins when it is told to, and prints what it answered. */
public final class RedisFleetHost {

    /** What is told for a host that remembers by itself. */
    static final String NO_REDIS = "memory";

    private static final int UNDER_WAY = 32;
    private static final Rate NO_LIMIT = new Rate(Duration.ofNanos(1_000), 1_000_000);

    private RedisFleetHost() {}

    /** Which budgets a host has, and how many senders its mail. */
    enum Attack {
        /** The usual budgets. */
        DEFAULT(CalloutLimits.DEFAULT, 20_000),

        /** No budget in the way: every address is asked about, and what is left is that each is asked about once. */
        WIDE(
                CalloutLimits.DEFAULT
                        .withRates(NO_LIMIT, NO_LIMIT, NO_LIMIT)
                        .withProbes(1_000, 1_000, 1_000)
                        .withForgeries(1_000_000, 1_000_000),
                1_000);

        private final CalloutLimits limits;
        private final int senders;

        Attack(CalloutLimits limits, int senders) {
            this.limits = limits;
            this.senders = senders;
        }
    }

    /**
     * Says that it is ready, and then how it went.
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
                ? InMemoryCalloutState.create(limits, InstantSource.system())
                : redis.calloutState(limits, InstantSource.system());
    }

    private static String send(CalloutVerifier verifier, int messages, Attack attack, JoeJob mail) throws Exception {
        Map<CalloutReason, Integer> answers = new EnumMap<>(CalloutReason.class);
        Semaphore underWay = new Semaphore(UNDER_WAY);
        long begun = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            underWay.acquire();
            verifier.verify(mail.message(i % attack.senders, CalloutRequest.Spf.NONE))
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
