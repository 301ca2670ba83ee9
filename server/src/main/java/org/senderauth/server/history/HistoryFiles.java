package org.senderauth.server.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a history: JSON Lines in segments, which are rotated by size and by age. No decision is kept longer
 * than the limit while the service runs: a segment is deleted when its oldest decision is that old, and it spans at most
 * a sixteenth of that time. Thread-safe.
 */
public final class HistoryFiles implements HistoryStore {

    private static final long MAX_SEGMENT_BYTES = 16 << 20;
    private static final long MAX_TRACE_BYTES = 64 << 20;
    private static final Instant WRITTEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SEGMENTS_IN_TIME = 16;
    private static final int SEGMENTS_IN_SIZE = 16;

    private final Path directory;
    private final Limits limits;
    private final InstantSource clock;
    private final Consumer<String> problems;
    private final Opener opener;
    private final FileChannel lockFile;
    private final Deque<Complete> complete = new ArrayDeque<>();
    private long completeBytes;
    private long lastNumber;
    private @Nullable Open open;

    /**
     * The limits of size and age.
     *
     * @param keep the time after which a decision is deleted
     * @param maxBytes the maximum size of all files in bytes
     */
    public record Limits(Duration keep, long maxBytes) {

        long segmentBytes() {
            return Math.min(MAX_SEGMENT_BYTES, maxBytes / SEGMENTS_IN_SIZE / 2);
        }

        long traceBytes() {
            return Math.min(MAX_TRACE_BYTES, maxBytes / SEGMENTS_IN_SIZE);
        }

        Duration span() {
            return keep.dividedBy(SEGMENTS_IN_TIME);
        }
    }

    /** Opens files; tests have disks that are full. */
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    private record Complete(Segment segment, Instant first, long bytes) {}

    private static final class Open {
        private final Segment segment;
        private final Instant since;
        private final FileChannel records;
        private final FileChannel traces;
        private long recordBytes;
        private long traceBytes;

        Open(Segment segment, Instant since, FileChannel records, FileChannel traces) {
            this.segment = segment;
            this.since = since;
            this.records = records;
            this.traces = traces;
        }
    }

    private HistoryFiles(
            Path directory,
            Limits limits,
            InstantSource clock,
            Consumer<String> problems,
            Opener opener,
            FileChannel lockFile) {
        this.directory = directory;
        this.limits = limits;
        this.clock = clock;
        this.problems = problems;
        this.opener = opener;
        this.lockFile = lockFile;
    }

    /**
     * Opens a history. A segment that a killed service left is completed; its last line, if it was cut off, is lost.
     *
     * @param directory its directory, which is created if its parent exists; only its owner can read the files
     * @param limits how much is kept, and how long
     * @param clock the time
     * @param problems takes a line for each failure that the history survives
     * @return the history
     * @throws IOException if the directory cannot be used, or another service uses it
     */
    public static HistoryFiles open(Path directory, Limits limits, InstantSource clock, Consumer<String> problems)
            throws IOException {
        return open(directory, limits, clock, problems, HistoryFiles::create);
    }

    static HistoryFiles open(
            Path directory, Limits limits, InstantSource clock, Consumer<String> problems, Opener opener)
            throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, PrivateFiles.DIRECTORY);
        }
        FileChannel lockFile =
                PrivateFiles.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(lockFile)) {
                throw new IOException(directory + ": another service uses this history");
            }
            HistoryFiles files = new HistoryFiles(directory, limits, clock, problems, opener, lockFile);
            files.recover();
            return files;
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private void recover() throws IOException {
        List<Segment> segments = Segment.list(directory);
        for (Segment segment : segments) {
            lastNumber = segment.number();
            try (SegmentIndex index = SegmentIndex.open(segment.recordsIndex()).orElse(null)) {
                if (index != null) {
                    add(segment, index.first());
                    continue;
                }
            }
            complete(segment);
        }
        boundTimes();
        maintain();
    }

    // A clock that was ahead for a while has dated a segment later than now: it is kept no longer than the next one. A
    // clock that is not set yet, before this program was written, says nothing.
    private void boundTimes() {
        Instant now = clock.instant();
        if (now.isBefore(WRITTEN)) {
            return;
        }
        Instant latest = now;
        Deque<Complete> bounded = new ArrayDeque<>();
        while (!complete.isEmpty()) {
            Complete last = complete.removeLast();
            if (last.first().isAfter(now)) {
                last = new Complete(last.segment(), latest, last.bytes());
            } else if (last.first().isAfter(now.minus(limits.keep()))) {
                latest = last.first();
            }
            bounded.addFirst(last);
        }
        complete.addAll(bounded);
    }

    private void complete(Segment segment) throws IOException {
        SegmentIndex.Collector found = segment.index(e -> problems.accept(
                "the index of a segment cannot be written, so a search reads all of it: " + e.getMessage()));
        if (found.isEmpty()) {
            segment.delete();
        } else {
            add(segment, found.first());
        }
    }

    private void add(Segment segment, Instant first) throws IOException {
        Complete added = new Complete(segment, first, segment.bytes());
        complete.addLast(added);
        completeBytes += added.bytes();
    }

    @Override
    public synchronized void append(List<Line> lines) throws IOException {
        if (!lockFile.isOpen()) {
            throw new IOException("the history is closed");
        }
        Open current = current();
        long recordBytes = current.recordBytes;
        long traceBytes = current.traceBytes;
        try {
            // The traces first: a record that is found has its trace.
            current.traceBytes += write(current.traces, lines.stream().map(Line::trace));
            current.recordBytes += write(current.records, lines.stream().map(Line::decision));
        } catch (IOException e) {
            try {
                current.traces.truncate(traceBytes);
                current.records.truncate(recordBytes);
                current.traceBytes = traceBytes;
                current.recordBytes = recordBytes;
            } catch (IOException again) {
                e.addSuppressed(again);
                abandon();
            }
            throw e;
        }
        if (current.recordBytes >= limits.segmentBytes() || current.traceBytes >= limits.traceBytes()) {
            endSegment();
            maintain();
        }
    }

    private static long write(FileChannel channel, Stream<@Nullable String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.filter(Objects::nonNull).forEach(line -> text.append(line).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        long count = bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return count;
    }

    private Open current() throws IOException {
        Open current = open;
        if (current == null) {
            Segment segment = new Segment(directory, lastNumber + 1);
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, PrivateFiles.DIRECTORY);
            }
            FileChannel records = opener.open(segment.records());
            lastNumber = segment.number();
            try {
                current = new Open(segment, clock.instant(), records, opener.open(segment.traces()));
            } catch (IOException e) {
                records.close();
                segment.delete();
                throw e;
            }
            open = current;
        }
        return current;
    }

    // Nothing may follow a line that is cut off.
    private void abandon() {
        try {
            endSegment();
        } catch (IOException e) {
            problems.accept("a segment cannot be completed: " + e.getMessage());
        }
    }

    private void endSegment() throws IOException {
        Open ended = open;
        if (ended != null) {
            open = null;
            // Not forced to the disk: that may take seconds, and the queue would overflow.
            try (ended.records) {
                ended.traces.close();
            }
            if (Files.exists(ended.segment.records())) {
                complete(ended.segment);
            } else {
                ended.segment.delete();
            }
        }
    }

    @Override
    public synchronized void maintain() throws IOException {
        Instant now = clock.instant();
        beginAnewIfDeleted();
        Open current = open;
        // A clock that was set back would keep the segment open until it is where it was.
        if (current != null && (!now.isBefore(current.since.plus(limits.span())) || now.isBefore(current.since))) {
            endSegment();
            boundTimes();
        }
        Instant oldest = now.minus(limits.keep());
        for (Complete each : List.copyOf(complete)) {
            if (!each.first().isAfter(oldest)) {
                delete(each);
            }
        }
        long room = limits.maxBytes() - 2 * (limits.segmentBytes() + limits.traceBytes());
        while (!complete.isEmpty() && completeBytes > room) {
            delete(complete.getFirst());
        }
    }

    // Files that someone deletes stay on the disk while they are open, and no reader finds them.
    private void beginAnewIfDeleted() throws IOException {
        Open current = open;
        if (current != null && !(Files.exists(current.segment.records()) && Files.exists(current.segment.traces()))) {
            problems.accept("someone deleted " + current.segment.records() + "; the history continues in a new file");
            endSegment();
        }
    }

    private void delete(Complete gone) throws IOException {
        gone.segment().delete();
        complete.remove(gone);
        completeBytes -= gone.bytes();
    }

    @Override
    public HistorySource source() {
        return new HistoryDirectory(directory);
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            endSegment();
        } finally {
            lockFile.close();
        }
    }
}
