package org.senderauth.server.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
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
    private @Nullable OpenSegment open;

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
            complete(segment, segment.readKeys());
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

    private void complete(Segment segment, Segment.Keys keys) throws IOException {
        if (keys.records().isEmpty()) {
            segment.delete();
            return;
        }
        try {
            segment.writeIndexes(keys);
        } catch (IOException e) {
            problems.accept("the index of a segment cannot be written, so a search reads all of it: " + e.getMessage());
        }
        add(segment, keys.records().first());
    }

    private void add(Segment segment, Instant first) throws IOException {
        Complete added = new Complete(segment, first, segment.bytes());
        complete.addLast(added);
        completeBytes += added.bytes();
    }

    @Override
    public synchronized void append(List<Entry> entries) throws IOException {
        if (!lockFile.isOpen()) {
            throw new IOException("the history is closed");
        }
        OpenSegment current = current();
        try {
            current.append(entries);
        } catch (IOException e) {
            try {
                current.undo();
            } catch (IOException again) {
                e.addSuppressed(again);
                abandon();
            }
            throw e;
        }
        if (current.recordBytes() >= limits.segmentBytes() || current.traceBytes() >= limits.traceBytes()) {
            endSegment();
            maintain();
        }
    }

    private OpenSegment current() throws IOException {
        OpenSegment current = open;
        if (current == null) {
            Segment segment = new Segment(directory, lastNumber + 1);
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, PrivateFiles.DIRECTORY);
            }
            FileChannel records = opener.open(segment.records());
            lastNumber = segment.number();
            try {
                current = new OpenSegment(segment, clock.instant(), records, opener.open(segment.traces()));
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
        OpenSegment ended = open;
        if (ended != null) {
            open = null;
            Segment.Keys keys = new Segment.Keys();
            try (ended) {
                if (Files.exists(ended.segment().records())) {
                    keys = ended.keys();
                }
            }
            complete(ended.segment(), keys);
        }
    }

    @Override
    public synchronized void maintain() throws IOException {
        Instant now = clock.instant();
        beginAnewIfDeleted();
        OpenSegment current = open;
        // A clock that was set back would keep the segment open until it is where it was.
        if (current != null && (!now.isBefore(current.since().plus(limits.span())) || now.isBefore(current.since()))) {
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
        OpenSegment current = open;
        if (current != null
                && !(Files.exists(current.segment().records())
                        && Files.exists(current.segment().traces()))) {
            problems.accept("someone deleted " + current.segment().records() + "; the history continues in a new file");
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
