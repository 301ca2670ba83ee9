package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void staysUntilMoved() {
        ManualClock clock = ManualClock.at(START);
        assertThat(clock.instant()).isEqualTo(START).isEqualTo(clock.instant());
        clock.advance(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(5));
        clock.set(Instant.EPOCH);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void settingTheWallClockLetsNoTimePass() {
        ManualClock clock = ManualClock.at(START);
        clock.set(START.minus(Duration.ofHours(5)));
        assertThat(clock.nanoTime()).isZero();
        assertThat(clock.monotonic().instant()).isEqualTo(START);
        clock.advance(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(START.minus(Duration.ofHours(5)).plusSeconds(5));
        assertThat(clock.monotonic().instant()).isEqualTo(START.plusSeconds(5));
        assertThat(clock.nanoTime()).isEqualTo(5_000_000_000L);
    }

    @Test
    void timeDoesNotGoBack() {
        ManualClock clock = ManualClock.at(START);
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use set");
    }
}
