package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteppingClockTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void itStandsStillUntilItIsMoved() {
        SteppingClock clock = SteppingClock.at(START);
        assertThat(clock.instant()).isEqualTo(START).isEqualTo(clock.instant());
        clock.advance(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(5));
        clock.advance(Duration.ofSeconds(-7));
        assertThat(clock.instant()).isEqualTo(START.minusSeconds(2));
        clock.set(Instant.EPOCH);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }
}
