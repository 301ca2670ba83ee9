package org.senderauth.server.history;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the last decisions in memory, as lines of JSON, bounded in bytes. Thread-safe. */
public final class MemoryHistory implements HistorySource, HistoryStore {

    // Two strings, an entry and its place in the queue.
    private static final int OVERHEAD = 160;

    private final long maxBytes;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long bytes;
    private long count;

    private record Line(String decision, @Nullable String trace) {
        long bytes() {
            return OVERHEAD + 2L * decision.length() + (trace == null ? 0 : 2L * trace.length());
        }
    }

    /**
     * Creates an empty history.
     *
     * @param maxBytes its maximum size in bytes
     */
    public MemoryHistory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void append(List<Entry> entries) {
        List<Line> added = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            HistoryTrace trace = entry.trace();
            added.add(new Line(entry.record().json(), trace == null ? null : trace.json()));
        }
        add(added);
    }

    private synchronized void add(List<Line> added) {
        for (Line line : added) {
            lines.addLast(line);
            bytes += line.bytes();
            count++;
        }
        while (bytes > maxBytes) {
            bytes -= lines.removeFirst().bytes();
        }
    }

    @Override
    public void maintain() {
        // Only the size is bounded.
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public HistorySource source() {
        return this;
    }

    private synchronized List<Line> snapshot() {
        return new ArrayList<>(lines);
    }

    @Override
    public void search(HistoryFilter filter, int limit, Sink sink) throws IOException {
        // Not parsed, since a parsed one takes as much again.
        List<Line> found = new ArrayList<>();
        List<Line> all = snapshot();
        Collections.reverse(all);
        for (Line line : all) {
            if (limit > 0 && found.size() == limit) {
                break;
            }
            if (HistoryRecord.parse(line.decision()).filter(filter::matches).isPresent()) {
                found.add(line);
            }
        }
        Collections.reverse(found);
        for (Line line : found) {
            HistoryRecord decision = HistoryRecord.parse(line.decision()).orElse(null);
            if (decision != null) {
                sink.accept(decision);
            }
        }
    }

    @Override
    public Optional<Found> find(String id) {
        Found found = null;
        for (Line line : snapshot()) {
            if (line.decision().contains(id)) {
                HistoryRecord decision = HistoryRecord.parse(line.decision())
                        .filter(record -> record.id().equals(id))
                        .orElse(null);
                found = decision == null
                        ? found
                        : new Found(
                                decision,
                                line.trace() == null
                                        ? null
                                        : HistoryTrace.parse(line.trace()).orElse(null));
            }
        }
        return Optional.ofNullable(found);
    }

    @Override
    public synchronized Position end() {
        return new Position(0, count);
    }

    @Override
    public Position follow(Position from, HistoryFilter filter, Sink sink) throws IOException {
        List<String> later = new ArrayList<>();
        long end;
        synchronized (this) {
            end = count;
            // A later position is of before a restart of the service.
            long begin = from.offset() > end ? 0 : from.offset();
            Iterator<Line> newest = lines.descendingIterator();
            for (long at = end; at > begin && newest.hasNext(); at--) {
                later.add(newest.next().decision());
            }
        }
        Collections.reverse(later);
        for (String line : later) {
            HistoryRecord decision =
                    HistoryRecord.parse(line).filter(filter::matches).orElse(null);
            if (decision != null) {
                sink.accept(decision);
            }
        }
        return new Position(0, end);
    }
}
