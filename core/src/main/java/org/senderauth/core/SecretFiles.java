package org.senderauth.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads and writes files that contain secrets. A file is rejected if users other than its owner and group can read it, or
 * users other than its owner can write it.
 *
 * <p>On a file system without POSIX permissions only the size is checked.
 */
public final class SecretFiles {

    /** The maximum size of a secret file in bytes. */
    public static final int MAX_OCTETS = 64 * 1024;

    private static final Set<PosixFilePermission> TOO_OPEN = EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE);

    /** Finds the file store of a file. */
    @FunctionalInterface
    interface FileStores {
        FileStore of(Path file) throws IOException;
    }

    private SecretFiles() {}

    /**
     * Reads a whole secret file.
     *
     * @param file the file
     * @return its bytes, nothing trimmed
     * @throws IOException if it cannot be read, is empty, is longer than {@value #MAX_OCTETS} bytes, begins with a byte
     *     order mark, or other users can read or write it; the message names the file and the fix, never its content
     */
    public static byte[] read(Path file) throws IOException {
        return read(file, Files::getFileStore);
    }

    static byte[] read(Path file, FileStores stores) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a directory; name a file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file");
        }
        if (hasPosixPermissions(file, stores)) {
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
            if (isTextWithByteOrderMark(octets)) {
                throw new IOException(file + ": the file begins with a byte order mark, which would become part of the"
                        + " secret; save it as UTF-8 without a byte order mark");
            }
            return octets;
        }
    }

    /**
     * Reads a file whose bytes are one key, and verifies the checksum of a key by {@link SecretText}.
     *
     * @param file the file
     * @return its bytes, nothing trimmed
     * @throws IOException as {@link #read}, or if the key is incomplete or changed
     */
    public static byte[] readKey(Path file) throws IOException {
        byte[] octets = read(file);
        try {
            SecretText.body(new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return octets;
    }

    /**
     * Writes a new secret file that only its owner can read. An existing file is never overwritten.
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

    // A raw key may begin with these bytes by chance, but what follows is then not ASCII.
    private static boolean isTextWithByteOrderMark(byte[] octets) {
        return isAsciiAfterMark(new String(octets, StandardCharsets.UTF_8))
                || isAsciiAfterMark(new String(octets, StandardCharsets.UTF_16LE))
                || isAsciiAfterMark(new String(octets, StandardCharsets.UTF_16BE));
    }

    private static boolean isAsciiAfterMark(String text) {
        return text.charAt(0) == '\uFEFF' && text.chars().skip(1).allMatch(c -> c < 0x80);
    }

    private static boolean hasPosixPermissions(Path file, FileStores stores) {
        try {
            return stores.of(file).supportsFileAttributeView("posix");
        } catch (IOException e) {
            // In a chroot whose root is no mount point Java finds no file store: "Mount point not found".
            return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
        }
    }
}
