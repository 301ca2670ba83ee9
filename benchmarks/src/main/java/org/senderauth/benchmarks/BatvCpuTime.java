package org.senderauth.benchmarks;

/** The tags of {@link BatvBenchmark} in CPU time instead of time on the clock, beside the bare MAC, as a table. */
public final class BatvCpuTime {

    private BatvCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        CpuTime.printHead();
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
                    benchmark::freshMac,
                    benchmark::sign,
                    benchmark::verify,
                    benchmark::verifyForged,
                    benchmark::verifyUntagged);
        }
    }
}
