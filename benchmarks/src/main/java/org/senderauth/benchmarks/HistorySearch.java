package org.senderauth.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.senderauth.server.history.HistoryDirectory;
import org.senderauth.server.history.HistoryFiles;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistoryRecord;
import org.senderauth.server.history.HistoryStore;

/**
 * Writes decisions to the files of a history and searches them for an id and for an address. Prints the sizes, the times,
 * and the memory in use after each search.
 *
 * <p>Arguments: an empty directory, the number of decisions.
 */
public final class HistorySearch {

    private static final int BATCH = 1000;
    private static final int SENDERS = 1_000_000;
    private static final long MAX_BYTES = 64L << 30;
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private HistorySearch() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the directory and the number of decisions
     * @throws IOException if the files cannot be written or read
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        AtomicLong now = new AtomicLong(START.toEpochMilli());
        InstantSource clock = () -> Instant.ofEpochMilli(now.get());
        long start = System.nanoTime();
        long bytes = 0;
        try (HistoryFiles files = HistoryFiles.open(
                directory, new HistoryFiles.Limits(Duration.ofDays(365), MAX_BYTES), clock, System.err::println)) {
            Random random = new Random(26);
            for (int i = 0; i < count; i += BATCH) {
                List<HistoryStore.Entry> entries = new ArrayList<>();
                for (int j = i; j < Math.min(count, i + BATCH); j++) {
                    HistoryRecord decision = decision(j, random, clock.instant());
                    bytes += decision.json().length() + 1;
                    entries.add(new HistoryStore.Entry(decision, null));
                }
                files.append(entries);
                now.addAndGet(200);
            }
        }
        System.out.printf("%,d decisions, %d bytes each, written in %.1f s%n", count, bytes / count, seconds(start));
        search(directory, "id", "id" + count / 3);
        search(directory, "from", "user" + SENDERS / 3 + "@example.net");
        search(directory, "client", "198.51.100.7");
    }

    private static HistoryRecord decision(int number, Random random, Instant time) throws IOException {
        byte[] client = {(byte) 198, 51, (byte) random.nextInt(200), (byte) random.nextInt(256)};
        if (number % 100_000 == 0) {
            client = new byte[] {(byte) 198, 51, 100, 7};
        }
        return new HistoryRecord(
                "id" + number,
                time,
                "reject",
                "550 5.7.23 SPF check failed",
                "spf",
                null,
                InetAddress.getByAddress(client),
                "mail.example.net",
                "user" + random.nextInt(SENDERS) + "@example.net",
                "alice@example.org",
                "4Qx1z",
                "spf-helo:none,spf:fail",
                2,
                "-all");
    }

    private static void search(Path directory, String name, String value) throws IOException {
        HistoryFilter filter = HistoryFilter.of(Map.of(name, value), InstantSource.system());
        AtomicLong found = new AtomicLong();
        long start = System.nanoTime();
        new HistoryDirectory(directory).search(filter, 100, decision -> found.incrementAndGet());
        double time = seconds(start);
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                "%s=%s: %d found in %.3f s, heap in use %d MiB%n",
                name, value, found.get(), time, (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
