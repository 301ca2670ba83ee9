package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSerialNumbersTest extends SerialNumbersContract {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("ids");
    }

    @Override
    protected SerialNumbers open() {
        return FileSerialNumbers.in(file(), 10);
    }

    @Test
    void countsFromOneInEachTimeUnit() throws IOException {
        SerialNumbers ids = open();
        assertThat(ids.next(5)).isEqualTo(1);
        assertThat(ids.next(5)).isEqualTo(2);
        assertThat(ids.next(6)).isEqualTo(1);
    }

    @Test
    void restartContinuesAfterTheBlock() throws IOException {
        assertThat(open().next(5)).isEqualTo(1);
        assertThat(open().next(5)).isEqualTo(11);
        assertThat(FileSerialNumbers.in(file()).next(5)).isEqualTo(21);
        assertThat(open().next(5)).isEqualTo(21 + FileSerialNumbers.DEFAULT_BLOCK);
    }

    @Test
    void earlierUnitGoesOnAboveAllNumbers() throws IOException {
        SerialNumbers ids = FileSerialNumbers.in(file(), 1);
        for (int i = 0; i < 4; i++) {
            ids.next(9);
        }
        assertThat(ids.next(10)).isEqualTo(1);
        assertThat(ids.next(9)).isEqualTo(5);
        assertThat(ids.next(9)).isEqualTo(6);
        assertThat(ids.next(10)).isEqualTo(2);
        assertThat(ids.next(8)).isEqualTo(7);
    }

    @Test
    void crashBeforeTheRenamingLosesNothing() throws IOException {
        open().next(5);
        // As after a crash between writing and renaming.
        Files.writeString(folder.resolve("ids.new"), "senderauth-ses");
        assertThat(open().next(5)).isEqualTo(11);
    }

    @Test
    void damagedFileIsNotBegunAnew() throws IOException {
        for (String content : new String[] {"", "senderauth-ses-ids 2\n1 1 1\n", "x".repeat(200), "1 1 1"}) {
            Files.writeString(file(), content);
            assertThatThrownBy(() -> open().next(5))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not a file of serial numbers");
        }
    }

    @Test
    void repeatsNoNumberWhenFileGoesBack() throws IOException {
        for (int kind = 0; kind < 3; kind++) {
            Path own = folder.resolve("ids" + kind);
            SerialNumbers first = FileSerialNumbers.in(own, 10);
            SerialNumbers second = FileSerialNumbers.in(own, 10);
            Set<Long> seen = new HashSet<>();
            add(seen, first, 5, 25);
            String backup = Files.readString(own);
            add(seen, second, 5, 35);
            add(seen, first, 5, 25);
            switch (kind) {
                case 0 -> Files.delete(own);
                case 1 -> Files.writeString(own, backup);
                default -> Files.writeString(own, "senderauth-ses-ids 1\n4 500 500\n");
            }
            add(seen, first, 5, 1500);
            add(seen, second, 5, 1500);
            Files.delete(own);
            add(seen, second, 5, 100);
            add(seen, first, 5, 100);
            assertThat(FileSerialNumbers.in(own, 10).next(6)).isEqualTo(1);
        }
    }

    @Test
    void repeatsNoNumberAfterFileIsRestored() throws IOException {
        Set<Long> seen = new HashSet<>();
        add(seen, FileSerialNumbers.in(file(), 10), 5, 5);
        String backup = Files.readString(file());
        add(seen, FileSerialNumbers.in(file(), 10), 5, 5);
        SerialNumbers started = FileSerialNumbers.in(file(), 10);
        Files.writeString(file(), backup);
        add(seen, started, 5, 50);
    }

    @Test
    void repeatsNoNumberOfNextUnitWhenFileIsRemoved() throws IOException {
        SerialNumbers first = FileSerialNumbers.in(file(), 10);
        SerialNumbers second = FileSerialNumbers.in(file(), 10);
        first.next(5);
        Set<Long> seen = new HashSet<>();
        add(seen, second, 6, 5);
        Files.delete(file());
        add(seen, first, 6, 100);
        add(seen, second, 6, 100);
    }

    @Test
    void earlierUnitContinuesAboveAllWhenFileIsRemoved() throws IOException {
        SerialNumbers ids = FileSerialNumbers.in(file(), 10);
        Set<Long> seen = new HashSet<>();
        add(seen, ids, 5, 40);
        ids.next(6);
        Files.delete(file());
        add(seen, ids, 5, 100);
    }

    private static void add(Set<Long> seen, SerialNumbers ids, long unit, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(seen.add(ids.next(unit))).isTrue();
        }
    }

    @Test
    void missingFolderIsAnIoException() {
        assertThatThrownBy(
                        () -> FileSerialNumbers.in(folder.resolve("absent/ids")).next(5))
                .isInstanceOf(IOException.class);
    }

    @Test
    void blockWithoutNumbersIsRefused() {
        assertThatThrownBy(() -> FileSerialNumbers.in(file(), 0)).hasMessageContaining("at least one number");
    }

    @Test
    void checkGivesNoNumberAndNamesWhatIsWrong() throws IOException {
        FileSerialNumbers ids = FileSerialNumbers.in(file(), 1);
        ids.check();
        assertThat(file()).doesNotExist();
        assertThat(ids.next(5)).isEqualTo(1);
        ids.check();
        assertThat(ids.next(5)).isEqualTo(2);
        Files.writeString(file(), "other");
        assertThatThrownBy(ids::check).hasMessageStartingWith(file() + ": not a file of serial numbers");
        assertThatThrownBy(
                        () -> FileSerialNumbers.in(folder.resolve("absent/ids")).check())
                .isInstanceOf(IOException.class)
                .hasMessage("there is no folder " + folder.resolve("absent") + " for a file; create it");
    }
}
