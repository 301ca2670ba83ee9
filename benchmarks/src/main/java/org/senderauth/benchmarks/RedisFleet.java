package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
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
import org.senderauth.testkit.RedisPeer;

/**
 * A joe-job against one domain: what its mail server is asked by one host that remembers by itself, and by four hosts,
 * each a JVM of its own, that share one Redis. {@code RedisFleet [MESSAGES]}; needs {@code redis-server}.
 */
public final class RedisFleet {

    private static final int HOSTS = 4;
    private static final int UNDER_WAY = 32;

    /** All hosts get the messages of the same senders in the same order, so that they ask at the same time. */
    private static final int MANY_SENDERS = 20_000;

    private static final int FEW_SENDERS = 1_000;

    /** No budget in the way: every address is asked about, and what is left is that each is asked about once. */
    private static final CalloutLimits WIDE = new CalloutLimits(
            Duration.ofSeconds(8),
            new Rate(Duration.ofNanos(1_000), 1_000_000),
            new Rate(Duration.ofNanos(1_000), 1_000_000),
            new Rate(Duration.ofNanos(1_000), 1_000_000),
            20,
            100,
            1_000,
            1_000_000,
            1_000_000,
            Duration.ofHours(24),
            Duration.ofDays(7),
            100_000);

    private RedisFleet() {}

    /**
     * Runs the attacks and prints a table.
     *
     * @param args how many forged messages, 100000 if it is not said; or what a host's JVM is told
     * @throws Exception if a JVM or Redis does not do as it should
     */
    public static void main(String[] args) throws Exception {
        if (args.length > 1) {
            host(args);
            return;
        }
        int messages = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("fleet");
        try (RedisVictim victim = new RedisVictim();
                RedisPeer redis = RedisPeer.start(folder)) {
            System.out.println("| budgets | hosts | messages | RCPTs at the victim | most for one address | answers |");
            System.out.println("|---|---|---|---|---|---|");
            for (String limits : List.of("default", "wide")) {
                for (int hosts : new int[] {1, HOSTS}) {
                    victim.forget();
                    redis.command("FLUSHALL");
                    RedisVictim.longThere(redis);
                    String state = hosts == 1 ? "memory" : redis.uri();
                    String answers = attack(state, hosts, victim.port(), messages / hosts, limits);
                    System.out.printf(
                            "| %s | %d | %d | %d | %d | %s |%n",
                            limits, hosts, messages, victim.asked(), victim.mostForOneAddress(), answers);
                }
            }
        }
    }

    private static String attack(String state, int hosts, int port, int messages, String limits) throws Exception {
        List<Process> jvms = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            jvms.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RedisFleet.class.getName(),
                            state,
                            Integer.toString(hosts),
                            Integer.toString(port),
                            Integer.toString(messages),
                            limits,
                            Integer.toString(i))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        List<BufferedReader> outputs = jvms.stream()
                .map(jvm -> new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8)))
                .toList();
        for (BufferedReader output : outputs) {
            output.readLine();
        }
        for (Process jvm : jvms) {
            jvm.getOutputStream().write('\n');
            jvm.getOutputStream().flush();
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            answers.add(outputs.get(i).readLine());
            if (jvms.get(i).waitFor() != 0) {
                throw new IOException(
                        "a host's JVM ended with status " + jvms.get(i).exitValue());
            }
        }
        return String.join("; ", answers);
    }

    /** One host: says that it is ready, begins when it is told to, and prints what it answered. */
    private static void host(String[] args) throws Exception {
        int hosts = Integer.parseInt(args[1]);
        CalloutLimits limits = args[4].equals("wide") ? WIDE : CalloutLimits.DEFAULT;
        int senders = args[4].equals("wide") ? FEW_SENDERS : MANY_SENDERS;
        SharedRedis redis = args[0].equals("memory")
                ? null
                : SharedRedis.connect(
                        RedisSettings.of(args[0]).withHosts(hosts).withDeadline(Duration.ofSeconds(10)),
                        new RedisObserver() {
                            @Override
                            public void lost(String cause) {
                                System.err.println("lost: " + cause);
                            }
                        });
        CalloutState state = redis == null
                ? InMemoryCalloutState.create(limits, InstantSource.system())
                : redis.calloutState(limits, InstantSource.system());
        CalloutVerifier verifier = RedisVictim.verifier(Integer.parseInt(args[2]), limits, state);
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        Map<CalloutReason, Integer> answers = new EnumMap<>(CalloutReason.class);
        Semaphore underWay = new Semaphore(UNDER_WAY);
        Random clients = new Random(Long.parseLong(args[5]));
        int messages = Integer.parseInt(args[3]);
        long begun = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            underWay.acquire();
            byte[] client = {(byte) 198, 18, (byte) clients.nextInt(256), (byte) clients.nextInt(256)};
            verifier.verify(CalloutRequest.sender("user" + i % senders + "@" + RedisVictim.DOMAIN)
                            .client(InetAddress.getByAddress(client))
                            .build())
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
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("%s in %.1f s%n", answers, seconds);
        verifier.close();
        if (redis != null) {
            redis.close();
        }
    }
}
