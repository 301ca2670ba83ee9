package org.senderauth.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Measures work by the CPU time of the thread that does it, so that what else runs on the machine counts as little as can
 * be. What is compared takes turns, round by round.
 */
final class CpuTime {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 9;
    private static final int CALLS_BETWEEN_LOOKS = 100;

    private static volatile Object sink = "";

    private CpuTime() {}

    /**
     * The cost of one call.
     *
     * @param nanos CPU time, the median of the rounds
     * @param bytes allocated, the median of the rounds
     */
    record Cost(double nanos, double bytes) {}

    /** The cost of each piece of work, in their order. */
    static Cost[] compare(Supplier<?>... works) {
        return compareRounds(Arrays.stream(works)
                .<Supplier<Cost>>map(work -> () -> round(work))
                .toList());
    }

    /** The cost of each piece of work, in their order: each of them measures one round, in a process of its own perhaps. */
    static Cost[] compareRounds(List<Supplier<Cost>> works) {
        Cost[][] rounds = new Cost[works.size()][ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (int work = 0; work < works.size(); work++) {
                Cost cost = works.get(work).get();
                if (round >= 0) {
                    rounds[work][round] = cost;
                }
            }
        }
        return Arrays.stream(rounds)
                .map(costs -> new Cost(
                        median(Arrays.stream(costs).mapToDouble(Cost::nanos).toArray()),
                        median(Arrays.stream(costs).mapToDouble(Cost::bytes).toArray())))
                .toArray(Cost[]::new);
    }

    /**
     * Prints a Markdown table of what works cost with the JDK's and with Bouncy Castle's cryptography, each next to the
     * first of its provider.
     *
     * @param worksOf the works with a provider, in their order and by their names
     */
    static void printTable(Function<String, Map<String, Supplier<?>>> worksOf) {
        System.out.println("| provider | work | CPU time | next to the first | allocated |");
        System.out.println("|---|---|---|---|---|");
        for (String provider : List.of("SunJCE", "BC")) {
            Map<String, Supplier<?>> works = worksOf.apply(provider);
            Cost[] costs = compare(works.values().toArray(new Supplier<?>[0]));
            int row = 0;
            for (String name : works.keySet()) {
                Cost cost = costs[row++];
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %,.0f ns | %.2f | %,.0f B |%n",
                        provider,
                        name,
                        cost.nanos(),
                        cost.nanos() / costs[0].nanos(),
                        cost.bytes());
            }
        }
    }

    /** Measures one round of a piece of work in this thread. */
    static Cost round(Supplier<?> work) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        long spent;
        long calls = 0;
        do {
            for (int i = 0; i < CALLS_BETWEEN_LOOKS; i++) {
                sink = work.get();
            }
            calls += CALLS_BETWEEN_LOOKS;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        } while (spent < ROUND_NANOS);
        double allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        return new Cost((double) spent / calls, allocated / calls);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
