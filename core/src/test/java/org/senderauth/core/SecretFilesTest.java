package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {

    @TempDir
    Path folder;

    @Test
    void aNewFileBelongsToItsOwnerAloneAndIsNeverOverwritten() throws IOException {
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
    void aFileThatOthersMayReadOrWriteIsRefused(String permissions) throws IOException {
        assertThatThrownBy(() -> SecretFiles.read(file(permissions, 20)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 640");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-r-----", "---------"})
    void aFileOfItsOwnerAndGroupIsRead(String permissions) throws IOException {
        // Root reads a file without any permission; an ordinary user cannot, and that is an I/O error as well.
        Path file = file(permissions, 20);
        if (Files.isReadable(file)) {
            assertThat(SecretFiles.read(file)).hasSize(20);
        } else {
            assertThatThrownBy(() -> SecretFiles.read(file)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void emptyMissingAndHugeFilesAreRefused() {
        assertThatThrownBy(() -> SecretFiles.read(file("rw-------", 0))).hasMessageContaining("empty");
        assertThatThrownBy(() -> SecretFiles.read(folder.resolve("none"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> SecretFiles.read(folder)).hasMessageContaining("no such file");
        assertThatThrownBy(() -> SecretFiles.read(file("rw-------", SecretFiles.MAX_OCTETS + 1)))
                .hasMessageContaining("at most");
    }

    @Test
    void theLargestFileIsRead() throws IOException {
        assertThat(SecretFiles.read(file("rw-------", SecretFiles.MAX_OCTETS))).hasSize(SecretFiles.MAX_OCTETS);
    }

    private Path file(String permissions, int octets) throws IOException {
        Path file = Files.createTempFile(folder, "secret", "");
        Files.write(file, new byte[octets]);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
