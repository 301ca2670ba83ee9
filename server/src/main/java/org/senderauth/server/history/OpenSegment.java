package org.senderauth.server.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;

/**
 * The segment to which decisions are appended. The keys of its index are collected meanwhile: to parse a whole segment
 * again when it is complete would take a processor from the mail for a second. Not thread-safe.
 */
final class OpenSegment implements AutoCloseable {

    private final Segment segment;
    private final Instant since;
    private final FileChannel records;
    private final FileChannel traces;
    private final Segment.Keys keys = new Segment.Keys();
    private final JsonLines recordLines = new JsonLines();
    private final JsonLines traceLines = new JsonLines();
    private long recordBytes;
    private long traceBytes;

    OpenSegment(Segment segment, Instant since, FileChannel records, FileChannel traces) {
        this.segment = segment;
        this.since = since;
        this.records = records;
        this.traces = traces;
    }

    Segment segment() {
        return segment;
    }

    /** {@return when it was opened} */
    Instant since() {
        return since;
    }

    long recordBytes() {
        return recordBytes;
    }

    long traceBytes() {
        return traceBytes;
    }

    /** Appends decisions; after a failure, {@link #undo} removes what was written of them. */
    void append(List<HistoryStore.Entry> entries) throws IOException {
        recordLines.clear();
        traceLines.clear();
        long[] starts = new long[entries.size()];
        long[] traceStarts = new long[entries.size()];
        for (int i = 0; i < starts.length; i++) {
            HistoryStore.Entry entry = entries.get(i);
            starts[i] = recordBytes + recordLines.add(entry.record()::write);
            HistoryTrace trace = entry.trace();
            traceStarts[i] = trace == null ? -1 : traceBytes + traceLines.add(trace::write);
        }
        // The traces first: a record that is found has its trace.
        write(traces, traceLines);
        write(records, recordLines);
        for (int i = 0; i < starts.length; i++) {
            HistoryRecord record = entries.get(i).record();
            keys.records().add(record, starts[i]);
            if (traceStarts[i] >= 0) {
                keys.traces().add(SegmentIndex.id(record.id()), traceStarts[i]);
            }
        }
        recordBytes += recordLines.size();
        traceBytes += traceLines.size();
    }

    private static void write(FileChannel channel, JsonLines lines) throws IOException {
        ByteBuffer bytes = lines.bytes();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Removes what a failed {@link #append} wrote. */
    void undo() throws IOException {
        traces.truncate(traceBytes);
        records.truncate(recordBytes);
    }

    /** {@return the keys of its lines; read from the files if someone else has changed their length} */
    Segment.Keys keys() throws IOException {
        return records.size() == recordBytes && traces.size() == traceBytes ? keys : segment.readKeys();
    }

    /** Closes the files. They are not forced to the disk: that may take seconds, and the queue would overflow. */
    @Override
    public void close() throws IOException {
        try (records) {
            traces.close();
        }
    }
}
