package org.senderauth.benchmarks;

import java.util.Locale;

/** The checks of {@link CsvBenchmark} in CPU time instead of time on the clock, as a table. */
public final class CsvCpuTime {

    private CsvCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        CsvBenchmark benchmark = new CsvBenchmark();
        String[] outcomes = {"pass", "fail_mismatch", "fail_explicit", "unknown"};
        CpuTime.Cost[] costs =
                CpuTime.compare(benchmark::pass, benchmark::mismatch, benchmark::explicitParent, benchmark::unknown);
        System.out.println("| check | allocated | checks/s |");
        System.out.println("|---|---|---|");
        for (int i = 0; i < outcomes.length; i++) {
            System.out.printf(
                    Locale.ROOT, "| `%s` | %,.0f B | %,.0f |%n", outcomes[i], costs[i].bytes(), 1e9 / costs[i].nanos());
        }
    }
}
