package org.senderauth.benchmarks;

import java.security.GeneralSecurityException;

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
        String[] works = {
            "bare `Mac`, kept",
            "the same, made for each message",
            "sign",
            "verify, good",
            "verify, forged",
            "verify, no tag"
        };
        for (String provider : new String[] {"SunJCE", "BC"}) {
            BatvBenchmark benchmark = new BatvBenchmark();
            benchmark.provider = provider;
            benchmark.prepare();
            CpuTime.printRows(
                    provider,
                    works,
                    benchmark::bareMac,
                    () -> fresh(benchmark),
                    benchmark::sign,
                    benchmark::verify,
                    benchmark::verifyForged,
                    benchmark::verifyUntagged);
        }
    }

    private static byte[] fresh(BatvBenchmark benchmark) {
        try {
            return benchmark.freshMac();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
