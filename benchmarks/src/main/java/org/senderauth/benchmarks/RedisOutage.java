package org.senderauth.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisSettings;
import org.senderauth.redis.SharedRedis;

/**
 * Four hosts under a joe-job while their Redis is killed, started again empty, and paused: what the victim is asked
 * next to what its rate limit allows, and how long results take. {@code RedisOutage FILE.svg [SECONDS]}; needs {@code
 * redis-server}.
 */
public final class RedisOutage {

    private static final int HOSTS = 4;
    private static final int MESSAGES_A_SECOND = 200;

    /** A quarter of a second for each point of the plot. */
    private static final int SLOTS_A_SECOND = 4;

    /** A rate limit that refills fast enough to be seen, and no other rule that stops probes. */
    private static final CalloutLimits LIMITS = CalloutLimits.builder()
            .domainRate(new Rate(Duration.ofMillis(500), 40))
            .hostRate(new Rate(Duration.ofMillis(20), 500))
            .overall(new Rate(Duration.ofMillis(20), 500))
            .probesPerDomain(8)
            .probesPerHost(20)
            .maxConcurrentProbes(1_000)
            .forgeryThreshold(1_000_000)
            .clientFailureLimit(1_000_000)
            .build();

    private RedisOutage() {}

    /**
     * Runs the timeline, prints what was seen and writes the plot.
     *
     * @param args the file of the plot, and how long it takes, 60 s if it is not said
     * @throws Exception if Redis does not do as it should
     */
    public static void main(String[] args) throws Exception {
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        int slots = seconds * SLOTS_A_SECOND;
        double[] slowest = new double[slots];
        int[] asked = new int[slots];
        boolean[] away = new boolean[slots];
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger answers = new AtomicInteger();
        Path folder = Files.createTempDirectory("outage");
        List<SharedRedis> links = new ArrayList<>();
        List<CalloutVerifier> hosts = new ArrayList<>();
        try (ScriptedVictim victim = new ScriptedVictim();
                RedisPeer redis = RedisPeer.start(folder)) {
            for (int i = 0; i < HOSTS; i++) {
                SharedRedis link =
                        SharedRedis.connect(RedisSettings.of(redis.uri()).withHosts(HOSTS), RedisObserver.NONE);
                links.add(link);
                hosts.add(JoeJob.host(victim.port(), LIMITS, link.calloutState(LIMITS, MonotonicClock.system())));
            }
            JoeJob.longThere(redis);
            List<CompletableFuture<Void>> steps = List.of(
                    later(seconds * 0.25, redis::kill),
                    later(seconds * 0.45, redis::restart),
                    later(seconds * 0.60, redis::pause),
                    later(seconds * 0.80, redis::resume));
            JoeJob mail = new JoeJob(1);
            long begun = System.nanoTime();
            for (int i = 0; i < seconds * MESSAGES_A_SECOND; i++) {
                long due = begun + i * 1_000_000_000L / MESSAGES_A_SECOND;
                LockSupport.parkNanos(due - System.nanoTime());
                int slot = Math.min(slots - 1, i * SLOTS_A_SECOND / MESSAGES_A_SECOND);
                asked[slot] = asked(victim);
                away[slot] |= !links.get(0).isAvailable();
                long sent = System.nanoTime();
                hosts.get(i % HOSTS)
                        .verifyAsync(mail.message(i, CalloutRequest.Spf.PASS))
                        .whenComplete((result, failure) -> {
                            double millis = (System.nanoTime() - sent) / 1e6;
                            synchronized (slowest) {
                                slowest[slot] = Math.max(slowest[slot], millis);
                            }
                            // The victim has no mailboxes: a sender is either probed or undecided.
                            boolean right = result != null
                                    && (result.reason().verdict() == CalloutVerdict.UNDELIVERABLE
                                            || result.reason().verdict() == CalloutVerdict.UNDECIDED);
                            wrong.addAndGet(right ? 0 : 1);
                            answers.incrementAndGet();
                        });
            }
            steps.forEach(CompletableFuture::join);
            long end = System.nanoTime() + LIMITS.responseTimeout().toNanos();
            while (answers.get() < seconds * MESSAGES_A_SECOND && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            double budget = LIMITS.domainRate().burst()
                    + seconds / (LIMITS.domainRate().interval().toMillis() / 1e3);
            double most = 0;
            for (double millis : slowest) {
                most = Math.max(most, millis);
            }
            System.out.printf(
                    "%d messages, %d answers, %d wrong; RCPTs at the victim %d, its limit %.0f, most for one address %d;"
                            + " slowest answer %.0f ms, deadline %d ms%n",
                    seconds * MESSAGES_A_SECOND,
                    answers.get(),
                    wrong.get(),
                    asked(victim),
                    budget,
                    Collections.max(victim.recipients().values()),
                    most,
                    RedisSettings.DEFAULT_DEADLINE.toMillis());
            plot(Path.of(args[0]), seconds, slowest, asked, away);
        } finally {
            hosts.forEach(CalloutVerifier::close);
            links.forEach(SharedRedis::close);
        }
    }

    private static int asked(ScriptedVictim victim) {
        return victim.recipients().values().stream().mapToInt(Integer::intValue).sum();
    }

    private static CompletableFuture<Void> later(double seconds, Runnable step) {
        return CompletableFuture.runAsync(
                step,
                CompletableFuture.delayedExecutor(
                        (long) (seconds * 1e3), TimeUnit.MILLISECONDS, task -> new Thread(task).start()));
    }

    private static void plot(Path file, int seconds, double[] slowest, int[] asked, boolean[] away) throws IOException {
        TimelinePlot plot = new TimelinePlot(seconds, away);
        double interval = LIMITS.domainRate().interval().toMillis() / 1e3;
        double[] rcpts = new double[asked.length];
        double[] budget = new double[asked.length];
        for (int i = 0; i < asked.length; i++) {
            rcpts[i] = asked[i];
            budget[i] = LIMITS.domainRate().burst() + i / (double) SLOTS_A_SECOND / interval;
        }
        plot.panel("RCPTs at the victim, in all", 200);
        plot.line("what the rate limit allows", "#8a6d00", budget);
        plot.line("RCPTs", "#0a7d4f", rcpts);
        plot.panel("slowest answer in ms, of each quarter of a second", 500);
        plot.line("answer", "#b3261e", slowest);
        plot.mark(0.25, "SIGKILL");
        plot.mark(0.45, "started empty");
        plot.mark(0.60, "SIGSTOP");
        plot.mark(0.80, "SIGCONT");
        Files.writeString(file, plot.svg());
    }
}
