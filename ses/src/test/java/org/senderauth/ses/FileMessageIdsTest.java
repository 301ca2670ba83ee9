package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMessageIdsTest extends MessageIdsContract {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("ids");
    }

    @Override
    protected MessageIds open() {
        return FileMessageIds.in(file(), 10);
    }

    @Test
    void countsFromOneInEachTimeUnit() throws IOException {
        MessageIds ids = open();
        assertThat(ids.next(5)).isEqualTo(1);
        assertThat(ids.next(5)).isEqualTo(2);
        assertThat(ids.next(6)).isEqualTo(1);
    }

    @Test
    void restartGoesOnBehindTheBlock() throws IOException {
        assertThat(open().next(5)).isEqualTo(1);
        assertThat(open().next(5)).isEqualTo(11);
        assertThat(FileMessageIds.in(file()).next(5)).isEqualTo(21);
        assertThat(open().next(5)).isEqualTo(21 + FileMessageIds.DEFAULT_BLOCK);
    }

    @Test
    void earlierUnitGoesOnAboveAllNumbers() throws IOException {
        MessageIds ids = FileMessageIds.in(file(), 1);
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
        // What a crash between writing and renaming leaves behind.
        Files.writeString(folder.resolve("ids.new"), "senderauth-ses");
        assertThat(open().next(5)).isEqualTo(11);
    }

    @Test
    void damagedFileIsNotBegunAnew() throws IOException {
        for (String content : new String[] {"", "senderauth-ses-ids 2\n1 1 1\n", "x".repeat(200), "1 1 1"}) {
            Files.writeString(file(), content);
            assertThatThrownBy(() -> open().next(5))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not a file of message ids");
        }
    }

    @Test
    void missingFolderIsAnIoException() {
        assertThatThrownBy(() -> FileMessageIds.in(folder.resolve("absent/ids")).next(5))
                .isInstanceOf(IOException.class);
    }

    @Test
    void blockWithoutNumbersIsRefused() {
        assertThatThrownBy(() -> FileMessageIds.in(file(), 0)).hasMessageContaining("at least one number");
    }

    @Test
    void checkGivesNoNumberAndNamesWhatIsWrong() throws IOException {
        FileMessageIds ids = FileMessageIds.in(file(), 1);
        ids.check();
        assertThat(file()).doesNotExist();
        assertThat(ids.next(5)).isEqualTo(1);
        ids.check();
        assertThat(ids.next(5)).isEqualTo(2);
        Files.writeString(file(), "other");
        assertThatThrownBy(ids::check).hasMessageStartingWith(file() + ": not a file of message ids");
        assertThatThrownBy(() -> FileMessageIds.in(folder.resolve("absent/ids")).check())
                .isInstanceOf(IOException.class)
                .hasMessage("there is no folder " + folder.resolve("absent") + " for a file; create it");
    }
}
