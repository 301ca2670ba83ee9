package org.senderauth.srs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;

/**
 * Aliases in memory and in a file that outlives the process. New aliases are appended, one a line: {@code alias expiry
 * address}; the file is rewritten without the old ones when it has grown to twice what it must contain. Beyond the
 * bound in bytes the oldest aliases are dropped. One process owns the file. Thread-safe.
 *
 * <p>A line is written before {@link #put} completes, and not forced to the disk: a crash of the machine may lose the
 * aliases of the last seconds, a crash of the process loses none.
 */
public final class FileAliasStore implements AliasStore, AutoCloseable {

    /** The bound unless the caller sets another. */
    public static final long DEFAULT_MAX_BYTES = 16L << 20;

    private static final Pattern LINE = Pattern.compile("([a-z2-7]{16}) ([0-9]{1,12}) ([^\\p{Cntrl}]{3,1024})");

    /** Bytes that a line has besides alias and address: expiry and separators. */
    private static final int LINE_BYTES = 16;

    /** A sender of many messages is written once in this time; {@link AliasStore#SPARE_TIME} allows for it. */
    private static final long RENEWAL_SECONDS = SPARE_TIME.toSeconds();

    private record Entry(long expiry, String address) {

        long bytes() {
            return ALIAS_LENGTH + LINE_BYTES + address.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** Writes to the file; tests fill its disk. */
    @FunctionalInterface
    interface Output {
        int write(FileChannel file, ByteBuffer octets) throws IOException;
    }

    private final Path file;
    private final Output output;
    private final long maxBytes;
    private final InstantSource clock;
    private final FileChannel lock;
    // In the order of writing, which is that of expiry, since all aliases of a forwarder live equally long.
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private @Nullable FileChannel channel;
    private long liveBytes;
    private long fileBytes;
    private boolean closed;

    private FileAliasStore(Path file, Output output, long maxBytes, InstantSource clock, FileChannel lock) {
        this.file = file;
        this.output = output;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.lock = lock;
    }

    /**
     * Opens a store; the file is created if it is absent, and a lock file next to it.
     *
     * @param file the file
     * @param maxBytes the bound in bytes of what is kept, positive
     * @param clock the time
     * @return the store with the aliases that have not expired
     * @throws IOException if the file cannot be read or written, or another process has it open
     * @throws IllegalArgumentException if the bound is not positive
     */
    public static FileAliasStore open(Path file, long maxBytes, InstantSource clock) throws IOException {
        return open(file, maxBytes, clock, FileChannel::write);
    }

    static FileAliasStore open(Path file, long maxBytes, InstantSource clock, Output output) throws IOException {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be positive, was " + maxBytes);
        }
        FileChannel lock = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileAliasStore store = new FileAliasStore(file, output, maxBytes, clock, lock);
        try {
            if (lock.tryLock() == null) {
                throw new IOException(file + ": another process has this alias store open");
            }
            store.load();
            store.compact();
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException(file + ": this process has this alias store open already", e);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
        return store;
    }

    private synchronized void load() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        long now = now();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = lines.readLine();
            for (String next; line != null; line = next) {
                next = lines.readLine();
                // The last line may be cut off, where the machine crashed: its address may be that of another mailbox.
                if (next == null && !endsWithNewline(file)) {
                    return;
                }
                Matcher parts =
                        LINE.matcher(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
                if (parts.matches() && Long.parseLong(parts.group(2)) > now) {
                    keep(parts.group(1), new Entry(Long.parseLong(parts.group(2)), parts.group(3)));
                }
            }
        }
    }

    private static boolean endsWithNewline(Path file) throws IOException {
        try (FileChannel read = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return read.read(last, read.size() - 1) == 1 && last.get(0) == '\n';
        }
    }

    private void keep(String alias, Entry entry) {
        Entry old = entries.remove(alias);
        liveBytes += entry.bytes() - (old == null ? 0 : old.bytes());
        entries.put(alias, entry);
        long now = now();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry next = oldest.next();
            if (liveBytes <= maxBytes && next.expiry() > now) {
                break;
            }
            oldest.remove();
            liveBytes -= next.bytes();
        }
    }

    @Override
    public synchronized CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
        Entry entry = new Entry(now() + lifetime.toSeconds(), address);
        String line = alias + ' ' + entry.expiry() + ' ' + address;
        if (!LINE.matcher(line).matches()) {
            return answer(new Answer.Unavailable("not an alias, or not an address"));
        }
        Entry old = entries.get(alias);
        if (old != null && old.address().equals(address) && entry.expiry() - old.expiry() < RENEWAL_SECONDS) {
            return answer(new Answer.Known(Optional.of(address)));
        }
        try {
            append(line + '\n');
        } catch (IOException e) {
            return answer(new Answer.Unavailable(
                    "cannot write " + file + ": " + SafeText.of(String.valueOf(e.getMessage()))));
        }
        keep(alias, entry);
        if (fileBytes > 2 * liveBytes + MIN_COMPACTION) {
            try {
                compact();
            } catch (IOException e) {
                // The file stays as it is, longer than it must be; the next alias tries again.
                fileBytes = 0;
            }
        }
        return answer(new Answer.Known(Optional.of(address)));
    }

    /** A file that has fewer bytes to spare is not rewritten. */
    private static final long MIN_COMPACTION = 64 << 10;

    @Override
    public synchronized CompletableFuture<Answer> get(String alias) {
        Entry entry = entries.get(alias);
        return answer(new Answer.Known(
                Optional.ofNullable(entry).filter(e -> e.expiry() > now()).map(Entry::address)));
    }

    private void append(String text) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (channel == null || !channel.isOpen()) {
            compact();
        }
        FileChannel open = Objects.requireNonNull(channel);
        long before = open.size();
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        fileBytes += octets.remaining();
        try {
            while (octets.hasRemaining()) {
                output.write(open, octets);
            }
        } catch (IOException e) {
            withoutCutLine(open, before);
            throw e;
        }
    }

    // A full disk may cut off a line, and an interrupted thread closes the channel: the file is then written anew.
    private static void withoutCutLine(FileChannel open, long size) throws IOException {
        try {
            open.truncate(size);
        } catch (IOException e) {
            open.close();
        }
    }

    private synchronized void compact() throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        StringBuilder text = new StringBuilder();
        entries.forEach((alias, entry) -> text.append(alias)
                .append(' ')
                .append(entry.expiry())
                .append(' ')
                .append(entry.address())
                .append('\n'));
        byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
        try (FileChannel fresh = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(octets);
            while (rest.hasRemaining()) {
                fresh.write(rest);
            }
            fresh.force(true);
        } catch (IOException e) {
            // A full disk must not fill up with what could not be written.
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        FileChannel before = channel;
        channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        fileBytes = octets.length;
        if (before != null) {
            before.close();
        }
    }

    private long now() {
        return Math.floorDiv(clock.millis(), 1000L);
    }

    private static CompletableFuture<Answer> answer(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** Closes the file and gives it free for another process. Further aliases are not kept. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        try (lock) {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
