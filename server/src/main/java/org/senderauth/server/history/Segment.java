package org.senderauth.server.history;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the history between two rotations: the records, and next to them what the steps saw (the traces), each with
 * an index once it is complete.
 *
 * @param directory the directory of the history
 * @param number its number; later segments have larger ones
 */
record Segment(Path directory, long number) {

    private static final Pattern RECORDS = Pattern.compile("([0-9]{9,15})\\.decisions\\.jsonl");

    /** Returns the segments of a directory, the oldest first. */
    static List<Segment> list(Path directory) throws IOException {
        List<Segment> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.decisions.jsonl")) {
            for (Path file : files) {
                Matcher name = RECORDS.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    segments.add(new Segment(directory, Long.parseLong(name.group(1))));
                }
            }
        }
        segments.sort((one, other) -> Long.compare(one.number, other.number));
        return segments;
    }

    private Path file(String suffix) {
        return directory.resolve(String.format(Locale.ROOT, "%09d", number) + suffix);
    }

    Path records() {
        return file(".decisions.jsonl");
    }

    Path recordsIndex() {
        return file(".decisions.index");
    }

    Path traces() {
        return file(".traces.jsonl");
    }

    Path tracesIndex() {
        return file(".traces.index");
    }

    /** {@return the size of all its files in bytes} */
    long bytes() throws IOException {
        long bytes = 0;
        for (Path file : List.of(records(), recordsIndex(), traces(), tracesIndex())) {
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        return bytes;
    }

    /** Deletes its files; the records last, so that an interrupted deletion is seen to be one. */
    void delete() throws IOException {
        Files.deleteIfExists(tracesIndex());
        Files.deleteIfExists(traces());
        Files.deleteIfExists(recordsIndex());
        Files.deleteIfExists(records());
    }

    /** The keys of a segment's lines, for its indexes. */
    record Keys(SegmentIndex.Collector records, SegmentIndex.Collector traces) {
        Keys() {
            this(new SegmentIndex.Collector(), new SegmentIndex.Collector());
        }
    }

    /** Reads the keys from the files of a segment. */
    Keys readKeys() throws IOException {
        Keys keys = new Keys();
        try (LineReader lines = LineReader.sequential(records())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                long start = lines.start();
                HistoryRecord.parse(line).ifPresent(decision -> keys.records().add(decision, start));
            }
        }
        if (Files.exists(traces())) {
            try (LineReader lines = LineReader.sequential(traces())) {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    long start = lines.start();
                    HistoryTrace.id(line).ifPresent(id -> keys.traces().add(SegmentIndex.id(id), start));
                }
            }
        }
        return keys;
    }

    /** Writes the indexes. A search of a segment without them reads all of it. */
    void writeIndexes(Keys keys) throws IOException {
        if (Files.exists(traces())) {
            keys.traces().write(tracesIndex());
        }
        // The last: with it the segment is complete.
        keys.records().write(recordsIndex());
    }
}
