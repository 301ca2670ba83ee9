package org.senderauth.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.history.HistoryFiles;

/**
 * The settings of the history.
 *
 * @param directory where it is kept; null for memory
 * @param keep how long a decision is kept in files
 * @param maxBytes the maximum size of the files, in bytes
 * @param memoryBytes the maximum size in memory, in bytes
 * @param traces whether it keeps what the steps saw
 */
record HistorySettings(@Nullable Path directory, Duration keep, long maxBytes, long memoryBytes, boolean traces) {

    private static final int DEFAULT_DAYS = 14;
    private static final int MAX_DAYS = 3650;
    private static final int DEFAULT_MEGABYTES = 1024;
    private static final int MIN_MEGABYTES = 16;
    private static final int MAX_MEGABYTES = 1_000_000;
    private static final int DEFAULT_MEMORY = 4;
    private static final int MAX_MEMORY = 1024;
    private static final int MEGABYTE_BITS = 20;

    /** {@return how much is kept in files, and how long} */
    HistoryFiles.Limits files() {
        return new HistoryFiles.Limits(keep, maxBytes);
    }

    /** Reads the section {@code history}. */
    static HistorySettings read(Path folder, ConfigSection section) {
        Path directory = section.optional(
                "directory",
                "the path of a directory such as /var/lib/senderauth/history",
                text -> ConfigValues.path(folder, text));
        int days = section.number("keep-days", DEFAULT_DAYS, 1, MAX_DAYS);
        int megabytes = section.number("max-megabytes", DEFAULT_MEGABYTES, MIN_MEGABYTES, MAX_MEGABYTES);
        int memory = section.number("memory-megabytes", DEFAULT_MEMORY, 1, MAX_MEMORY);
        boolean traces = section.flag("traces", true);
        if (directory != null) {
            if (Files.exists(directory) ? !Files.isDirectory(directory) : !ConfigValues.isInDirectory(directory)) {
                section.problem(
                        "directory", "history directory " + directory + " cannot be created; its parent must exist");
            }
            if (section.has("memory-megabytes")) {
                section.problem("memory-megabytes", "use either \"directory\" or \"memory-megabytes\", not both");
            }
        } else {
            for (String key : new String[] {"keep-days", "max-megabytes"}) {
                if (section.has(key)) {
                    section.problem(key, key + " requires \"directory\", the history is in memory");
                }
            }
        }
        section.end();
        return new HistorySettings(
                directory,
                Duration.ofDays(days),
                (long) megabytes << MEGABYTE_BITS,
                (long) memory << MEGABYTE_BITS,
                traces);
    }
}
