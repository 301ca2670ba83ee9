package org.senderauth.server.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Damaged files of a history: a file of decisions and an index that need not belong together, the latter after the first
 * octet 0. A search finds what it can, and a service that opens them starts.
 */
public final class HistoryFilesFuzz {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final List<Map<String, String>> FILTERS = List.of(
            Map.of(),
            Map.of("id", "4kx8q2m7v9z"),
            Map.of("from", "example.org"),
            Map.of("client", "192.0.2.1", "since", "9w"));

    private static final HistoryFiles.Limits LIMITS = new HistoryFiles.Limits(Duration.ofDays(14), 1 << 30);

    private HistoryFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        byte[] lines = Arrays.copyOf(data, end);
        byte[] index = Arrays.copyOfRange(data, Math.min(data.length, end + 1), data.length);
        try {
            Path directory = Files.createTempDirectory("fuzz");
            Segment segment = new Segment(directory, 1);
            try {
                Files.write(segment.records(), lines);
                Files.write(segment.traces(), lines);
                search(directory);
                Files.write(segment.recordsIndex(), index);
                Files.write(segment.tracesIndex(), index);
                search(directory);
                Files.delete(segment.recordsIndex());
                HistoryFiles.open(directory, LIMITS, CLOCK, problem -> {}).close();
                search(directory);
            } finally {
                segment.delete();
                Files.deleteIfExists(directory.resolve("lock"));
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void search(Path directory) throws IOException {
        HistoryDirectory history = new HistoryDirectory(directory);
        for (Map<String, String> filter : FILTERS) {
            history.search(HistoryFilter.of(filter, CLOCK), 10, decision -> {});
        }
        history.find("4kx8q2m7v9z");
        history.follow(history.end(), HistoryFilter.of(Map.of(), CLOCK), decision -> {});
    }
}
