package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {

    @TempDir
    Path folder;

    @Test
    void createsFileForItsOwnerAndNeverOverwrites() throws IOException {
        Path file = folder.resolve("key");
        SecretFiles.create(file, new byte[] {1, 2, 10});
        assertThat(SecretFiles.read(file)).containsExactly(1, 2, 10);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> SecretFiles.create(file, new byte[] {3}))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(SecretFiles.read(file)).containsExactly(1, 2, 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rw------x", "rw--w----"})
    void rejectsFileThatOthersMayReadOrWrite(String permissions) throws IOException {
        assertThatThrownBy(() -> SecretFiles.read(file(permissions, 20)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 640");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-r-----", "---------"})
    void readsFileOfOwnerAndGroup(String permissions) throws IOException {
        // Root reads a file without any permission; an ordinary user cannot, and that is an I/O error as well.
        Path file = file(permissions, 20);
        if (Files.isReadable(file)) {
            assertThat(SecretFiles.read(file)).hasSize(20);
        } else {
            assertThatThrownBy(() -> SecretFiles.read(file)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void readsKeyInChrootWithoutMountPoint() throws IOException {
        assertThat(SecretFiles.read(file("rw-r-----", 20), SecretFilesTest::storeInChroot))
                .hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rw------x", "rw--w----"})
    void rejectsFileThatOthersMayReadOrWriteInChrootToo(String permissions) {
        assertThatThrownBy(() -> SecretFiles.read(file(permissions, 20), SecretFilesTest::storeInChroot))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 640");
    }

    /** As Files.getFileStore fails on Linux where the root of a chroot is not a mount point. */
    private static FileStore storeInChroot(Path file) throws IOException {
        throw new IOException("Mount point not found");
    }

    @Test
    void emptyMissingAndHugeFilesAreRefused() {
        assertThatThrownBy(() -> SecretFiles.read(file("rw-------", 0))).hasMessageContaining("empty");
        assertThatThrownBy(() -> SecretFiles.read(folder.resolve("none"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> SecretFiles.read(folder)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> SecretFiles.read(file("rw-------", SecretFiles.MAX_OCTETS + 1)))
                .hasMessageContaining("at most");
    }

    @Test
    void readsFileOfMaximumSize() throws IOException {
        assertThat(SecretFiles.read(file("rw-------", SecretFiles.MAX_OCTETS))).hasSize(SecretFiles.MAX_OCTETS);
    }

    @Test
    void rejectsTextWithByteOrderMark() throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Path file = folder.resolve(charset.name());
            SecretFiles.create(file, "\uFEFFa secret of letters".getBytes(charset));
            assertThatThrownBy(() -> SecretFiles.read(file))
                    .hasMessageContaining("byte order mark")
                    .hasMessageNotContaining("letters");
        }
    }

    @Test
    void readsRawKeyThatBeginsLikeAByteOrderMark() throws IOException {
        Path file = folder.resolve("raw");
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) 0xA7);
        System.arraycopy(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, 0, raw, 0, 3);
        SecretFiles.create(file, raw);
        assertThat(SecretFiles.readKey(file)).isEqualTo(raw);
    }

    @Test
    void rejectsIncompleteKey() throws IOException {
        String key = SecretText.generate(new SecureRandom());
        Path whole = folder.resolve("whole");
        SecretFiles.create(whole, key.getBytes(StandardCharsets.US_ASCII));
        assertThat(SecretFiles.readKey(whole))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(key);
        Path half = folder.resolve("half");
        SecretFiles.create(half, key.substring(0, 28).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> SecretFiles.readKey(half))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(half + ": the key is incomplete or changed")
                .hasMessageNotContaining(key.substring(0, 28));
    }

    private Path file(String permissions, int octets) throws IOException {
        Path file = Files.createTempFile(folder, "secret", "");
        Files.write(file, new byte[octets]);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
