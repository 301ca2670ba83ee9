package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The CPU time of a check in programs that read a line for each check and print a line with its result: ours and other
 * verifiers. {@code spf-peers.sh --speed} gives them a network of their own with a name server for {@code example.org}.
 */
public final class SpfPeerSpeed {

    private static final int BATCH = 10;
    // Of each line, as spf-peers.sh sets it.
    private static final int REPEAT = Integer.parseInt(System.getenv().getOrDefault("REPEAT", "1"));
    private static final int ROUNDS = 5;
    // In CPU time, like all here: what else runs on the machine does not count. A verifier that mostly waits ends
    // earlier.
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int WAITING = 4;

    private record Shape(String name, String line, String expected) {}

    private static final List<Shape> SHAPES = List.of(
            new Shape("direct: `ip4` first", "mfrom\tuser@direct.example.org\t192.0.2.1\tmail.example.org", "pass"),
            new Shape(
                    "chain: four includes, the last of 15 `ip4` matches",
                    "mfrom\tuser@chain.example.org\t203.0.113.15\tmail.example.org",
                    "pass"),
            new Shape("macro: `exists:%{ir}`", "mfrom\tuser@macro.example.org\t192.0.2.1\tmail.example.org", "pass"));

    private SpfPeerSpeed() {}

    /**
     * Prints the table.
     *
     * @param arguments {@code NAME=PROGRAM} for each verifier; the first is the one that the others are compared with
     * @throws IOException if a program cannot be started or ends
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, List<String>> cells = new LinkedHashMap<>();
        StringBuilder head = new StringBuilder("| microseconds of CPU time for a check |");
        Map<String, Double> first = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            head.append(' ').append(argument, 0, equals).append(" |");
            Process process = new ProcessBuilder(argument.substring(equals + 1))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader results = process.inputReader(StandardCharsets.UTF_8)) {
                for (Shape shape : SHAPES) {
                    String cell;
                    try {
                        double micros = micros(process, results, shape);
                        double base = first.computeIfAbsent(shape.name(), absent -> micros);
                        cell = String.format(Locale.ROOT, "%.1f (%.1fx)", micros, micros / base);
                    } catch (WrongResultException e) {
                        cell = "wrong: " + e.getMessage();
                    }
                    cells.computeIfAbsent(shape.name(), absent -> new ArrayList<>())
                            .add(cell);
                }
            } finally {
                process.destroy();
            }
        }
        System.out.println(head);
        System.out.println("|---|" + "---:|".repeat(arguments.length));
        cells.forEach((name, row) -> System.out.println("| " + name + " | " + String.join(" | ", row) + " |"));
    }

    /** A verifier whose result is wrong has no speed. */
    private static final class WrongResultException extends Exception {

        private static final long serialVersionUID = 1L;

        WrongResultException(String result) {
            super(result);
        }
    }

    // The median of some rounds.
    private static double micros(Process process, BufferedReader results, Shape shape)
            throws IOException, WrongResultException {
        run(process, results, shape, WARM_UP);
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Duration before = cpu(process);
            int checks = run(process, results, shape, ROUND);
            rounds[round] = cpu(process).minus(before).toNanos() / 1e3 / checks;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static int run(Process process, BufferedReader results, Shape shape, Duration time)
            throws IOException, WrongResultException {
        byte[] batch = (shape.line() + "\n").repeat(BATCH).getBytes(StandardCharsets.UTF_8);
        OutputStream out = process.getOutputStream();
        int checks = 0;
        Duration end = cpu(process).plus(time);
        long latest = System.nanoTime() + WAITING * time.toNanos();
        for (; cpu(process).compareTo(end) < 0 && System.nanoTime() < latest; checks += BATCH * REPEAT) {
            // Smaller than the buffer of a pipe, so that neither side waits for the other.
            out.write(batch);
            out.flush();
            String wrong = "";
            for (int i = 0; i < BATCH; i++) {
                String result = results.readLine();
                if (result == null) {
                    throw new IOException("a verifier ended");
                }
                wrong = result.equals(shape.expected()) ? wrong : result + " ";
            }
            if (!wrong.isEmpty()) {
                throw new WrongResultException(wrong.strip());
            }
        }
        return checks;
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }
}
