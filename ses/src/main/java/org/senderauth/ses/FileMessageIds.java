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
 * Message ids from a file that outlives the process. Before the first number of a block is given, the whole block is
 * written off in the file and forced to the disk: a crash loses the rest of a block and repeats nothing. Several
 * processes of one host may use one file; several hosts each have their own, with {@link MessageIds#ofServer}.
 *
 * <p>Thread-safe. A block costs two disk syncs; every other number costs none.
 */
public final class FileMessageIds implements MessageIds {

    /** Numbers that are written off at once, unless the caller says otherwise. */
    public static final int DEFAULT_BLOCK = 1000;

    private static final Pattern CONTENT =
            Pattern.compile("senderauth-ses-ids 1\n([0-9]{1,18}) ([0-9]{1,18}) ([0-9]{1,18})\n");
    private static final long MAX_CONTENT = 100;

    // FileChannel.lock excludes other processes only; within this one, all instances take turns here.
    private static final Object PROCESS_LOCK = new Object();

    private final Path file;
    private final int block;
    private long timecode;
    private long last;
    private long end;

    private FileMessageIds(Path file, int block) {
        this.file = file;
        this.block = block;
    }

    /**
     * Numbers from a file; it is made when the first number is asked for, as is a lock file beside it.
     *
     * @param file the file
     * @return the numbers
     */
    public static FileMessageIds in(Path file) {
        return in(file, DEFAULT_BLOCK);
    }

    /**
     * Numbers from a file, in blocks of a given size.
     *
     * @param file the file
     * @param block numbers that are written off at once, at least 1; 1 for a process that signs one address and ends
     * @return the numbers
     * @throws IllegalArgumentException if the block is empty
     */
    public static FileMessageIds in(Path file, int block) {
        if (block < 1) {
            throw new IllegalArgumentException("a block holds at least one number");
        }
        return new FileMessageIds(Objects.requireNonNull(file, "file"), block);
    }

    /**
     * Looks whether numbers can be given, for a program that would rather not start than sign nothing. Gives none.
     *
     * @throws IOException if the folder is not there or cannot be written, or the file is none of message ids; the
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
                MessageIdState state = read();
                long before = state.before(asked);
                write(state.after(asked, before + block));
                timecode = asked;
                last = before;
                end = before + block;
            }
        }
    }

    private MessageIdState read() throws IOException {
        if (!Files.exists(file)) {
            return MessageIdState.NEW;
        }
        Matcher content = CONTENT.matcher(Files.size(file) > MAX_CONTENT ? "" : Files.readString(file));
        if (!content.matches()) {
            throw new IOException(file + ": not a file of message ids; to begin anew could repeat numbers:"
                    + " name another, or remove it when a day old");
        }
        return new MessageIdState(
                Long.parseLong(content.group(1)), Long.parseLong(content.group(2)), Long.parseLong(content.group(3)));
    }

    private void write(MessageIdState state) throws IOException {
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
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
    }

    /** Makes the renaming durable, on systems where a folder can be opened (POSIX). */
    private void syncFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
