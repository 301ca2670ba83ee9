package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WindowCountsTest {

    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - WINDOW.toNanos() / 2);
    private final WindowCounts counts = new WindowCounts(2, WINDOW, nanoTime::get);

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    @Test
    void laterEventsDoNotExtendTheWindow() {
        assertThat(counts.add("a")).isEqualTo(1);
        pass(WINDOW.minusNanos(2));
        assertThat(counts.add("a")).isEqualTo(2);
        pass(Duration.ofNanos(1));
        assertThat(counts.get("a")).isEqualTo(2);
        pass(Duration.ofNanos(1));
        assertThat(counts.get("a")).isZero();
        assertThat(counts.add("a")).isEqualTo(1);
    }

    @Test
    void readingCountsNothing() {
        counts.add("a");
        assertThat(counts.get("a")).isEqualTo(1);
        assertThat(counts.get("a")).isEqualTo(1);
        assertThat(counts.get("b")).isZero();
    }

    @Test
    void keyUsedLongestAgoIsEvicted() {
        counts.add("a");
        counts.add("b");
        counts.get("a");
        counts.add("c");
        assertThat(counts.get("b")).isZero();
        assertThat(counts.get("a")).isEqualTo(1);
        assertThat(counts.get("c")).isEqualTo(1);
    }

    @Test
    void needsRoomForOneKey() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WindowCounts(0, WINDOW, nanoTime::get));
    }
}
