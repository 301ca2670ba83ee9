package org.senderauth.callout.inmemory;

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
import org.senderauth.callout.state.AddressEntry;

/**
 * A snapshot of the positive entries of a state on disk, one in each line, since genuine mail depends on those after a
 * restart. Rejected addresses are not saved; they are probed again. Times are dates in the file, and instants of the
 * state's clock in memory.
 */
final class PositiveSnapshot {

    /** The first line, which identifies the format. */
    private static final String HEADER = "senderauth callout addresses 1";

    private PositiveSnapshot() {}

    /** Writes a new file next to the old one and replaces it, so the old one survives a crash. */
    static void write(Path file, Map<String, AddressEntry> records, Duration toWall) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
        try {
            write(fresh, records, toWall, file);
        } finally {
            // A full disk must not fill up with incomplete files.
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

    /** Reads entries up to a number; skips malformed lines, and throws for a file of another kind. */
    static Map<String, AddressEntry> read(Path file, int most, Duration toWall) throws IOException {
        Map<String, AddressEntry> records = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            if (!HEADER.equals(in.readLine())) {
                throw new IOException(file + " is not a snapshot of callout addresses");
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
                        // A lost entry is probed again.
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
