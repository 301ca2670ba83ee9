package org.senderauth.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The tags of {@link BatvBenchmark} in CPU time instead of wall time, next to the bare MAC, as a table. */
public final class BatvCpuTime {

    private BatvCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        CpuTime.printTable(BatvCpuTime::works);
    }

    private static Map<String, Supplier<?>> works(String provider) {
        BatvBenchmark benchmark = new BatvBenchmark();
        benchmark.provider = provider;
        benchmark.prepare();
        Map<String, Supplier<?>> works = new LinkedHashMap<>();
        works.put("bare `Mac`, kept", benchmark::bareMac);
        works.put("the same, made for each message", benchmark::freshMac);
        works.put("sign", benchmark::sign);
        works.put("verify, good", benchmark::verify);
        works.put("verify, forged", benchmark::verifyForged);
        works.put("verify, no tag", benchmark::verifyUntagged);
        return works;
    }
}
