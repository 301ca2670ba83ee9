package org.senderauth.benchmarks;

import java.net.UnknownHostException;
import java.util.Locale;

/**
 * The checks of {@link SpfBenchmark} in a second of the thread's CPU time instead of a second on the clock, so that what
 * else runs on the machine does not count; ours and the peer's rounds take turns. Prints the medians.
 */
public final class SpfCpuTime {

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
            CpuTime.Cost[] costs = CpuTime.compare(benchmark::senderauth, benchmark::jspf);
            double own = 1e9 / costs[0].nanos();
            double peer = 1e9 / costs[1].nanos();
            System.out.printf(Locale.ROOT, "| %s | %,.0f | %,.0f | %.1f |%n", shape, own, peer, own / peer);
        }
    }
}
