package org.senderauth.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.james.jspf.impl.SPF;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

/**
 * The time that a check waits where each DNS answer takes 20 ms: against the number of includes side by side, and against
 * their depth, with and without prefetching, next to jSPF. Prints a Markdown table; an argument names the SVG to write.
 */
public final class SpfLatency {

    private static final long ANSWER_MILLIS = 20;
    private static final int RUNS = 9;
    private static final int MOST = 9;
    private static final String CLIENT = "192.0.2.75";

    private SpfLatency() {}

    /**
     * Measures, prints and draws.
     *
     * @param arguments the SVG file to write, if any
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        double[][] wide = new double[MOST + 1][];
        double[][] deep = new double[MOST + 1][];
        for (int includes = 1; includes <= MOST; includes++) {
            wide[includes] = measure(sideBySide(includes), timer);
            deep[includes] = measure(nested(includes), timer);
        }
        timer.shutdownNow();
        print(System.out, wide, deep);
        if (arguments.length > 0) {
            Files.writeString(Path.of(arguments[0]), new SpfLatencyPlot(wide, deep).svg());
        }
    }

    private static void print(PrintStream out, double[][] wide, double[][] deep) {
        out.println(
                "| includes | side by side: senderauth | without asking ahead | jSPF | nested: senderauth | jSPF |");
        out.println("|---|---|---|---|---|---|");
        for (int includes = 1; includes <= MOST; includes++) {
            double[] w = wide[includes];
            double[] d = deep[includes];
            out.printf(
                    "| %d | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.0f ms |%n",
                    includes, w[0], w[1], w[2], d[0], d[2]);
        }
    }

    /** Medians in milliseconds: senderauth, the same without asking ahead, jSPF. */
    private static double[] measure(Map<String, String> texts, ScheduledExecutorService timer) throws IOException {
        StringBuilder master = new StringBuilder("$TTL 3600\n");
        texts.forEach((name, text) ->
                master.append(name).append(". TXT \"").append(text).append("\"\n"));
        DnsClient slow = slow(ZoneDnsClient.builder().text(master.toString()).build(), timer);
        SpfVerifier ahead = SpfVerifier.builder().dns(slow).build();
        SpfVerifier inTurn = SpfVerifier.builder().dns(slow).prefetch(false).build();
        SPF jspf = JspfPeer.over(texts, "", sleep(), ANSWER_MILLIS);
        SpfQuery query = SpfQuery.mailFrom(InetAddress.getByName(CLIENT), "user@root.example", "mail.example.net");
        return new double[] {
            median(() -> require(ahead.verify(query).verdict() == SpfVerdict.PASS)),
            median(() -> require(inTurn.verify(query).verdict() == SpfVerdict.PASS)),
            median(() -> require(jspf.checkSPF(CLIENT, "user@root.example", "mail.example.net")
                    .getResult()
                    .equals("pass")))
        };
    }

    private static Map<String, String> sideBySide(int includes) {
        Map<String, String> texts = new TreeMap<>();
        List<String> terms = new ArrayList<>();
        for (int i = 1; i <= includes; i++) {
            terms.add("include:i" + i + ".example");
            texts.put(
                    "i" + i + ".example", i == includes ? "v=spf1 ip4:192.0.2.0/24 -all" : "v=spf1 ip4:10.0.0.1 -all");
        }
        texts.put("root.example", "v=spf1 " + String.join(" ", terms) + " -all");
        return texts;
    }

    private static Map<String, String> nested(int depth) {
        Map<String, String> texts = new TreeMap<>();
        texts.put("root.example", "v=spf1 include:n1.example -all");
        for (int i = 1; i <= depth; i++) {
            texts.put(
                    "n" + i + ".example",
                    i == depth ? "v=spf1 ip4:192.0.2.0/24 -all" : "v=spf1 include:n" + (i + 1) + ".example -all");
        }
        return texts;
    }

    private static DnsClient slow(DnsClient zone, ScheduledExecutorService timer) {
        return (name, type) -> {
            CompletableFuture<DnsAnswer> late = new CompletableFuture<>();
            timer.schedule(
                    () -> zone.query(name, type).thenAccept(late::complete), ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            return late;
        };
    }

    private static LongConsumer sleep() {
        return millis -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static double median(Runnable check) {
        check.run();
        double[] millis = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            check.run();
            millis[run] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return millis[RUNS / 2];
    }

    private static void require(boolean right) {
        if (!right) {
            throw new IllegalStateException("a check gave a wrong verdict");
        }
    }
}
