package org.senderauth.server.history;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of history files that were edited or damaged. What is read is written as a line that is read as the same. */
public final class HistoryFuzz {

    private HistoryFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String line = new String(data, StandardCharsets.UTF_8);
        HistoryRecord.parse(line).ifPresent(record -> same(record, HistoryRecord.parse(record.json())));
        HistoryTrace.parse(line).ifPresent(trace -> same(trace, HistoryTrace.parse(trace.json())));
        HistoryTrace.id(line);
    }

    private static void same(Object written, Optional<?> read) {
        if (read.filter(written::equals).isEmpty()) {
            throw new AssertionError(written + " was read as " + read);
        }
    }
}
