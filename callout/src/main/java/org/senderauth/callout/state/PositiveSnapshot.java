package org.senderauth.callout.state;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * The snapshot of a state on disk: the addresses that are known to be good, one a line, since those are what genuine
 * mail depends on after a restart. Refusals are not kept: they are asked again. In the file times are dates; in memory
 * they are instants of the state's clock, which differs from the wall clock by this time.
 */
final class PositiveSnapshot {

    /** The first line; another format has another one. */
    private static final String HEADER = "senderauth callout addresses 1";

    private PositiveSnapshot() {}

    /** Writes a new file next to the old one and replaces it, so that a crash leaves the old one. */
    static void write(Path file, Map<String, AddressEntry> records, Duration toWall) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
        try {
            write(fresh, records, toWall, file);
        } finally {
            // A full disk must not fill up with what could not be written.
            Files.deleteIfExists(fresh);
        }
    }

    private static void write(Path fresh, Map<String, AddressEntry> records, Duration toWall, Path file)
            throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            out.write(HEADER + "\n");
            for (Map.Entry<String, AddressEntry> entry : records.entrySet()) {
                AddressEntry record = entry.getValue();
                if (record.isPositive()) {
                    out.write(record.reason() + " " + millis(record.since(), toWall) + " "
                            + millis(record.freshUntil(), toWall) + " "
                            + millis(record.staleUntil(), toWall) + " "
                            + millis(record.keepUntil(), toWall) + " "
                            + entry.getKey() + "\n");
                }
            }
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads at most so many; a line that is none is passed over, a file of another kind is an error. */
    static Map<String, AddressEntry> read(Path file, int most, Duration toWall) throws IOException {
        Map<String, AddressEntry> records = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            if (!HEADER.equals(in.readLine())) {
                throw new IOException(file + " is no snapshot of callout addresses");
            }
            for (String line = in.readLine(); line != null && records.size() < most; line = in.readLine()) {
                String[] fields = line.split(" ", 6);
                if (fields.length == 6) {
                    try {
                        AddressEntry record = new AddressEntry(
                                CalloutReason.valueOf(fields[0]),
                                null,
                                instant(fields[1], toWall),
                                instant(fields[2], toWall),
                                instant(fields[3], toWall),
                                instant(fields[4], toWall),
                                0);
                        if (record.isPositive()) {
                            records.put(fields[5], record);
                        }
                    } catch (IllegalArgumentException damagedLine) {
                        // What is lost is asked again.
                    }
                }
            }
        }
        return records;
    }

    private static long millis(Instant instant, Duration toWall) {
        return instant.plus(toWall).toEpochMilli();
    }

    private static Instant instant(String millis, Duration toWall) {
        return Instant.ofEpochMilli(Long.parseLong(millis)).minus(toWall);
    }
}
