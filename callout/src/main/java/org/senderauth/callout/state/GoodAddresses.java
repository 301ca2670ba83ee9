package org.senderauth.callout.state;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.senderauth.callout.CalloutReason;

/**
 * The snapshot of a state on disk: the addresses that are known to be good, one a line, since those are what genuine
 * mail depends on after a restart. Refusals are not kept: they are asked again.
 */
final class GoodAddresses {

    /** The first line; another format has another one. */
    private static final String HEADER = "senderauth callout addresses 1";

    private GoodAddresses() {}

    /** Writes beside the file and moves it into its place, so that a crash leaves the old one. */
    static void write(Path file, Map<String, AddressRecord> records) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            out.write(HEADER + "\n");
            for (Map.Entry<String, AddressRecord> entry : records.entrySet()) {
                AddressRecord record = entry.getValue();
                if (record.isPositive()) {
                    out.write(record.reason() + " " + record.since().toEpochMilli() + " "
                            + record.freshUntil().toEpochMilli() + " "
                            + record.staleUntil().toEpochMilli() + " "
                            + record.keepUntil().toEpochMilli() + " "
                            + entry.getKey() + "\n");
                }
            }
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads at most so many; a line that is none is passed over, a file of another kind is an error. */
    static Map<String, AddressRecord> read(Path file, int most) throws IOException {
        Map<String, AddressRecord> records = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            if (!HEADER.equals(in.readLine())) {
                throw new IOException(file + " is no snapshot of callout addresses");
            }
            for (String line = in.readLine(); line != null && records.size() < most; line = in.readLine()) {
                String[] fields = line.split(" ", 6);
                if (fields.length == 6) {
                    try {
                        AddressRecord record = new AddressRecord(
                                CalloutReason.valueOf(fields[0]),
                                null,
                                instant(fields[1]),
                                instant(fields[2]),
                                instant(fields[3]),
                                instant(fields[4]),
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

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
