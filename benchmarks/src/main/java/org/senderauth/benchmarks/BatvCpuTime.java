package org.senderauth.benchmarks;

import java.security.GeneralSecurityException;
import java.util.Locale;

/** The tags of {@link BatvBenchmark} in CPU time instead of time on the clock, beside the bare MAC, as a table. */
public final class BatvCpuTime {

    private BatvCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     * @throws GeneralSecurityException never
     */
    public static void main(String[] arguments) throws GeneralSecurityException {
        System.out.println("| provider | work | CPU time | beside the bare MAC | allocated |");
        System.out.println("|---|---|---|---|---|");
        String[] works = {"bare `Mac`", "sign", "verify, good", "verify, forged", "verify, no tag"};
        for (String provider : new String[] {"SunJCE", "BC"}) {
            BatvBenchmark benchmark = new BatvBenchmark();
            benchmark.provider = provider;
            benchmark.prepare();
            CpuTime.Cost[] costs = CpuTime.compare(
                    benchmark::bareMac,
                    benchmark::sign,
                    benchmark::verify,
                    benchmark::verifyForged,
                    benchmark::verifyUntagged);
            for (int i = 0; i < works.length; i++) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %,.0f ns | %.2f | %,.0f B |%n",
                        provider,
                        works[i],
                        costs[i].nanos(),
                        costs[i].nanos() / costs[0].nanos(),
                        costs[i].octets());
            }
        }
    }
}
