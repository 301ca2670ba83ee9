package org.senderauth.ses;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serial numbers from a file that outlives the process. Before the first number of a block is given, the whole block is
 * written off in the file and forced to the disk: a crash loses the rest of a block and repeats nothing. Several
 * processes of one host may use one file; several hosts each have their own, with {@link SerialNumbers#ofServer}.
 *
 * <p>If the file goes back under a running process, because it was removed or restored from a backup, numbers continue
 * far above the last ones, and a warning is logged. A process that starts after that cannot notice it: see docs/ses.md.
 *
 * <p>Thread-safe. A block costs two disk syncs; every other number costs none.
 */
public final class FileSerialNumbers implements SerialNumbers {

    /** Numbers that are written off at once, unless the caller says otherwise. */
    public static final int DEFAULT_BLOCK = 1000;

    private static final Pattern CONTENT =
            Pattern.compile("senderauth-ses-ids 1\n([0-9]{1,18}) ([0-9]{1,18}) ([0-9]{1,18})\n");
    private static final long MAX_CONTENT = 100;

    /**
     * The distance by which numbers jump when the file went back: other processes may have gone on from it as well, and we cannot know
     * how far. No host signs as much in one time unit; signatures become six characters longer until it ends.
     */
    private static final long GAP = 1L << 30;

    private static final System.Logger LOG = System.getLogger(FileSerialNumbers.class.getName());

    // FileChannel.lock excludes other processes only; within this one, all instances take turns here.
    private static final Object PROCESS_LOCK = new Object();

    private final Path file;
    private final int block;

    /** The content of the file as this instance last saw it: at its start, or when it wrote. */
    private SerialState seen;

    private long timecode;
    private long last;
    private long end;

    private FileSerialNumbers(Path file, int block) {
        this.file = file;
        this.block = block;
        this.seen = atStart();
    }

    // An old file may be restored before the first number is reserved. One that cannot be read now is reported by then.
    private SerialState atStart() {
        try {
            return read();
        } catch (IOException e) {
            return SerialState.NEW;
        }
    }

    /**
     * Returns numbers from a file; it is created with the first number, as is a lock file next to it.
     *
     * @param file the file
     * @return the numbers
     */
    public static FileSerialNumbers in(Path file) {
        return in(file, DEFAULT_BLOCK);
    }

    /**
     * Numbers from a file, in blocks of a given size.
     *
     * @param file the file
     * @param block the numbers that are reserved at once, at least 1; 1 for a process that signs one address and ends
     * @return the numbers
     * @throws IllegalArgumentException if the block is empty
     */
    public static FileSerialNumbers in(Path file, int block) {
        if (block < 1) {
            throw new IllegalArgumentException("a block holds at least one number");
        }
        return new FileSerialNumbers(Objects.requireNonNull(file, "file"), block);
    }

    /**
     * Looks whether numbers can be given, for a program that would rather not start than sign nothing. Gives none.
     *
     * @throws IOException if the folder is absent or cannot be written, or the file does not contain serial numbers; the
     *     message names it and what helps
     */
    public void check() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder + " for a file; create it");
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + ": no permission to write; give the folder to the user who signs");
        }
        read();
    }

    @Override
    public synchronized long next(long asked) throws IOException {
        if (asked != timecode || last == end) {
            reserve(asked);
        }
        return ++last;
    }

    private void reserve(long asked) throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        synchronized (PROCESS_LOCK) {
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                assert lock.isValid();
                SerialState state = read();
                if (state.isBefore(seen)) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            file + ": the serial numbers went back, as after a restore or removal;"
                                    + " continuing above the last ones");
                    state = seen.skip(asked, GAP);
                }
                long before = state.before(asked);
                SerialState next = state.after(asked, before + block);
                write(next);
                seen = next;
                timecode = asked;
                last = before;
                end = before + block;
            }
        }
    }

    private SerialState read() throws IOException {
        if (!Files.exists(file)) {
            return SerialState.NEW;
        }
        Matcher content = CONTENT.matcher(Files.size(file) > MAX_CONTENT ? "" : Files.readString(file));
        if (!content.matches()) {
            throw new IOException(file + ": not a file of serial numbers; to begin anew could repeat numbers:"
                    + " name another, or remove it when a day old");
        }
        return new SerialState(
                Long.parseLong(content.group(1)), Long.parseLong(content.group(2)), Long.parseLong(content.group(3)));
    }

    private void write(SerialState state) throws IOException {
        String content =
                "senderauth-ses-ids 1\n" + state.timecode() + " " + state.last() + " " + state.highest() + "\n";
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer octets = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        } catch (IOException e) {
            // A full disk must not fill up with what could not be written.
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
    }

    /** Syncs the renaming, on systems where a folder can be opened (POSIX). */
    private void syncFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null
                && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
