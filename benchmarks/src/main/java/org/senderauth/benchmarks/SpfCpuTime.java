package org.senderauth.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The checks of {@link SpfBenchmark} in a second of the thread's CPU time instead of a second on the clock, so that what
 * else runs on the machine does not count; ours and the peer's rounds take turns. Prints the medians.
 */
public final class SpfCpuTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 5;

    private static volatile Object sink = "";

    private SpfCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     * @throws UnknownHostException never
     */
    public static void main(String[] arguments) throws UnknownHostException {
        System.out.println("| records | senderauth | jSPF 1.0.5 | ratio |");
        System.out.println("|---|---|---|---|");
        for (String shape : new String[] {"direct", "chain", "macro"}) {
            SpfBenchmark benchmark = new SpfBenchmark();
            benchmark.shape = shape;
            benchmark.ask();
            double[] ours = new double[ROUNDS];
            double[] theirs = new double[ROUNDS];
            for (int round = -WARM_UPS; round < ROUNDS; round++) {
                double own = checksASecond(benchmark::senderauth);
                double peer = checksASecond(benchmark::jspf);
                if (round >= 0) {
                    ours[round] = own;
                    theirs[round] = peer;
                }
            }
            double own = median(ours);
            double peer = median(theirs);
            System.out.printf(Locale.ROOT, "| %s | %,.0f | %,.0f | %.1f |%n", shape, own, peer, own / peer);
        }
    }

    private static double checksASecond(Supplier<Object> check) {
        long start = THREADS.getCurrentThreadCpuTime();
        long spent;
        int checks = 0;
        do {
            for (int i = 0; i < 100; i++) {
                sink = check.get();
            }
            checks += 100;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        } while (spent < ROUND_NANOS);
        return checks * 1e9 / spent;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
