package org.senderauth.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The signatures of {@link SesBenchmark} in CPU time instead of wall time, next to the bare MAC, as a table. */
public final class SesCpuTime {

    private SesCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        CpuTime.printTable(SesCpuTime::works);
    }

    private static Map<String, Supplier<?>> works(String provider) {
        SesBenchmark benchmark = new SesBenchmark();
        benchmark.provider = provider;
        benchmark.prepare();
        Map<String, Supplier<?>> works = new LinkedHashMap<>();
        works.put("bare `Mac`, kept", benchmark::bareMac);
        works.put("the same, made for each message", benchmark::freshMac);
        works.put("sign", benchmark::sign);
        works.put("verify, good", benchmark::verify);
        works.put("the same, counted", benchmark::verifyAndCount);
        works.put("verify, forged", benchmark::verifyForged);
        works.put("verify, unsigned", benchmark::verifyUnsigned);
        return works;
    }
}
