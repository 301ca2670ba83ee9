package org.senderauth.benchmarks;

import java.security.GeneralSecurityException;

/** The signatures of {@link SesBenchmark} in CPU time instead of time on the clock, beside the bare MAC, as a table. */
public final class SesCpuTime {

    private SesCpuTime() {}

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
                    () -> fresh(benchmark),
                    benchmark::sign,
                    benchmark::verify,
                    benchmark::verifyAndCount,
                    benchmark::verifyForged,
                    benchmark::verifyUnsigned);
        }
    }

    private static byte[] fresh(SesBenchmark benchmark) {
        try {
            return benchmark.freshMac();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
