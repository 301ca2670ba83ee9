package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private long nanos = Long.MAX_VALUE - 10;
    private final MonotonicClock clock = MonotonicClock.startingAt(START, () -> nanos);

    @Test
    void countsNanosecondsAcrossOverflow() {
        assertThat(clock.instant()).isEqualTo(START);
        nanos += 1_000_000_000;
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
        assertThat(clock.nanoTime()).isEqualTo(nanos);
    }

    @Test
    void tellsHowFarAWallClockWasSet() {
        nanos += 5;
        assertThat(clock.offsetOf(InstantSource.fixed(START.minusSeconds(3600))))
                .isEqualTo(Duration.ofHours(-1).minusNanos(5));
    }

    @Test
    void oneClockServesTheWholeProcess() {
        assertThat(MonotonicClock.system()).isSameAs(MonotonicClock.system());
        Instant first = MonotonicClock.system().instant();
        assertThat(MonotonicClock.system().instant()).isAfterOrEqualTo(first);
    }
}
