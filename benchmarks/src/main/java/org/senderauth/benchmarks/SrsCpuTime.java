package org.senderauth.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The work of {@link SrsBenchmark} in CPU time instead of time on the clock, against the bare MAC, as a table. */
public final class SrsCpuTime {

    private SrsCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        CpuTime.printTable(SrsCpuTime::works);
    }

    private static Map<String, Supplier<?>> works(String provider) {
        SrsBenchmark benchmark = new SrsBenchmark();
        benchmark.provider = provider;
        benchmark.prepare();
        Map<String, Supplier<?>> works = new LinkedHashMap<>();
        works.put("bare `Mac`, kept", benchmark::bareMac);
        works.put("the same, made for each message", benchmark::freshMac);
        works.put("forward", benchmark::forward);
        works.put("reverse, valid", benchmark::reverse);
        works.put("reverse, forged", benchmark::reverseForged);
        works.put("reverse, not SRS", benchmark::reverseOrdinary);
        return works;
    }
}
