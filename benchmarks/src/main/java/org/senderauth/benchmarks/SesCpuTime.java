package org.senderauth.benchmarks;

/** The signatures of {@link SesBenchmark} in CPU time instead of time on the clock, beside the bare MAC, as a table. */
public final class SesCpuTime {

    private SesCpuTime() {}

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
            "the same, counted",
            "verify, forged",
            "verify, unsigned"
        };
        for (String provider : new String[] {"SunJCE", "BC"}) {
            SesBenchmark benchmark = new SesBenchmark();
            benchmark.provider = provider;
            benchmark.prepare();
            CpuTime.printRows(
                    provider,
                    works,
                    benchmark::bareMac,
                    benchmark::freshMac,
                    benchmark::sign,
                    benchmark::verify,
                    benchmark::verifyAndCount,
                    benchmark::verifyForged,
                    benchmark::verifyUnsigned);
        }
    }
}
