package org.senderauth.server.history;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The index of one file of records: for each key of each record the position of its line. A file of 24 bytes (a mark,
 * the first and the last time in milliseconds) and then of numbers in order, each the hash of a key in its upper half and
 * the position in its lower one. A key may have the hash of another, so whatever the index finds must be read.
 */
final class SegmentIndex implements AutoCloseable {

    /** The largest file of records that an index can have: positions are 31 bits. */
    static final long MAX_FILE = Integer.MAX_VALUE;

    private static final long MARK = 0x5341_4944_5830_3031L;
    private static final int HEADER = 3 * Long.BYTES;
    private static final int POSITION_BITS = 32;

    // 31 bits, so that the numbers are not negative.
    private static final long MAX_HASH = 0x7fff_ffffL;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final FileChannel channel;
    private final long count;
    private final Instant first;
    private final Instant last;

    private SegmentIndex(FileChannel channel, long count, Instant first, Instant last) {
        this.channel = channel;
        this.count = count;
        this.first = first;
        this.last = last;
    }

    static String id(String id) {
        return "i:" + id;
    }

    static String client(InetAddress address) {
        return "c:" + address.getHostAddress();
    }

    static String address(String kind, String address) {
        return kind + ":" + HistoryFilter.normal(address);
    }

    static String domain(String kind, String domain) {
        return kind + "@" + domain;
    }

    /** The keys of the records of one file, collected for its index. Not thread-safe. */
    static final class Collector {

        private long[] entries = new long[1024];
        private int size;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;

        /** Adds the keys of a record. */
        void add(HistoryRecord decision, long position) {
            first = decision.time().isBefore(first) ? decision.time() : first;
            last = decision.time().isAfter(last) ? decision.time() : last;
            add(id(decision.id()), position);
            add(client(decision.client()), position);
            addresses("from", decision.from(), position);
            if (decision.to() != null) {
                addresses("to", decision.to(), position);
            }
        }

        private void addresses(String kind, String address, long position) {
            add(address(kind, address), position);
            if (address.indexOf('@') >= 0) {
                add(domain(kind, HistoryFilter.domain(address)), position);
            }
        }

        /** Adds one key. */
        void add(String key, long position) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, 2 * size);
            }
            entries[size++] = hash(key) << POSITION_BITS | position;
        }

        /** {@return whether no record was added} */
        boolean isEmpty() {
            return size == 0;
        }

        /** {@return the time of the earliest record} */
        Instant first() {
            return first;
        }

        /** Writes the index, whole or not at all. */
        void write(Path file) throws IOException {
            Arrays.sort(entries, 0, size);
            boolean empty = last.isBefore(first);
            ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
            bytes.putLong(MARK).putLong(empty ? 0 : first.toEpochMilli()).putLong(empty ? 0 : last.toEpochMilli());
            Path whole = file.resolveSibling(file.getFileName() + ".new");
            try (FileChannel out = PrivateFiles.open(
                    whole, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                for (int i = 0; i < size; i++) {
                    if (bytes.remaining() < Long.BYTES) {
                        drain(bytes, out);
                    }
                    bytes.putLong(entries[i]);
                }
                drain(bytes, out);
            } catch (IOException e) {
                Files.deleteIfExists(whole);
                throw e;
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        private static void drain(ByteBuffer bytes, FileChannel out) throws IOException {
            bytes.flip();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            bytes.clear();
        }
    }

    // FNV-1a, folded. A collision costs a read.
    private static long hash(String key) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * FNV_PRIME;
        }
        return (hash ^ hash >>> POSITION_BITS) & MAX_HASH;
    }

    /** Opens an index; empty if there is none, or the file is not one. */
    static Optional<SegmentIndex> open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean used = false;
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // reads on
            }
            long entries = channel.size() - HEADER;
            if (header.hasRemaining() || header.flip().getLong() != MARK || entries % Long.BYTES != 0) {
                return Optional.empty();
            }
            Instant first = Instant.ofEpochMilli(header.getLong());
            Instant last = Instant.ofEpochMilli(header.getLong());
            used = true;
            return Optional.of(new SegmentIndex(channel, entries / Long.BYTES, first, last));
        } finally {
            if (!used) {
                channel.close();
            }
        }
    }

    /** {@return the time of the earliest record} */
    Instant first() {
        return first;
    }

    /** {@return the time of the latest record} */
    Instant last() {
        return last;
    }

    /** Returns the positions of the lines that may have a key, in order. */
    long[] positions(String key) throws IOException {
        long hash = hash(key);
        long start = lowerBound(hash << POSITION_BITS);
        // A damaged index may not be in order.
        long end = Math.max(start, hash == MAX_HASH ? count : lowerBound(hash + 1 << POSITION_BITS));
        long[] positions = new long[Math.toIntExact(end - start)];
        ByteBuffer bytes = ByteBuffer.allocate(8 << 10);
        bytes.flip();
        long at = HEADER + start * Long.BYTES;
        for (int i = 0; i < positions.length; i++) {
            if (!bytes.hasRemaining()) {
                bytes.clear();
                while (bytes.position() % Long.BYTES != 0 || bytes.position() == 0) {
                    int read = channel.read(bytes, at);
                    if (read < 0) {
                        return Arrays.copyOf(positions, i);
                    }
                    at += read;
                }
                bytes.flip();
            }
            positions[i] = bytes.getLong() & MAX_FILE;
        }
        return positions;
    }

    // The first entry that is not less.
    private long lowerBound(long wanted) throws IOException {
        long low = 0;
        long high = count;
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
        while (low < high) {
            long middle = low + high >>> 1;
            bytes.clear();
            if (channel.read(bytes, HEADER + middle * Long.BYTES) < Long.BYTES) {
                return count;
            }
            if (bytes.flip().getLong() < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
