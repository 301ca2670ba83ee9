package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.srs.AliasStore.Answer;

class FileAliasStoreTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("aliases");
    }

    private FileAliasStore open(long daysLater) throws IOException {
        return FileAliasStore.open(file, 100_000, SrsFixture.day(daysLater));
    }

    private static String alias(int number) {
        return String.format("aaaaaaaaaaa%05d", number).replaceAll("[0189]", "b");
    }

    private static String distinct(int number) {
        String digits = Integer.toString(number, 6);
        StringBuilder text = new StringBuilder();
        digits.chars().forEach(c -> text.append((char) (c + 2)));
        return "a".repeat(16 - text.length()) + text;
    }

    private static Optional<String> get(AliasStore store, String alias) {
        return ((Answer.Known) store.get(alias).toCompletableFuture().join()).address();
    }

    @Test
    void aliasesSurviveRestart() throws Exception {
        try (FileAliasStore store = open(0)) {
            store.put(alias(22), "jürgen@example.org", DAY);
        }
        try (FileAliasStore store = open(0)) {
            assertThat(get(store, alias(22))).contains("jürgen@example.org");
            assertThat(get(store, alias(33))).isEmpty();
        }
    }

    @Test
    void dropsExpiredAliasesFromFile() throws Exception {
        try (FileAliasStore store = open(0)) {
            store.put(alias(22), "a@example.org", DAY);
            store.put(alias(33), "b@example.org", DAY.multipliedBy(3));
        }
        try (FileAliasStore store = open(2)) {
            assertThat(get(store, alias(22))).isEmpty();
            assertThat(get(store, alias(33))).contains("b@example.org");
        }
        assertThat(Files.readString(file)).doesNotContain("a@example.org").contains("b@example.org");
    }

    @Test
    void truncatedLineLosesOneAliasOnly() throws Exception {
        try (FileAliasStore store = open(0)) {
            store.put(alias(22), "a@example.org", DAY);
        }
        Files.writeString(file, alias(33) + " 99", StandardOpenOption.APPEND);
        try (FileAliasStore store = open(0)) {
            assertThat(get(store, alias(22))).contains("a@example.org");
            store.put(alias(33), "b@example.org", DAY);
            assertThat(get(store, alias(33))).contains("b@example.org");
        }
    }

    @Test
    void truncatedAddressIsNotThatOfAnotherMailbox() throws Exception {
        try (FileAliasStore store = open(0)) {
            store.put(alias(22), "a@example.com", DAY);
        }
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 2));
        try (FileAliasStore store = open(0)) {
            assertThat(get(store, alias(22))).isEmpty();
        }
    }

    @Test
    void interruptedThreadDoesNotCloseStore() throws Exception {
        try (FileAliasStore store = open(0)) {
            store.put(alias(22), "a@example.org", DAY);
            Thread.currentThread().interrupt();
            assertThat(store.put(alias(33), "b@example.org", DAY).join()).isInstanceOf(Answer.Unavailable.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(store.put(alias(44), "c@example.org", DAY).join()).isInstanceOf(Answer.Known.class);
        }
        try (FileAliasStore store = open(0)) {
            assertThat(get(store, alias(22))).contains("a@example.org");
            assertThat(get(store, alias(33))).isEmpty();
            assertThat(get(store, alias(44))).contains("c@example.org");
        }
    }

    @Test
    void aliasAfterFullDiskSurvivesRestart() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        FileAliasStore.Output disk = (channel, octets) -> {
            if (!full.get()) {
                return channel.write(octets);
            }
            channel.write(octets.slice().limit(octets.remaining() / 2));
            throw new IOException("No space left on device");
        };
        try (FileAliasStore store = FileAliasStore.open(file, 100_000, SrsFixture.day(0), disk)) {
            assertThat(store.put(alias(22), "a@example.org", DAY))
                    .isCompletedWithValueMatching(Answer.Unavailable.class::isInstance);
            full.set(false);
            store.put(alias(33), "b@example.org", DAY);
        }
        try (FileAliasStore store = open(0)) {
            assertThat(get(store, alias(33))).contains("b@example.org");
        }
    }

    @Test
    void refusesSecondOwner() throws Exception {
        try (FileAliasStore store = open(0)) {
            assertThat(get(store, alias(22))).isEmpty();
            assertThatThrownBy(() -> open(0)).isInstanceOf(IOException.class).hasMessageContaining("open already");
        }
    }

    @Test
    void boundsMemoryAndFile() throws Exception {
        try (FileAliasStore store = open(0)) {
            for (int i = 0; i < 3000; i++) {
                store.put(distinct(i), "a".repeat(200) + "@example.org", DAY);
            }
            assertThat(get(store, distinct(0))).isEmpty();
            assertThat(get(store, distinct(2999))).isPresent();
        }
        assertThat(Files.size(file)).isLessThan(300_000);
    }

    @Test
    void writesFrequentSenderOnce() throws Exception {
        try (FileAliasStore store = open(0)) {
            store.put(alias(22), "a@example.org", DAY);
            long size = Files.size(file);
            store.put(alias(22), "a@example.org", DAY);
            assertThat(Files.size(file)).isEqualTo(size);
        }
    }

    @Test
    void closedStoreIsUnavailable() throws Exception {
        FileAliasStore store = open(0);
        assertThat(store.put(alias(22), "a\n@example.org", DAY)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Answer.Unavailable.class);
        store.close();
        assertThat(store.put(alias(22), "a@example.org", DAY)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Answer.Unavailable.class);
    }
}
