package org.senderauth.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;
import org.senderauth.peers.RedisTopology;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisSettings;
import org.senderauth.redis.SharedRedis;
import org.senderauth.ses.ReplayLedger;

/**
 * Admissions a second over one connection and how long each takes, next to plain GET over one connection of the same
 * client to the same Redis in the same run; on one Redis and on a cluster of three nodes; and the bytes that an entry
 * takes. {@code RedisAdmissions [TIMES]}; needs {@code redis-server}.
 */
public final class RedisAdmissions {

    private static final int KNOWN = 10_000;
    private static final int[] UNDER_WAY = {1, 16, 128};

    private RedisAdmissions() {}

    /**
     * Measures and prints tables.
     *
     * @param args how many times each is done, 200000 if it is not said
     * @throws Exception if Redis is not there
     */
    public static void main(String[] args) throws Exception {
        int times = args.length == 0 ? 200_000 : Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("admissions");
        System.out.println("| Redis | what | under way | a second | median | 99 % | 99.9 % |");
        System.out.println("|---|---|---|---|---|---|---|");
        try (RedisPeer server = RedisPeer.start(folder)) {
            plainGet(server, times);
            long empty = usedMemory(server);
            measure("one", settings(List.of(server.uri()), false), times);
            sizes(server, empty);
        }
        List<RedisPeer> nodes = RedisTopology.cluster(folder, 3);
        try {
            measure("cluster of three", settings(List.of(nodes.get(0).uri()), true), times);
        } finally {
            nodes.forEach(RedisPeer::close);
        }
    }

    private static RedisSettings settings(List<String> uris, boolean cluster) {
        return RedisSettings.builder()
                .uris(uris)
                .cluster(cluster)
                .deadline(Duration.ofSeconds(5))
                .build();
    }

    private static void plainGet(RedisPeer server, int times) throws InterruptedException {
        server.command("SET", "plain", "x".repeat(100));
        RedisClient client = RedisClient.create(server.uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisAsyncCommands<String, String> commands = connection.async();
            for (int underWay : UNDER_WAY) {
                run("one", "GET", underWay, times, i -> commands.get("plain"));
            }
        } finally {
            client.shutdown();
        }
    }

    private static void measure(String name, RedisSettings settings, int times) throws InterruptedException {
        try (SharedRedis redis = SharedRedis.connect(settings, new RedisObserver() {
            @Override
            public void lost(String cause) {
                throw new IllegalStateException(cause);
            }
        })) {
            CalloutState state = redis.calloutState(CalloutLimits.DEFAULT, MonotonicClock.system());
            for (int i = 0; i < KNOWN; i++) {
                AdmissionRequest question = question("user@known" + i + ".example");
                state.apply(lesson(question, i));
            }
            ReplayLedger ledger = redis.replayLedger(InstantSource.system());
            Instant end = Instant.now().plus(Duration.ofHours(1));
            for (int underWay : UNDER_WAY) {
                run(
                        name,
                        "admission, answer known",
                        underWay,
                        times,
                        i -> expect(
                                state.admit(question("user@known" + i % KNOWN + ".example")), Admission.Known.class));
                // Most are rate-limited in a new Redis: the cost of a joe-job's messages once its domain's limit is
                // used up.
                run(
                        name,
                        "admission, rate-limited",
                        underWay,
                        times,
                        i -> expect(state.admit(question("user" + i + "@forged.example")), Admission.Limited.class));
                run(name, "count of a signature", underWay, times, i -> ledger.increment("b:" + i % KNOWN, end));
            }
        }
    }

    private static CompletionStage<Admission> expect(CompletionStage<Admission> answer, Class<?> kind) {
        return answer.thenApply(admission -> {
            if (!kind.isInstance(admission)) {
                throw new IllegalStateException("not " + kind.getSimpleName() + " but " + admission);
            }
            return admission;
        });
    }

    private static void run(String redis, String what, int underWay, int times, IntFunction<CompletionStage<?>> action)
            throws InterruptedException {
        int rounds = underWay == 1 ? times / 10 : times;
        time(underWay, Math.min(rounds, 20_000), action);
        long begun = System.nanoTime();
        long[] nanos = time(underWay, rounds, action);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "| %s | %s | %d | %,.0f | %.2f ms | %.2f ms | %.2f ms |%n",
                redis,
                what,
                underWay,
                rounds / seconds,
                nanos[rounds / 2] / 1e6,
                nanos[(int) (rounds * 0.99)] / 1e6,
                nanos[(int) (rounds * 0.999)] / 1e6);
    }

    private static long[] time(int underWay, int rounds, IntFunction<CompletionStage<?>> action)
            throws InterruptedException {
        long[] nanos = new long[rounds];
        Semaphore room = new Semaphore(underWay);
        CountDownLatch left = new CountDownLatch(rounds);
        for (int i = 0; i < rounds; i++) {
            room.acquire();
            int number = i;
            long begun = System.nanoTime();
            action.apply(i).whenComplete((answer, failure) -> {
                nanos[number] = System.nanoTime() - begun;
                if (failure != null) {
                    failure.printStackTrace();
                }
                room.release();
                left.countDown();
            });
        }
        left.await();
        return nanos;
    }

    private static AdmissionRequest question(String address) {
        String domain = address.substring(address.indexOf('@') + 1);
        return new AdmissionRequest(
                "s:" + address, null, null, "s:" + domain, "s:" + domain, "192.0.2.1", false, 1, true);
    }

    private static StateUpdate lesson(AdmissionRequest question, int number) {
        Instant now = Instant.now();
        Instant later = now.plus(Duration.ofDays(7));
        AddressEntry record = new AddressEntry(
                CalloutReason.ACCEPTED,
                new TargetReply(250, "2.1.5", "Recipient <user" + number + "@example.org> OK"),
                now,
                now.plus(Duration.ofDays(1)),
                later,
                later,
                0);
        DomainEntry facts = new DomainEntry(null, ProbeReport.TriState.NO, later);
        ProbePermit grant = new ProbePermit(question, "none", null, null, DomainEntry.NONE, false);
        return new StateUpdate(
                grant,
                Map.of(question.address(), record),
                facts,
                Map.of(),
                Map.of(),
                StateUpdate.Tally.GOOD,
                false,
                null);
    }

    /** The memory of the entries of the runs above, as reported by Redis. */
    private static void sizes(RedisPeer server, long empty) {
        System.out.println();
        System.out.println("| entry | how many | bytes each |");
        System.out.println("|---|---|---|");
        for (Map.Entry<String, String> kind : Map.of(
                        "address", "a", "domain's facts", "d", "domain's limit", "b", "count of a signature", "s")
                .entrySet()) {
            String[] keys = server.command("KEYS", RedisSettings.DEFAULT_PREFIX + ":*}:" + kind.getValue() + ":*")
                    .split("\n");
            long bytes = 0;
            int sample = Math.min(keys.length, 1_000);
            for (int i = 0; i < sample; i++) {
                bytes += Long.parseLong(server.command("MEMORY", "USAGE", keys[i]));
            }
            System.out.printf("| %s | %d | %d |%n", kind.getKey(), keys.length, bytes / sample);
        }
        long all = Long.parseLong(server.command("DBSIZE"));
        System.out.printf(
                "| a key on the average, by used_memory | %d | %d |%n", all, (usedMemory(server) - empty) / all);
        System.out.println();
    }

    private static long usedMemory(RedisPeer server) {
        return server.command("INFO", "memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
