package org.senderauth.server.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a history, also while a service writes them. Immutable; its memory does not depend on their size,
 * but on the limit of a search.
 */
public final class HistoryDirectory implements HistorySource {

    // Single lines cost more than to read on: with more of them than this the whole file is read.
    private static final int BYTES_PER_CANDIDATE = 4096;

    private final Path directory;

    /**
     * Creates a reader.
     *
     * @param directory the directory of the history
     */
    public HistoryDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public void search(HistoryFilter filter, int limit, Sink sink) throws IOException {
        List<Segment> segments = Segment.list(directory);
        if (limit == 0) {
            for (Segment segment : segments) {
                read(segment, filter, (decision, position) -> sink.accept(decision));
            }
            return;
        }
        // Only the positions of the newest ones are collected: decisions may be long, and many are wanted.
        Deque<Newest> found = new ArrayDeque<>();
        int left = limit;
        Collections.reverse(segments);
        for (Segment segment : segments) {
            if (left <= 0) {
                break;
            }
            Newest newest = new Newest(segment, left);
            read(segment, filter, (decision, position) -> newest.add(position));
            left -= newest.size();
            found.addFirst(newest);
        }
        for (Newest newest : found) {
            newest.read(filter, sink);
        }
    }

    /** The positions of the newest wanted decisions of a segment. Not thread-safe. */
    private static final class Newest {

        private static final int FIRST_SIZE = 64;

        private final Segment segment;
        private final int max;
        private long[] positions = new long[FIRST_SIZE];
        private long count;

        Newest(Segment segment, int max) {
            this.segment = segment;
            this.max = max;
        }

        void add(long position) {
            int at = (int) (count % max);
            if (at == positions.length) {
                positions = Arrays.copyOf(positions, Math.min(max, 2 * at));
            }
            positions[at] = position;
            count++;
        }

        int size() {
            return (int) Math.min(count, max);
        }

        void read(HistoryFilter filter, Sink sink) throws IOException {
            if (count == 0) {
                return;
            }
            try (LineReader lines = LineReader.random(segment.records())) {
                for (long i = count - size(); i < count; i++) {
                    lines.seek(positions[(int) (i % max)]);
                    pass(lines.next(), 0, filter, (decision, position) -> sink.accept(decision));
                }
            } catch (NoSuchFileException e) {
                // The retention has deleted it.
            }
        }
    }

    /** Receives decisions with the positions of their lines. */
    private interface Places {
        void accept(HistoryRecord decision, long position) throws IOException;
    }

    /**
     * Passes on decisions file by file, the newest file first, until a number of bytes was read: for counts, which need no
     * order. Within a file the oldest decision comes first.
     *
     * @param filter which decisions
     * @param maxBytes the maximum size of the files that are read, in bytes; a file is read whole or not at all
     * @param sink takes them
     * @return whether all files with wanted decisions were read
     * @throws IOException if a file cannot be read
     */
    public boolean newest(HistoryFilter filter, long maxBytes, Sink sink) throws IOException {
        List<Segment> segments = Segment.list(directory);
        Collections.reverse(segments);
        long left = maxBytes;
        for (Segment segment : segments) {
            try (SegmentIndex index = SegmentIndex.open(segment.recordsIndex()).orElse(null)) {
                if (index != null && !filter.overlaps(index.first(), index.last())) {
                    continue;
                }
                left -= Files.size(segment.records());
                if (left < 0) {
                    return false;
                }
                scan(segment, 0, filter, (decision, position) -> sink.accept(decision));
            } catch (NoSuchFileException e) {
                // The retention has deleted it.
            }
        }
        return true;
    }

    @Override
    public Optional<Found> find(String id) throws IOException {
        HistoryFilter filter = HistoryFilter.of(Map.of("id", id), () -> Instant.EPOCH);
        List<Segment> segments = Segment.list(directory);
        Collections.reverse(segments);
        for (Segment segment : segments) {
            List<HistoryRecord> found = new ArrayList<>(1);
            read(segment, filter, (decision, position) -> {
                found.clear();
                found.add(decision);
            });
            if (!found.isEmpty()) {
                return Optional.of(new Found(found.get(0), trace(segment, id)));
            }
        }
        return Optional.empty();
    }

    // The retention may delete a segment that is being read.
    private static void read(Segment segment, HistoryFilter filter, Places sink) throws IOException {
        try (SegmentIndex index = SegmentIndex.open(segment.recordsIndex()).orElse(null)) {
            if (index != null && !filter.overlaps(index.first(), index.last())) {
                return;
            }
            String key = filter.indexKey().orElse(null);
            if (index != null && key != null) {
                long[] positions = index.positions(key);
                if (positions.length < Files.size(segment.records()) / BYTES_PER_CANDIDATE + 2) {
                    pick(segment, positions, filter, sink);
                    return;
                }
            }
            scan(segment, 0, filter, sink);
        } catch (NoSuchFileException e) {
            // nothing to read
        }
    }

    private static void pick(Segment segment, long[] positions, HistoryFilter filter, Places sink) throws IOException {
        if (positions.length == 0) {
            return;
        }
        try (LineReader lines = LineReader.random(segment.records())) {
            long before = -1;
            for (long position : positions) {
                if (position == before) {
                    continue;
                }
                before = position;
                lines.seek(position);
                pass(lines.next(), position, filter, sink);
            }
        }
    }

    private static long scan(Segment segment, long from, HistoryFilter filter, Places sink) throws IOException {
        try (LineReader lines = LineReader.sequential(segment.records())) {
            lines.seek(from);
            for (String line = lines.next(); line != null; line = lines.next()) {
                pass(line, lines.start(), filter, sink);
            }
            return lines.position();
        }
    }

    private static void pass(@Nullable String line, long position, HistoryFilter filter, Places sink)
            throws IOException {
        HistoryRecord decision = line == null ? null : HistoryRecord.parse(line).orElse(null);
        if (decision != null && filter.matches(decision)) {
            sink.accept(decision, position);
        }
    }

    private static @Nullable HistoryTrace trace(Segment segment, String id) throws IOException {
        if (!Files.exists(segment.traces())) {
            return null;
        }
        HistoryTrace found = null;
        try (SegmentIndex index = SegmentIndex.open(segment.tracesIndex()).orElse(null)) {
            if (index != null) {
                try (LineReader lines = LineReader.random(segment.traces())) {
                    for (long position : index.positions(SegmentIndex.id(id))) {
                        lines.seek(position);
                        found = trace(lines.next(), id, found);
                    }
                }
                return found;
            }
        }
        try (LineReader lines = LineReader.sequential(segment.traces())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                found = trace(line, id, found);
            }
        }
        return found;
    }

    private static @Nullable HistoryTrace trace(@Nullable String line, String id, @Nullable HistoryTrace before) {
        return line != null && HistoryTrace.id(line).filter(id::equals).isPresent()
                ? HistoryTrace.parse(line).orElse(before)
                : before;
    }

    @Override
    public Position end() throws IOException {
        List<Segment> segments = Segment.list(directory);
        if (segments.isEmpty()) {
            return new Position(0, 0);
        }
        Segment last = segments.get(segments.size() - 1);
        // A line that is being written belongs to what follows.
        try (LineReader lines = LineReader.sequential(last.records())) {
            long tail = Math.max(0, Files.size(last.records()) - LineReader.MAX_LINE);
            lines.seek(tail);
            if (tail > 0) {
                lines.next();
            }
            while (lines.next() != null) {
                // reads on
            }
            return new Position(last.number(), lines.position());
        }
    }

    @Override
    public Position follow(Position from, HistoryFilter filter, Sink sink) throws IOException {
        Position at = from;
        for (Segment segment : Segment.list(directory)) {
            if (segment.number() >= at.segment()) {
                long offset = segment.number() == at.segment() ? at.offset() : 0;
                try {
                    at = new Position(
                            segment.number(),
                            scan(segment, offset, filter, (decision, position) -> sink.accept(decision)));
                } catch (NoSuchFileException e) {
                    at = new Position(segment.number() + 1, 0);
                }
            }
        }
        return at;
    }
}
