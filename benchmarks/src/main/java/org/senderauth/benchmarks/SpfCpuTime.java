package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.senderauth.benchmarks.CpuTime.Cost;

/**
 * The checks of {@link SpfBenchmark} in a second of the thread's CPU time instead of a second on the clock, so that what
 * else runs on the machine does not count; the rounds of senderauth, jSPF and libspf2 take turns. Prints the medians.
 */
public final class SpfCpuTime {

    private SpfCpuTime() {}

    /**
     * Measures one shape and prints a row of a Markdown table.
     *
     * @param arguments the shape; and the program of {@code spf.sh} that calls libspf2, without which it is left out
     * @throws IOException if that program fails
     */
    public static void main(String[] arguments) throws IOException {
        String shape = arguments[0];
        SpfBenchmark benchmark = new SpfBenchmark();
        benchmark.shape = shape;
        benchmark.ask();
        List<Supplier<Cost>> works = new ArrayList<>(
                List.of(() -> CpuTime.round(benchmark::senderauth), () -> CpuTime.round(benchmark::jspf)));
        Process libspf2 = arguments.length == 1 ? null : new ProcessBuilder(arguments[1]).start();
        if (libspf2 != null) {
            works.add(libspf2(libspf2, shape));
        }
        Cost[] costs = CpuTime.compareRounds(works);
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "| %s | %s", shape, rate(costs[0])));
        for (int peer = 1; peer < 3; peer++) {
            row.append(
                    peer < costs.length
                            ? String.format(
                                    Locale.ROOT,
                                    " | %s | %.1f",
                                    rate(costs[peer]),
                                    costs[peer].nanos() / costs[0].nanos())
                            : " | | ");
        }
        System.out.println(row + " |");
        if (libspf2 != null) {
            libspf2.getOutputStream().close();
        }
    }

    private static String rate(Cost cost) {
        return String.format(Locale.ROOT, "%,.0f", 1e9 / cost.nanos());
    }

    // Sends the zone; then each line with a sender is one round, whose answer is the CPU time of a check in
    // nanoseconds.
    private static Supplier<Cost> libspf2(Process program, String shape) throws IOException {
        BufferedReader in = program.inputReader(StandardCharsets.US_ASCII);
        Writer out = new OutputStreamWriter(program.getOutputStream(), StandardCharsets.US_ASCII);
        SpfScenarios.TEXTS.forEach((name, text) -> send(out, name + "\tTXT\t" + text + "\n"));
        send(out, SpfScenarios.EXISTS_NAME + "\tA\t127.0.0.2\n.\n");
        String round = SpfScenarios.SENDERS.get(shape) + "\t" + SpfScenarios.CLIENT + "\t" + SpfScenarios.HELO + "\n";
        return () -> {
            send(out, round);
            try {
                return new Cost(Double.parseDouble(String.valueOf(in.readLine())), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void send(Writer out, String line) {
        try {
            out.write(line);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
