package org.senderauth.server.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.server.history.Records.START;
import static org.senderauth.server.history.Records.decision;
import static org.senderauth.server.history.Records.entry;
import static org.senderauth.server.history.Records.ids;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.ManualClock;

class HistoryFilesTest {

    private static final HistoryFiles.Limits LIMITS = new HistoryFiles.Limits(Duration.ofDays(16), 16L << 20);

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(START);
    private final List<String> problems = new ArrayList<>();

    private Path directory() {
        return folder.resolve("history");
    }

    private HistoryFiles open() throws IOException {
        return HistoryFiles.open(directory(), LIMITS, clock, problems::add);
    }

    private void append(HistoryFiles files, String... ids) throws IOException {
        files.append(
                Stream.of(ids).map(id -> entry(decision(id, clock.instant()))).toList());
    }

    private List<Path> segments() throws IOException {
        return segments(directory());
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".decisions.jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void findsDecisionsOfTheOpenSegmentAndOfEarlierOnes() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1", "a2");
            clock.advance(Duration.ofDays(1));
            files.maintain();
            append(files, "b1");
            assertThat(segments()).hasSize(2);
            assertThat(ids(files.source(), 0)).containsExactly("a1", "a2", "b1");
            assertThat(ids(files.source(), 2)).containsExactly("a2", "b1");
            assertThat(ids(files.source(), 10, "id", "a2")).containsExactly("a2");
            HistorySource.Found found = files.source().find("a1").orElseThrow();
            assertThat(found.decision().reason()).isEqualTo("192.0.2.1 is not authorized");
            assertThat(found.trace()).isNotNull();
            assertThat(found.trace().steps().get(0).evidence()).containsExactly("? TXT example.org");
            assertThat(files.source().find("c1")).isEmpty();
        }
    }

    @Test
    void readsTheNewestFilesUntilTheLimitOfBytes() throws IOException {
        try (HistoryFiles files = open()) {
            for (String id : List.of("a1", "b1", "c1")) {
                append(files, id);
                clock.advance(Duration.ofDays(1));
                files.maintain();
            }
            HistoryDirectory reader = new HistoryDirectory(directory());
            long bytes = Files.size(directory().resolve(segments().get(2)));
            List<String> ids = new ArrayList<>();
            assertThat(reader.newest(Records.filter(), 2 * bytes, decision -> ids.add(decision.id())))
                    .isFalse();
            assertThat(ids).containsExactly("c1", "b1");
            ids.clear();
            assertThat(reader.newest(
                            Records.filter("until", Records.START.plusSeconds(1).toString()),
                            2 * bytes,
                            decision -> ids.add(decision.id())))
                    .isTrue();
            assertThat(ids).containsExactly("a1");
        }
    }

    @Test
    void keepsNothingLongerAfterTheClockWasAhead() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "before");
            clock.advance(Duration.ofDays(3650));
            files.maintain();
            assertThat(ids(files.source(), 0)).isEmpty();
            append(files, "ahead");
        }
        clock.set(START.plus(Duration.ofHours(1)));
        try (HistoryFiles files = open()) {
            append(files, "after");
            assertThat(ids(files.source(), 0)).containsExactly("ahead", "after");
            clock.advance(Duration.ofDays(15));
            files.maintain();
            append(files, "later");
            clock.advance(Duration.ofDays(1));
            files.maintain();
            assertThat(ids(files.source(), 0)).containsExactly("later");
        }
    }

    @Test
    void keepsNothingLongerIfTheClockIsSetBackMeanwhile() throws IOException {
        try (HistoryFiles files = open()) {
            clock.advance(Duration.ofDays(3650));
            append(files, "ahead");
            clock.set(START);
            files.maintain();
            append(files, "after");
            assertThat(segments()).hasSize(2);
            clock.advance(Duration.ofDays(16));
            files.maintain();
            assertThat(ids(files.source(), 0)).isEmpty();
        }
    }

    @Test
    void keepsOtherDecisionsWhenTheClockBeganIn1970() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "before");
        }
        clock.set(Instant.EPOCH.plusSeconds(5));
        try (HistoryFiles files = open()) {
            append(files, "unset");
            clock.set(START.plus(Duration.ofHours(1)));
            files.maintain();
            append(files, "after");
            assertThat(ids(files.source(), 0)).containsExactly("before", "after");
        }
    }

    @Test
    void findsTheNewestOfSeveralSegmentsInOrder() throws IOException {
        try (HistoryFiles files = open()) {
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                append(files, "n" + i);
                wanted.add("n" + i);
                if (i % 100 == 99) {
                    clock.advance(Duration.ofDays(1));
                    files.maintain();
                }
            }
            for (int limit : new int[] {1, 63, 64, 65, 100, 101, 250, 499, 500, 501, 100_000}) {
                assertThat(ids(files.source(), limit)).isEqualTo(wanted.subList(Math.max(0, 500 - limit), 500));
            }
        }
    }

    @Test
    void continuesInANewFileAfterItsFilesWereDeleted() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1");
            try (Stream<Path> all = Files.list(directory())) {
                for (Path file : all.toList()) {
                    Files.delete(file);
                }
            }
            files.maintain();
            append(files, "b1");
            assertThat(ids(files.source(), 0)).containsExactly("b1");
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .endsWith("000000001.decisions.jsonl; the history continues in a new file");
            Files.delete(segments().get(0).resolveSibling("000000002.traces.jsonl"));
            files.maintain();
            append(files, "c1");
            assertThat(ids(files.source(), 0)).containsExactly("b1", "c1");
            try (Stream<Path> all = Files.list(directory())) {
                for (Path file : all.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory());
            files.maintain();
            append(files, "d1");
            assertThat(ids(files.source(), 0)).containsExactly("d1");
        }
    }

    @Test
    void onlyTheOwnerReadsTheFiles() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        try (Stream<Path> all = Files.list(directory())) {
            assertThat(all)
                    .hasSize(5)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void deletesDecisionsBeforeTheLimit() throws IOException {
        try (HistoryFiles files = open()) {
            for (int day = 0; day < 40; day++) {
                append(files, "d" + day);
                clock.advance(Duration.ofDays(1));
                files.maintain();
                List<String> kept = ids(files.source(), 0);
                int today = day;
                assertThat(kept)
                        .contains("d" + Math.max(0, day - 13))
                        .allSatisfy(id -> assertThat(today + 1 - Integer.parseInt(id.substring(1)))
                                .isLessThan(16));
            }
            clock.advance(Duration.ofDays(16));
            files.maintain();
            assertThat(segments()).isEmpty();
        }
    }

    @Test
    void rotatesBySizeAndDeletesTheOldestOverTheLimit() throws IOException {
        try (HistoryFiles files = open()) {
            int count = 60_000;
            for (int i = 0; i < count; i += 100) {
                append(files, IntStream.range(i, i + 100).mapToObj(n -> "n" + n).toArray(String[]::new));
            }
            try (Stream<Path> all = Files.list(directory())) {
                assertThat(all.mapToLong(file -> file.toFile().length()).sum()).isLessThanOrEqualTo(LIMITS.maxBytes());
            }
            assertThat(segments()).hasSizeGreaterThan(4);
            List<String> kept = ids(files.source(), 0);
            assertThat(kept).hasSizeBetween(5_000, count - 1).endsWith("n" + (count - 1));
            assertThat(Integer.parseInt(kept.get(0).substring(1))).isEqualTo(count - kept.size());
        }
    }

    @Test
    void continuesAfterAKillWithoutTheLineThatWasCutOff() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1", "a2");
        }
        Path records = segments().get(0);
        Files.delete(Path.of(records.toString().replace(".jsonl", ".index")));
        Files.writeString(records, decision("cut", START).json().substring(0, 40), StandardOpenOption.APPEND);
        try (HistoryFiles files = open()) {
            append(files, "b1");
            assertThat(ids(files.source(), 0)).containsExactly("a1", "a2", "b1");
            assertThat(ids(files.source(), 0, "id", "a2")).containsExactly("a2");
            assertThat(ids(files.source(), 0, "id", "cut")).isEmpty();
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void rejectsADirectoryThatAnotherServiceUses() throws IOException {
        try (HistoryFiles files = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessage(directory() + ": another service uses this history");
            append(files, "a1");
        }
        open().close();
    }

    @Test
    void keepsAllOrNothingOfABatchOnAFullDisk() throws IOException {
        for (long room = 0; room < 4_000; room += 97) {
            clock.advance(Duration.ofSeconds(1));
            Path own = folder.resolve("full" + room);
            FullDisk disk = new FullDisk(room);
            try (HistoryFiles files = HistoryFiles.open(own, LIMITS, clock, problems::add, disk)) {
                assertFullDisk(files, disk);
            }
            assertThat(ids(new HistoryDirectory(own), 0)).contains("after");
            assertIndexIsThatOfTheFiles(own);
        }
    }

    @Test
    void survivesADiskOnWhichTruncationFails() throws IOException {
        FullDisk disk = new FullDisk(1_500).withoutTruncation();
        try (HistoryFiles files = HistoryFiles.open(directory(), LIMITS, clock, problems::add, disk)) {
            assertFullDisk(files, disk);
        }
    }

    private void assertFullDisk(HistoryFiles files, FullDisk disk) throws IOException {
        List<String> kept = new ArrayList<>();
        int batch = 0;
        IOException failure = null;
        while (failure == null) {
            try {
                append(files, batch + "x", batch + "y");
                kept.add(batch + "x");
                kept.add(batch + "y");
                batch++;
            } catch (IOException e) {
                failure = e;
            }
        }
        assertThat(failure).hasMessage("No space left on device");
        disk.free.set(1 << 20);
        append(files, "after");
        kept.add("after");
        assertThat(ids(files.source(), 0)).containsAll(kept);
        assertThat(ids(files.source(), 0)).endsWith("after");
    }

    @Test
    void indexFindsSameDecisionsAsScan() throws IOException {
        Random random = new Random(26);
        try (HistoryFiles files = open()) {
            for (int i = 0; i < 3_000; i++) {
                files.append(List.of(entry(decision(
                        "r" + i % 700,
                        clock.instant(),
                        "192.0.2." + random.nextInt(40),
                        random.nextInt(10) == 0
                                ? ""
                                : "Sender" + random.nextInt(300) + "@d" + random.nextInt(9) + ".example.org",
                        "to" + random.nextInt(9) + "@Example.net",
                        "spf:pass"))));
                clock.advance(Duration.ofMinutes(2));
                files.maintain();
            }
            Path bare = Files.createDirectory(folder.resolve("bare"));
            for (Path segment : segments()) {
                Files.copy(segment, bare.resolve(segment.getFileName()));
            }
            HistorySource scanned = new HistoryDirectory(bare);
            String[][] filters = {
                {"id", "r5"},
                {"from", "sender7@d3.example.org"},
                {"from", "<>"},
                {"from", "d3.example.org"},
                {"from", "@D3.example.org", "client", "192.0.2.7"},
                {"to", "TO3@example.net"},
                {"to", "example.net"},
                {"client", "192.0.2.7"},
                {"client", "192.0.2.0/29"},
                {"since", "2026-11-24", "until", "2026-11-24T12:00", "client", "192.0.2.9"}
            };
            for (String[] filter : filters) {
                List<String> found = ids(files.source(), 0, filter);
                assertThat(found).as("%s", List.of(filter)).isNotEmpty().isEqualTo(ids(scanned, 0, filter));
                assertThat(ids(files.source(), 3, filter))
                        .isEqualTo(found.subList(Math.max(0, found.size() - 3), found.size()));
            }
        }
    }

    @Test
    void collectedIndexIsThatOfTheFiles() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1", "a2");
            append(files, "b1", "ä2", "b3");
            files.append(List.of(new HistoryStore.Entry(decision("c1", clock.instant()), null)));
            append(files, "d1");
        }
        assertIndexIsThatOfTheFiles(directory());
    }

    @Test
    void fileThatSomeoneCutIsIndexedAsItIs() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1", "a2");
            try (FileChannel records = FileChannel.open(segments().get(0), StandardOpenOption.WRITE)) {
                records.truncate(Files.readAllLines(segments().get(0)).get(0).length() + 1L);
            }
        }
        assertIndexIsThatOfTheFiles(directory());
        assertThat(ids(new HistoryDirectory(directory()), 5, "from", "alice@example.org"))
                .containsExactly("a1");
    }

    // A segment without an index is read when the history is opened.
    private void assertIndexIsThatOfTheFiles(Path directory) throws IOException {
        List<Path> indexes = new ArrayList<>();
        List<byte[]> collected = new ArrayList<>();
        for (Path segment : segments(directory)) {
            for (String kind : List.of("decisions", "traces")) {
                Path index = Path.of(segment.toString().replace("decisions.jsonl", kind + ".index"));
                indexes.add(index);
                collected.add(Files.readAllBytes(index));
                Files.delete(index);
            }
        }
        HistoryFiles.open(directory, LIMITS, clock, problems::add).close();
        for (int i = 0; i < indexes.size(); i++) {
            assertThat(indexes.get(i)).hasBinaryContent(collected.get(i));
        }
    }

    @Test
    void readsOnWhereAnIndexIsDamaged() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1", "a2");
        }
        Path index = Path.of(segments().get(0).toString().replace(".jsonl", ".index"));
        Files.write(index, new byte[] {1, 2, 3});
        assertThat(ids(new HistoryDirectory(directory()), 5, "id", "a2")).containsExactly("a2");
    }

    @Test
    void followsAcrossRotations() throws IOException {
        try (HistoryFiles files = open()) {
            append(files, "a1");
            HistorySource source = files.source();
            HistorySource.Position at = source.end();
            append(files, "a2");
            clock.advance(Duration.ofDays(2));
            files.maintain();
            append(files, "b1");
            List<String> seen = new ArrayList<>();
            at = source.follow(at, Records.filter(), decision -> seen.add(decision.id()));
            append(files, "b2");
            source.follow(at, Records.filter(), decision -> seen.add(decision.id()));
            assertThat(seen).containsExactly("a2", "b1", "b2");
        }
    }

    @Test
    void hostileContentIsText() throws IOException {
        String hostile = "a\r\n\u001b[31m\u202e\"}{\\\u0000\ud800\u2028<script>@example.org";
        HistoryRecord decision = decision("h1", START, "2001:db8::1", HistoryRecord.text(hostile), "x", "-");
        try (HistoryFiles files = open()) {
            files.append(List.of(entry(decision)));
            List<HistoryRecord> found = new ArrayList<>();
            files.source().search(Records.filter("from", hostile.replace(" ", "")), 5, found::add);
            assertThat(found).containsExactly(decision);
            assertThat(found.get(0).from()).isEqualTo("a???[31m?\"}{\\???<script>@example.org");
        }
        assertThat(Files.readAllLines(segments().get(0))).hasSize(1);
    }
}
