package org.senderauth.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads and writes files that hold secrets. A file that others than its owner and its group may read, or that others
 * than its owner may write, is refused: its secret is none.
 *
 * <p>On a file system without POSIX permissions only the size is checked.
 */
public final class SecretFiles {

    /** Most octets of a file of secrets. */
    public static final int MAX_OCTETS = 64 * 1024;

    private static final Set<PosixFilePermission> TOO_OPEN = EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE);

    private SecretFiles() {}

    /**
     * Reads a file of secrets whole.
     *
     * @param file the file
     * @return its octets, nothing trimmed
     * @throws IOException if it cannot be read, is empty, is longer than {@value #MAX_OCTETS} octets, or its permissions
     *     let others read or write it; the message names the file and the remedy, never its content
     */
    public static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file");
        }
        if (hasPosixPermissions(file)) {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(TOO_OPEN::contains)) {
                throw new IOException(file + ": others may read or write this secret; run: chmod 640 " + file);
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length == 0) {
                throw new IOException(file + ": the file is empty");
            }
            if (octets.length > MAX_OCTETS) {
                throw new IOException(file + ": a file of secrets has at most " + MAX_OCTETS + " octets");
            }
            return octets;
        }
    }

    /**
     * Writes a new file of secrets that only its owner may read. An existing file is never overwritten.
     *
     * @param file the file; it must not exist
     * @param octets its content
     * @throws IOException if it exists already or cannot be written
     */
    public static void create(Path file, byte[] octets) throws IOException {
        FileAttribute<?>[] attributes =
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, attributes)) {
            ByteBuffer rest = ByteBuffer.wrap(octets);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    private static boolean hasPosixPermissions(Path file) throws IOException {
        return Files.getFileStore(file).supportsFileAttributeView("posix");
    }
}
