package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RecentEntriesTest {

    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    private final AtomicLong nanoTime = new AtomicLong(START);

    private RecentEntries<String, Integer> counting(int max) {
        return new RecentEntries<>(max, (key, value) -> 1, value -> Duration.ofSeconds(10), nanoTime::get);
    }

    @Example
    void newestAreKeptHoweverOftenOldOnesWereUsed() {
        RecentEntries<String, Integer> entries = counting(1000);
        for (int i = 0; i < 1000; i++) {
            entries.put("old" + i, i);
            entries.get("old" + i);
            entries.get("old" + i);
        }
        for (int i = 0; i < 1000; i++) {
            entries.put("new" + i, i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(entries.get("new" + i)).contains(i);
            assertThat(entries.get("old" + i)).isEmpty();
        }
    }

    @Example
    void usedLongestAgoIsEvictedFirst() {
        RecentEntries<String, Integer> entries = counting(2);
        entries.put("a", 1);
        entries.put("b", 2);
        entries.get("a");
        entries.put("c", 3);
        assertThat(entries.get("b")).isEmpty();
        assertThat(entries.get("a")).contains(1);
        assertThat(entries.get("c")).contains(3);
    }

    @Example
    void timeRunsFromTheLastWrite() {
        RecentEntries<String, Integer> entries = counting(10);
        entries.put("read", 1);
        entries.put("written", 1);
        nanoTime.addAndGet(Duration.ofSeconds(9).toNanos());
        entries.get("read");
        entries.compute("written", value -> value + 1);
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(entries.get("read")).isEmpty();
        assertThat(entries.get("written")).contains(2);
        assertThat(entries.compute("read", value -> value == null ? 7 : 8)).isEqualTo(7);
    }

    @Example
    void entriesWhoseTimeIsOverTakeNoMemory() {
        RecentEntries<String, Integer> entries = counting(1000);
        for (int i = 0; i < 500; i++) {
            entries.put("e" + i, i);
        }
        assertThat(entries.count()).isEqualTo(500);
        nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(entries.count()).isZero();
    }

    @Example
    void askedForAfterItsTimeIsGone() {
        RecentEntries<String, Integer> entries = counting(1000);
        entries.put("ended", 1);
        nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());
        entries.put("new", 1);
        assertThat(entries.get("ended")).isEmpty();
        assertThat(entries.count()).isEqualTo(1);
    }

    @Example
    void largerThanTheBoundIsNotKeptAndPushesNothingOut() {
        RecentEntries<String, String> texts =
                new RecentEntries<>(10, (key, value) -> value.length(), value -> Duration.ofDays(1), nanoTime::get);
        texts.put("a", "four");
        texts.put("b", "x".repeat(11));
        assertThat(texts.get("a")).contains("four");
        assertThat(texts.get("b")).isEmpty();
        texts.put("a", "x".repeat(11));
        assertThat(texts.get("a")).isEmpty();
        texts.put("c", "x".repeat(10));
        assertThat(texts.get("c")).isPresent();
    }

    @Example
    void anyDurationIsPossible() {
        List<Duration> kept = List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO, Duration.ofSeconds(-1));
        RecentEntries<Integer, Duration> entries =
                new RecentEntries<>(10, (key, value) -> 1, value -> value, nanoTime::get);
        for (int i = 0; i < kept.size(); i++) {
            entries.put(i, kept.get(i));
        }
        nanoTime.addAndGet(Duration.ofDays(36_000).toNanos());
        assertThat(entries.get(0)).isPresent();
        assertThat(entries.get(1)).isEmpty();
        assertThat(entries.get(2)).isEmpty();
    }

    @Example
    void removedIsGone() {
        RecentEntries<String, Integer> entries = counting(1);
        entries.put("a", 1);
        entries.remove("a");
        entries.remove("b");
        assertThat(entries.get("a")).isEmpty();
        entries.put("b", 2);
        assertThat(entries.get("b")).contains(2);
    }

    @Example
    void boundMustBePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> counting(0));
    }

    // A list, searched from its end, is the model.
    @Property
    void behavesLikeListOfWhatWasUsed(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 99) Integer> steps,
            @ForAll @IntRange(min = 1, max = 30) int max) {
        record Kept(int key, int value, long end) {}
        RecentEntries<Integer, Integer> entries =
                new RecentEntries<>(max, (key, value) -> value, value -> Duration.ofSeconds(60), nanoTime::get);
        List<Kept> model = new ArrayList<>();
        for (int step : steps) {
            nanoTime.addAndGet(Duration.ofSeconds(step % 7).toNanos());
            long now = nanoTime.get();
            int key = step % 10;
            int value = step / 4;
            Optional<Kept> known = model.stream()
                    .filter(kept -> kept.key == key && kept.end - now > 0)
                    .findFirst();
            if (step % 2 == 0) {
                assertThat(entries.get(key)).isEqualTo(known.map(Kept::value));
                known.ifPresent(kept -> {
                    model.remove(kept);
                    model.add(kept);
                });
            } else {
                entries.put(key, value);
                model.removeIf(kept -> kept.key == key);
                if (value <= max) {
                    model.add(new Kept(key, value, now + Duration.ofSeconds(60).toNanos()));
                }
                while (model.stream().mapToInt(Kept::value).sum() > max) {
                    model.remove(0);
                }
            }
        }
    }
}
